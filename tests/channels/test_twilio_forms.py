"""The other forms of a message: approved templates, messaging services, files, how long it is worth sending."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.channels.twilio import TwilioChannel, make_client
from bot.channels.twilio_media import LARGEST, LARGEST_IMAGE
from bot.channels.twilio_templates import TwilioTemplates
from bot.domain.addresses import Address, ChannelType
from bot.domain.errors import SendError
from bot.domain.messages import Choice, OutboundMessage
from bot.domain.templates import READ, TemplateUse
from tests.channels.rig import SIGNER
from tests.pipeline.approved import SHIPPED
from tests.sandbox.sandbox_rig import ACCOUNT, AWA, SERVICE, SMS, TOKEN, WHATSAPP, Rig, free_port, rig

REFERENCE = "reply.11111111-2222-3333-4444-555555555555"
PHOTO = "https://example.org/photo.jpg"
NEWS, NOTICE = SHIPPED.templates["news", "fr"], SHIPPED.templates["notice", "fr"]


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig(messaging_service_sid=SERVICE) as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {"contents": True})
    return shared


def channel(of: Rig, type_: ChannelType, sender: str | None = None, service: str | None = None) -> TwilioChannel:
    client = make_client(ACCOUNT, TOKEN, timeout=2, connections=2, api_url=of.url)
    named = (SMS if type_ == "sms" else WHATSAPP) if sender is None else sender
    return TwilioChannel(type_, named, client, SIGNER, "http://receiver.test/bot/", service=service)


def account(of: Rig) -> TwilioTemplates:
    return TwilioTemplates(make_client(ACCOUNT, TOKEN, timeout=2, connections=2, api_url=of.url))


def text(type_: ChannelType = "whatsapp", body: str = "Salaam") -> OutboundMessage:
    return OutboundMessage(Address(type_, AWA), body)


def last(of: Rig, type_: ChannelType = "whatsapp") -> dict[str, object]:
    prefix = "whatsapp:" if type_ == "whatsapp" else ""
    return [message for message in of.thread(prefix + AWA) if message["direction"] == "out"][-1]


def approved(of: Rig) -> str:
    sid = account(of).create(NEWS)
    account(of).submit(NEWS, sid)
    return sid


def test_an_approved_template_opens_a_conversation_where_free_words_do_not(sandbox: Rig) -> None:
    own = channel(sandbox, "whatsapp")
    own.send(replace(text(), text=NEWS.body, template=TemplateUse(approved(sandbox))), REFERENCE)
    message = last(sandbox)
    assert message["text"] == NEWS.body
    shown = json.loads(json.dumps(message["interactive"]))
    assert [(item["id"], item["title"]) for item in shown["items"]] == [(READ, NEWS.button)]


def test_the_values_of_a_template_are_filled_in_and_it_is_found_in_the_list(sandbox: Rig) -> None:
    own, since = channel(sandbox, "whatsapp"), datetime.now(UTC)
    sid = account(sandbox).create(NOTICE)
    account(sandbox).submit(NOTICE, sid)
    values = ("Demande KX7M4P. Répondez OK.",)
    message = replace(text(), text=NOTICE.text(values), template=TemplateUse(sid, values))
    sent = own.send(message, REFERENCE)
    assert last(sandbox)["text"] == NOTICE.text(values)
    found = own.find(message, since)
    assert found is not None
    assert found.provider_id == sent.provider_id


def test_a_template_that_is_gone_is_told_and_not_replaced_by_something_else(sandbox: Rig) -> None:
    with pytest.raises(SendError) as caught:
        channel(sandbox, "whatsapp").send(replace(text(), template=TemplateUse("HX" + "0" * 32)), REFERENCE)
    assert caught.value.code == "21655"


def test_templates_are_known_by_name_and_have_an_opinion(sandbox: Rig) -> None:
    sid = account(sandbox).create(NEWS)
    assert account(sandbox).known()[NEWS.name] == sid
    assert account(sandbox).opinion(sid).approval == "unsent"
    account(sandbox).submit(NEWS, sid)
    assert account(sandbox).opinion(sid).approval in ("pending", "approved")


def test_an_account_that_does_not_answer_is_an_error_with_a_code() -> None:
    away = TwilioTemplates(make_client(ACCOUNT, TOKEN, timeout=1, connections=1, api_url=f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(SendError) as caught:
        away.known()
    assert (caught.value.code, caught.value.retryable) == ("no_answer", True)


@pytest.mark.parametrize("sender", ["", SMS])
def test_a_messaging_service_sends_with_or_without_a_sender_of_it_and_is_found_again(sandbox: Rig, sender: str) -> None:
    own, since = channel(sandbox, "sms", sender, SERVICE), datetime.now(UTC)
    sent = own.send(text("sms", f"par service {sender}"), REFERENCE)
    (listed,) = [message for message in sandbox.twilio.messages.list(to=AWA) if message.sid == sent.provider_id]
    assert listed.messaging_service_sid == SERVICE
    # Until the service has chosen a sender, the provider names none.
    assert listed.from_ in {SMS, sender or None}
    found = own.find(text("sms", f"par service {sender}"), since)
    assert found is not None
    assert found.provider_id == sent.provider_id


def test_without_buttons_the_choices_are_numbers(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="bonjour")
    message = replace(text(), choices=(Choice("yes", "Oui"), Choice("no", "Non")), plain=True)
    channel(sandbox, "whatsapp").send(message, REFERENCE)
    assert (last(sandbox)["text"], last(sandbox)["interactive"]) == ("Salaam\n1 Oui\n2 Non", None)


def test_a_refused_template_for_buttons_is_done_without_at_once(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="bonjour")
    sandbox.control("faults", {"do": "error", "code": 63021})
    channel(sandbox, "whatsapp").send(replace(text(), choices=(Choice("yes", "Oui"), Choice("no", "Non"))), REFERENCE)
    assert last(sandbox)["text"] == "Salaam\n1 Oui\n2 Non"


@pytest.mark.parametrize(
    ("type_", "kind", "size", "body", "attached"),
    [
        ("whatsapp", "image/jpeg", 1000, "Voici", True),
        ("whatsapp", "image/jpeg", LARGEST_IMAGE, "Voici", True),
        ("whatsapp", "image/jpeg", LARGEST_IMAGE + 1, "Voici", False),
        ("whatsapp", "image/jpeg", 0, "Voici", False),
        ("whatsapp", "image/tiff", 1000, "Voici", False),
        ("whatsapp", "audio/ogg", 1000, "", True),
        ("whatsapp", "audio/ogg", LARGEST, "", True),
        ("whatsapp", "audio/ogg", LARGEST + 1, "", False),
        # Beside a sound WhatsApp drops the text: the text is what must not be lost.
        ("whatsapp", "audio/ogg", 1000, "Voici", False),
        ("sms", "image/jpeg", 1000, "Voici", False),
    ],
)
def test_a_file_goes_along_within_the_limits_and_is_a_link_beyond_them(
    sandbox: Rig,
    type_: ChannelType,
    kind: str,
    size: int,
    body: str,
    attached: bool,  # noqa: FBT001 - a table
) -> None:
    sandbox.phone(channel=type_, text="bonjour")
    own = channel(sandbox, type_)
    message = replace(text(type_, body), media_url=PHOTO, media_type=kind, media_bytes=size)
    sent = own.send(message, REFERENCE)
    (listed,) = [found for found in sandbox.twilio.messages.list() if found.sid == sent.provider_id]
    assert (listed.num_media == "1") is attached
    assert (PHOTO in str(listed.body)) is not attached
    assert body in str(listed.body)
