"""Sending through the official SDK to a stand-in on loopback: every outcome becomes one of our words."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, Response

from bot.channels.twilio import TwilioChannel, make_client
from bot.domain.addresses import Address, ChannelType
from bot.domain.errors import SendError
from bot.domain.messages import Choice, OutboundMessage, Status
from tests.channels.rig import SIGNER
from tests.sandbox.sandbox_rig import ACCOUNT, AWA, MODOU, SMS, TOKEN, WHATSAPP, Rig, free_port, rig, serving

REFERENCE = "reply.11111111-2222-3333-4444-555555555555"
TIMEOUT = 0.6
YES_NO = (Choice("yes", "Oui"), Choice("no", "Non"))


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig() as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {"contents": True})
    return shared


def channel(url: str, type_: ChannelType = "sms", token: str = TOKEN, sender: str = "") -> TwilioChannel:
    client = make_client(ACCOUNT, token, timeout=TIMEOUT, connections=4, api_url=url)
    return TwilioChannel(type_, sender or (SMS if type_ == "sms" else WHATSAPP), client, SIGNER, "http://receiver.test/bot/")


def text(body: str = "Salaam", to: str = AWA, type_: ChannelType = "sms", choices: tuple[Choice, ...] = ()) -> OutboundMessage:
    return OutboundMessage(Address(type_, to), body, choices)


def failure(of: TwilioChannel, message: OutboundMessage | None = None) -> SendError:
    with pytest.raises(SendError) as caught:
        of.send(message or text(), REFERENCE)
    return caught.value


def arrived(sandbox: Rig, address: str = AWA) -> list[dict[str, object]]:
    return [message for message in sandbox.thread(address) if message["direction"] == "out"]


def test_a_taken_sms_has_the_providers_id_and_its_segments(sandbox: Rig) -> None:
    sent = channel(sandbox.url).send(text("x" * 200), REFERENCE)
    assert (sent.status, sent.segments) == (Status.QUEUED, 2)
    assert [message["sid"] for message in arrived(sandbox)] == [sent.provider_id]


def test_our_reference_travels_signed_in_the_callback_address(sandbox: Rig) -> None:
    own = TwilioChannel(
        "sms", SMS, make_client(ACCOUNT, TOKEN, timeout=2, connections=1, api_url=sandbox.url), SIGNER, sandbox.receiver.url + "/"
    )
    own.send(text(), REFERENCE)
    deadline = time.monotonic() + 5
    while "delivered" not in sandbox.receiver.statuses() and time.monotonic() < deadline:
        time.sleep(0.01)
    reports = [received for received in sandbox.receiver.got if received.path.startswith("/twilio/status")]
    query = parse_qs(urlsplit(reports[0].path).query)
    assert query == {"m": [REFERENCE], "t": [SIGNER.sign(REFERENCE)]}
    assert all(report.signed for report in reports)


def test_choices_are_numbered_lines_on_sms_and_letters_are_mapped_where_that_is_cheaper(sandbox: Rig) -> None:
    channel(sandbox.url).send(text("Où êtes-vous ? " + "mot " * 20, choices=YES_NO), REFERENCE)
    (message,) = arrived(sandbox)
    assert str(message["text"]).endswith("\n1 Oui\n2 Non")
    assert "etes-vous" in str(message["text"])


@pytest.mark.parametrize(
    ("choices", "kind"),
    [
        (YES_NO, "quick-reply"),
        (tuple(Choice(f"c{n}", f"Choix {n}") for n in range(3)), "quick-reply"),
        ((Choice("a", "Vingt et un caractères"), *YES_NO), "list-picker"),
        (tuple(Choice(f"c{n}", f"Choix {n}") for n in range(4)), "list-picker"),
        (tuple(Choice(f"c{n}", f"Choix {n}") for n in range(10)), "list-picker"),
    ],
)
def test_few_choices_are_buttons_on_whatsapp_and_more_are_a_list(sandbox: Rig, choices: tuple[Choice, ...], kind: str) -> None:
    sandbox.phone(channel="whatsapp", text="bonjour")
    channel(sandbox.url, "whatsapp").send(text("Que cherchez-vous ?\n\nDites-le.", type_="whatsapp", choices=choices), REFERENCE)
    (message,) = arrived(sandbox, f"whatsapp:{AWA}")
    shown = json.loads(json.dumps(message["interactive"]))
    assert shown["kind"] == kind
    assert [(item["id"], item["title"]) for item in shown["items"]] == [(choice.id, choice.label) for choice in choices]
    assert message["text"] == "Que cherchez-vous ?\nDites-le."


@pytest.mark.parametrize(
    ("body", "choices"),
    [
        ("Que cherchez-vous ?", tuple(Choice(f"c{n}", f"Choix {n}") for n in range(11))),
        ("Que cherchez-vous ?", (Choice("a", "Un choix de plus de vingt-quatre lettres"), *YES_NO)),
        ("x" * 1025, YES_NO),
        ("Que cherchez-vous ?", (Choice("", "Sans id"), *YES_NO)),
    ],
)
def test_choices_that_fit_no_template_are_numbered_on_whatsapp_too(sandbox: Rig, body: str, choices: tuple[Choice, ...]) -> None:
    sandbox.phone(channel="whatsapp", text="bonjour")
    channel(sandbox.url, "whatsapp").send(text(body, type_="whatsapp", choices=choices), REFERENCE)
    (message,) = arrived(sandbox, f"whatsapp:{AWA}")
    assert message["interactive"] is None
    assert f"\n1 {choices[0].label}\n2 " in str(message["text"])


def test_one_template_a_shape_is_made_once_and_looked_up_again_when_it_is_gone(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="bonjour")
    own = channel(sandbox.url, "whatsapp")
    for _ in range(3):
        own.send(text(type_="whatsapp", choices=YES_NO), REFERENCE)
    (template,) = sandbox.twilio.content.v1.contents.list()
    template.delete()
    own.send(text(type_="whatsapp", choices=YES_NO), REFERENCE)
    assert len(arrived(sandbox, f"whatsapp:{AWA}")) == 4
    assert channel(sandbox.url, "whatsapp").send(text(type_="whatsapp", choices=YES_NO), REFERENCE).provider_id
    assert len(sandbox.twilio.content.v1.contents.list()) == 1


def recording(name: str = "a.ogg") -> OutboundMessage:
    return OutboundMessage(
        Address("whatsapp", AWA), "", media_url=f"http://receiver.test/bot/media/{name}", media_type="audio/ogg", media_bytes=900
    )


def test_a_recording_goes_as_a_message_of_its_own_without_words(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="bonjour")
    sent = channel(sandbox.url, "whatsapp").send(recording(), REFERENCE)
    (found,) = arrived(sandbox, "whatsapp:" + AWA)
    assert (found["sid"], found["text"], len(list(found["media"]))) == (sent.provider_id, "", 1)  # type: ignore[call-overload]
    assert sent.provider_id.startswith("MM")


def test_a_recording_in_doubt_is_found_among_the_messages_without_words(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="bonjour")
    own, since = channel(sandbox.url, "whatsapp"), datetime.now(UTC)
    own.send(text("Salaam", type_="whatsapp"), REFERENCE)
    assert own.find(recording(), since) is None
    sent = own.send(recording(), REFERENCE)
    found = own.find(recording(), since)
    assert found is not None
    assert found.provider_id == sent.provider_id


def test_somebody_without_a_number_is_written_to_by_their_id(sandbox: Rig) -> None:
    hidden = {"from": "SN.4f8a1b2c3d", "channel": "whatsapp", "text": "bonjour"}
    sandbox.control("phones/send", hidden)
    channel(sandbox.url, "whatsapp").send(text(to="SN.4f8a1b2c3d", type_="whatsapp"), REFERENCE)
    assert len(arrived(sandbox, "whatsapp:SN.4f8a1b2c3d")) == 1


@pytest.mark.parametrize(
    ("fault", "code", "meaning"),
    [
        ({"do": "429"}, "20429", {"retryable"}),
        ({"do": "error", "code": 63018}, "63018", {"retryable"}),
        ({"do": "error", "code": 21611}, "21611", {"retryable"}),
        ({"do": "error", "code": 21610}, "21610", {"stop"}),
        ({"do": "error", "code": 63014}, "63014", {"stop"}),
        ({"do": "error", "code": 21211}, "21211", set()),
        ({"do": "error", "code": 21614}, "21614", set()),
        ({"do": "error", "code": 21617}, "21617", set()),
        ({"do": "error", "code": 63016}, "63016", set()),
        ({"do": "error", "code": 30007}, "30007", set()),
        ({"do": "error", "code": 99999}, "99999", set()),
        ({"do": "error", "code": 21408}, "21408", {"ours"}),
        ({"do": "error", "code": 21606}, "21606", {"ours"}),
        ({"do": "500"}, "20500", {"retryable", "ambiguous"}),
        ({"do": "timeout", "seconds": 1.5}, "no_answer", {"retryable", "ambiguous"}),
        ({"do": "accept_then_drop"}, "no_connection", {"retryable", "ambiguous"}),
    ],
)
def test_each_refusal_says_whether_to_try_again_and_whose_fault_it_is(
    sandbox: Rig, fault: dict[str, object], code: str, meaning: set[str]
) -> None:
    sandbox.control("faults", fault)
    begin = time.monotonic()
    error = failure(channel(sandbox.url))
    assert error.code == code
    assert {name for name in ("retryable", "ours", "stop", "ambiguous") if getattr(error, name)} == meaning
    assert time.monotonic() - begin < TIMEOUT + 0.8


def test_wrong_credentials_are_an_operators_matter(sandbox: Rig) -> None:
    error = failure(channel(sandbox.url, token="wrong"))
    assert (error.code, error.ours, error.retryable) == ("20003", True, False)


def test_a_connection_that_was_never_made_leaves_no_doubt() -> None:
    error = failure(channel(f"http://127.0.0.1:{free_port()}"))
    assert (error.code, error.retryable, error.ambiguous) == ("no_connection", True, False)


@pytest.mark.parametrize(
    ("status", "retryable", "ambiguous"), [(502, True, True), (503, True, True), (404, False, False), (400, False, False)]
)
def test_an_answer_that_is_not_twilios_is_judged_by_its_status(status: int, retryable: bool, ambiguous: bool) -> None:  # noqa: FBT001 - a table
    app = Flask("proxy")
    app.add_url_rule("/<path:path>", "any", lambda path: Response("<html>bad gateway</html>", status), methods=["POST"])
    with serving(app) as url:
        error = failure(channel(url))
    assert (error.code, error.retryable, error.ambiguous) == (str(status), retryable, ambiguous)


def test_no_error_holds_the_text_or_the_address(sandbox: Rig) -> None:
    sandbox.control("faults", {"do": "error", "code": 21211})
    error = failure(channel(sandbox.url), text("canari secret"))
    assert "canari" not in str(error)
    assert AWA not in str(error)


def test_what_was_taken_is_found_in_the_list(sandbox: Rig) -> None:
    own, since = channel(sandbox.url), datetime.now(UTC)
    sandbox.control("faults", {"do": "accept_then_drop"})
    failure(own, text("Où êtes-vous ? " + "mot " * 20, choices=YES_NO))
    found = own.find(text("Où êtes-vous ? " + "mot " * 20, choices=YES_NO), since)
    assert found is not None
    assert found.provider_id == arrived(sandbox)[0]["sid"]


def test_a_message_with_buttons_is_found_in_the_list(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="bonjour")
    own, since = channel(sandbox.url, "whatsapp"), datetime.now(UTC)
    sent = own.send(text("Bonjour.\n\nQue  cherchez-vous ?", type_="whatsapp", choices=YES_NO), REFERENCE)
    found = own.find(text("Bonjour.\n\nQue  cherchez-vous ?", type_="whatsapp", choices=YES_NO), since)
    assert found is not None
    assert found.provider_id == sent.provider_id


def test_another_text_another_person_and_an_old_message_are_not_found(sandbox: Rig) -> None:
    own, now = channel(sandbox.url), datetime.now(UTC)
    own.send(text("Salaam"), REFERENCE)
    assert own.find(text("Autre"), now) is None
    assert own.find(text("Salaam", to=MODOU), now) is None
    assert own.find(text("Salaam"), now + timedelta(minutes=10)) is None
    assert channel(sandbox.url, sender="+221330000009").find(text("Salaam"), now) is None


def test_a_list_that_does_not_come_is_an_error_to_try_again_and_never_nothing() -> None:
    with pytest.raises(SendError) as caught:
        channel(f"http://127.0.0.1:{free_port()}").find(text(), datetime.now(UTC))
    assert (caught.value.code, caught.value.retryable) == ("list_failed", True)
