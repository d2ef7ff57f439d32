"""What Twilio posts, and what it becomes. One recorded payload for each kind of event, and one line here for each payload."""

import dataclasses
from typing import Any

import pytest

from bot.domain.addresses import Address
from bot.domain.errors import RequestRefused
from bot.domain.messages import Status
from tests.channels.rig import PAYLOADS, SIGNER, Posted, provider, recorded

AWA_SMS, AWA_WHATSAPP = Address("sms", "+221771234567"), Address("whatsapp", "+221771234567")
HIDDEN = Address("whatsapp", "SN.4f8a1b2c3d")

# payload -> what differs from a text over its channel
INBOUND: dict[str, dict[str, Any]] = {
    "sms_text": {"text": "Salaam, dama bëgg liggéey ci Touba"},
    "sms_long": {"text": "Je suis revenu il y a trois mois. " * 12},
    "sms_empty": {"text": "", "kind": "empty"},
    "sms_blank": {"text": "  \n ", "kind": "empty"},
    "sms_mms": {"text": "ma photo", "kind": "image", "media": ["image/jpeg", "image/png"]},
    "sms_num_media_odd": {"text": "salut"},
    "sms_stop": {"text": "STOP", "opt_out": "stop"},
    "sms_start": {"text": "START", "opt_out": "start"},
    "sms_help": {"text": "HELP", "opt_out": "help"},
    "whatsapp_text": {"text": "Bonjour 👋"},
    "whatsapp_button": {"text": "Oui", "kind": "button", "button": "yes"},
    "whatsapp_list": {"text": "Apprendre un métier", "kind": "button", "button": "training"},
    "whatsapp_list_interactive": {"text": "Un travail", "kind": "button", "button": "job"},
    "whatsapp_interactive_broken": {"text": "Un travail"},
    "whatsapp_voice": {"text": "", "kind": "voice", "media": ["audio/ogg"]},
    "whatsapp_image": {"text": "voici mon papier", "kind": "image", "media": ["image/jpeg"]},
    "whatsapp_video": {"text": "", "kind": "video", "media": ["video/mp4"]},
    "whatsapp_document": {"text": "cv.pdf", "kind": "document", "media": ["application/pdf"]},
    "whatsapp_sticker": {"text": "", "kind": "sticker", "media": ["image/webp"]},
    "whatsapp_contact_card": {"text": "", "kind": "contact_card", "media": ["text/vcard"]},
    "whatsapp_contact_card_without_file": {"text": "", "kind": "contact_card"},
    "whatsapp_location": {"text": "", "kind": "location", "location": (14.79, -15.93, "Grande Mosquée")},
    "whatsapp_hidden_sender": {"text": "Bonjour", "sender": HIDDEN, "also": None},
    "whatsapp_from_an_ad": {"text": "Je veux plus d'infos"},
    "whatsapp_reply_to_earlier": {"text": "celui-ci"},
    "whatsapp_forwarded": {"text": "Transféré : on recrute à Dakar"},
    "whatsapp_sender_without_prefix": {"text": "Bonjour"},
    "whatsapp_stop": {"text": "Arrêter les promotions", "kind": "button", "button": "Arrêter les promotions", "opt_out": "stop"},
}
STATUSES = {
    "accepted": Status.QUEUED,
    "scheduled": Status.QUEUED,
    "queued": Status.QUEUED,
    "sending": Status.SENDING,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
    "read": Status.READ,
}
REFERENCE = "reply.11111111-2222-3333-4444-555555555555"


def expected(name: str) -> dict[str, Any]:
    whatsapp = name.startswith("whatsapp")
    usual: dict[str, Any] = {
        "kind": "text",
        "button": None,
        "opt_out": None,
        "media": [],
        "location": None,
        "sender": AWA_WHATSAPP if whatsapp else AWA_SMS,
        "also": HIDDEN if whatsapp else None,
        "recipient": "+221330000001" if whatsapp else "+221330000000",
    }
    return usual | INBOUND[name]


@pytest.mark.parametrize("name", INBOUND)
def test_each_recorded_message_is_read_as_what_it_is(name: str) -> None:
    read = provider().inbound(Posted(recorded(name)))
    found = {
        "kind": read.kind,
        "text": read.text,
        "button": read.button,
        "opt_out": read.opt_out,
        "media": [medium.content_type for medium in read.media],
        "location": dataclasses.astuple(read.location) if read.location else None,
        "sender": read.sender,
        "also": read.also_known_as,
        "recipient": read.recipient,
    }
    assert found == expected(name)
    assert read.provider_id == recorded(name)["MessageSid"][0]
    assert read.payload == recorded(name)


@pytest.mark.parametrize("word", STATUSES)
def test_each_recorded_status_is_read_as_how_far_it_is(word: str) -> None:
    posted = Posted(recorded(f"status_{word}"), query={"m": REFERENCE, "t": SIGNER.sign(REFERENCE)})
    update = provider().status(posted)
    assert (update.reference, update.status, update.word) == (REFERENCE, STATUSES[word], word)
    assert update.provider_id == "SM" + "e" * 32
    assert update.error_code == ("30003" if word in ("undelivered", "failed") else None)


def test_every_recorded_payload_is_in_one_of_the_tables() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.form")} == set(INBOUND) | {f"status_{word}" for word in STATUSES}


@pytest.mark.parametrize(("word", "kept"), [("teleported", "teleported"), ("", "odd"), ("a b\n{}", "odd"), ("DELIVERED", "delivered")])
def test_a_status_word_that_nobody_knows_is_kept_harmless(word: str, kept: str) -> None:
    posted = Posted({"MessageStatus": [word], "MessageSid": ["SM1"]}, query={"m": REFERENCE, "t": SIGNER.sign(REFERENCE)})
    update = provider().status(posted)
    assert update.word == kept
    assert update.status == STATUSES.get(kept)


@pytest.mark.parametrize("missing", [("MessageSid", "SmsSid"), ("From",)])
def test_a_message_without_an_id_or_a_sender_is_refused(missing: tuple[str, ...]) -> None:
    form = {name: values for name, values in recorded("sms_text").items() if name not in missing}
    with pytest.raises(RequestRefused) as caught:
        provider().inbound(Posted(form))
    assert caught.value.status == 400


@pytest.mark.parametrize(
    "odd",
    [
        {"NumMedia": ["²"]},
        {"NumMedia": ["-1"]},
        {"NumMedia": ["99"]},
        {"NumMedia": ["9" * 5000]},
        {"NumMedia": ["2"], "MediaUrl0": [""]},
        {"Latitude": ["north"], "Longitude": ["1"]},
        {"Latitude": ["14.7"]},
        {"Latitude": ["NaN"], "Longitude": ["0"]},
        {"Latitude": ["1e300"], "Longitude": ["0"]},
        {"InteractiveData": ["[" * 15_000]},
        {"InteractiveData": ["[1, 2]"]},
        {"InteractiveData": ['{"list_reply": 3}']},
        {"OptOutType": ["LATER"]},
        {"Body": ["\x00\u202e" + "x" * 5000]},
        {"To": [""]},
        {"Something": ["new"], "Else": []},
    ],
)
def test_odd_parameters_are_read_without_breaking(odd: dict[str, list[str]]) -> None:
    read = provider().inbound(Posted(recorded("sms_text") | odd))
    assert read.kind == "text"
    assert read.media == ()
    assert read.opt_out is None


def test_an_address_never_shows_itself_in_a_log() -> None:
    read = provider().inbound(Posted(recorded("whatsapp_text")))
    assert "221771234567" not in repr(read.sender)
