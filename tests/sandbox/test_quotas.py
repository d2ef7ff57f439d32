"""How fast the account may send: queues of senders, their overflow, validity, and the limit of the API."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.sandbox.sandbox_rig import AWA, SERVICE, Rig, rig, until


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig(messaging_service_sid=SERVICE, callback_delay=0.01) as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {})
    shared.receiver.got.clear()
    return shared


def codes(sandbox: Rig) -> list[str | None]:
    return [received.form.get("ErrorCode") for received in sandbox.receiver.got if received.form["MessageStatus"] != "queued"]


def test_a_number_sends_what_comes_too_fast_later(sandbox: Rig) -> None:
    sandbox.control("quotas", {"sms": {"per_second": 5, "queue": 100}})
    for _ in range(4):
        sandbox.sms("Salaam", status_callback=sandbox.callback_url())
    until(lambda: sandbox.receiver.statuses().count("delivered") == 4)
    at = [received.at for received in sandbox.receiver.got if received.form["MessageStatus"] == "delivered"]
    assert 0.5 < at[-1] - at[0] < 2.0


def test_a_full_queue_of_a_number_refuses_at_once(sandbox: Rig) -> None:
    sandbox.control("quotas", {"sms": {"per_second": 1, "queue": 2}})
    for _ in range(3):
        sandbox.sms("Salaam")
    with pytest.raises(TwilioRestException) as caught:
        sandbox.sms("Salaam")
    assert caught.value.code == 21611


def test_behind_a_service_and_on_whatsapp_a_full_queue_is_told_later(sandbox: Rig) -> None:
    sandbox.control("quotas", {"sms": {"per_second": 1, "queue": 0}, "whatsapp": {"per_second": 1, "queue": 0}})
    sandbox.phone(channel="whatsapp", text="Salaam")
    sandbox.receiver.got.clear()
    for _ in range(2):
        sandbox.twilio.messages.create(to=AWA, messaging_service_sid=SERVICE, body="x", status_callback=sandbox.callback_url())
    until(lambda: "30001" in codes(sandbox))
    for _ in range(2):
        sandbox.whatsapp("x", status_callback=sandbox.callback_url())
    until(lambda: "63018" in codes(sandbox))


def test_what_waits_beyond_its_validity_is_not_sent(sandbox: Rig) -> None:
    sandbox.control("quotas", {"sms": {"per_second": 0.2, "queue": 100}})
    for _ in range(2):
        sandbox.sms("Salaam", validity_period=2, status_callback=sandbox.callback_url())
    until(lambda: "30036" in codes(sandbox), 10)


def test_too_many_calls_of_the_api_are_refused(sandbox: Rig) -> None:
    sandbox.control("quotas", {"api_per_second": 2})
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(sandbox.sms, "Salaam") for _ in range(8)]
    refused = [error for future in sent if isinstance(error := future.exception(), TwilioRestException)]
    assert {(error.status, error.code) for error in refused} == {(429, 20429)}
    assert len(sandbox.thread()) == 8 - len(refused)
