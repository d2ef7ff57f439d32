"""What the provider and WhatsApp forbid: writing outside the 24-hour window, and to people who said stop."""

from collections.abc import Iterator

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.sandbox.sandbox_rig import AWA, MODOU, SERVICE, SMS, Rig, rig, until


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig(messaging_service_sid=SERVICE) as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {})
    shared.receiver.got.clear()
    return shared


def last_report(sandbox: Rig) -> tuple[str, str | None]:
    until(lambda: sandbox.receiver.statuses() and sandbox.receiver.statuses()[-1] in {"delivered", "undelivered", "failed"})
    form = sandbox.receiver.got[-1].form
    return form["MessageStatus"], form.get("ErrorCode")


def test_whatsapp_before_the_person_wrote_is_taken_and_fails_in_the_report(sandbox: Rig) -> None:
    sent = sandbox.whatsapp("Salaam", status_callback=sandbox.callback_url())
    assert sent.status == "queued"
    assert last_report(sandbox) == ("undelivered", "63016")
    assert sandbox.twilio.messages(sent.sid).fetch().error_code == 63016


def test_whatsapp_is_delivered_while_the_window_is_open(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="Salaam")
    sandbox.whatsapp("Maa ngi fi", status_callback=sandbox.callback_url())
    assert last_report(sandbox) == ("delivered", None)


def test_the_window_closes_after_a_day(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="Salaam")
    sandbox.control("clock", {"offset": 24 * 3600 + 1})
    sandbox.whatsapp("Maa ngi fi", status_callback=sandbox.callback_url())
    assert last_report(sandbox) == ("undelivered", "63016")


def test_an_sms_needs_no_window(sandbox: Rig) -> None:
    sandbox.sms("Salaam", status_callback=sandbox.callback_url())
    assert last_report(sandbox) == ("delivered", None)


def test_stop_by_sms_blocks_the_pair_until_start(sandbox: Rig) -> None:
    sandbox.phone(text=" Stop ")
    with pytest.raises(TwilioRestException) as caught:
        sandbox.sms("Salaam")
    assert (caught.value.status, caught.value.code) == (400, 21610)
    assert sandbox.sms("Salaam", to=MODOU).sid
    assert sandbox.control("state")["stopped"] == [[SMS, AWA]]
    sandbox.phone(text="start")
    assert sandbox.sms("Salaam").sid


def test_stop_still_reaches_our_webhook_and_the_provider_answers_in_english(sandbox: Rig) -> None:
    sandbox.phone(text="STOP")
    assert [received.form["Body"] for received in sandbox.receiver.inbound()] == ["STOP"]
    answer = sandbox.thread()[-1]
    assert answer["automatic"]
    assert "unsubscribed" in answer["text"]
    assert sandbox.twilio.messages.list(to=AWA) == []
    assert [message["body"] for message in sandbox.control("messages")["messages"]] == ["STOP"]
    assert sandbox.control("messages?direction=out")["messages"] == []


@pytest.mark.parametrize("text", ["STOP please", "ARRET", "stopp"])
def test_only_the_providers_own_words_stop(sandbox: Rig, text: str) -> None:
    sandbox.phone(text=text)
    assert sandbox.sms("Salaam").sid


def test_stop_on_whatsapp_stops_nothing_at_the_provider(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="STOP")
    assert sandbox.whatsapp("Salaam").sid


def test_behind_a_messaging_service_a_stopped_person_fails_in_the_report(sandbox: Rig) -> None:
    sandbox.phone(text="STOP")
    sandbox.receiver.got.clear()
    sandbox.twilio.messages.create(to=AWA, messaging_service_sid=SERVICE, body="x", status_callback=sandbox.callback_url())
    assert last_report(sandbox) == ("failed", "21610")


def test_nobody_can_answer_a_sender_that_is_a_name() -> None:
    with rig(sms_sender="DELLUSI") as parts:
        assert parts.twilio.messages.create(to=AWA, from_="DELLUSI", body="Salaam").sid
        answer = parts.http.post("/control/phones/send", json={"from": AWA, "channel": "sms", "text": "Salaam"})
        assert (answer.status_code, answer.json()) == (400, {"error": "the sender is a name: nobody can answer it"})
