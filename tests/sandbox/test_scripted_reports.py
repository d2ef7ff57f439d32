"""Reports that come late, twice, in the wrong order, in contradiction, about other messages or with a wrong signature."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.sandbox_rig import AWA, MODOU, Rig, rig, until


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig() as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {})
    shared.receiver.got.clear()
    return shared


def told(sandbox: Rig, *reports: str, count: int | None = None) -> list[str]:
    sandbox.control("faults", {"do": "reports", "reports": list(reports), "to": AWA})
    sandbox.sms("Salaam", status_callback=sandbox.callback_url())
    until(lambda: len(sandbox.receiver.statuses()) == (len(reports) if count is None else count))
    return sandbox.receiver.statuses()


def status(sandbox: Rig) -> tuple[str, Any]:
    message = sandbox.twilio.messages.list(to=AWA)[0]
    return str(message.status), message.error_code


def test_reports_contradict_each_other_and_the_list_keeps_the_truth(sandbox: Rig) -> None:
    assert told(sandbox, "delivered", "undelivered:30008", "sent") == ["delivered", "undelivered", "sent"]
    assert sandbox.receiver.got[1].form["ErrorCode"] == "30008"
    until(lambda: status(sandbox) == ("delivered", None))


def test_a_status_that_nobody_knows_is_told_and_changes_nothing(sandbox: Rig) -> None:
    assert told(sandbox, "sent", "teleported", "delivered") == ["sent", "teleported", "delivered"]
    until(lambda: status(sandbox) == ("delivered", None))


def test_a_message_that_failed_says_why_in_the_list_too(sandbox: Rig) -> None:
    told(sandbox, "sent", "undelivered:30003")
    until(lambda: status(sandbox) == ("undelivered", 30003))
    assert sandbox.twilio.messages.list(to=AWA)[0].error_message == "Unreachable destination handset"


def test_forged_and_foreign_reports_are_told_apart_by_signature_and_id(sandbox: Rig) -> None:
    told(sandbox, "forged:delivered", "foreign:delivered", "sent")
    got, sid = sandbox.receiver.got, sandbox.twilio.messages.list(to=AWA)[0].sid
    assert [received.signed for received in got] == [False, True, True]
    assert [received.form["MessageSid"] == sid for received in got] == [True, False, True]


def test_silence_about_one_message_is_no_silence_about_the_next(sandbox: Rig) -> None:
    sandbox.control("faults", {"do": "reports", "reports": [], "to": AWA})
    for to in (AWA, MODOU):
        sandbox.sms("Salaam", to=to, status_callback=sandbox.callback_url())
    until(lambda: len(sandbox.receiver.got) == 2)
    assert {received.form["To"] for received in sandbox.receiver.got} == {MODOU}


def test_a_report_can_come_while_the_answer_is_still_held_back(sandbox: Rig) -> None:
    sandbox.control("faults", {"do": "slow", "seconds": 0.4})
    sent = sandbox.sms("Salaam", status_callback=sandbox.callback_url())
    assert sandbox.receiver.statuses() == ["sent", "delivered"]
    assert {received.form["MessageSid"] for received in sandbox.receiver.got} == {sent.sid}


def test_a_report_comes_at_the_moment_that_was_asked_for(sandbox: Rig) -> None:
    told(sandbox, "sent@0", "delivered@0.5")
    first, second = sandbox.receiver.got
    assert 0.4 < second.at - first.at < 2.0


@pytest.mark.parametrize("reports", ["delivered", ["Delivered!"], ["a:b:c:d"], [""]])
def test_a_report_that_cannot_be_read_is_refused(sandbox: Rig, reports: Any) -> None:
    answer = sandbox.http.post("/control/faults", json={"do": "reports", "reports": reports})
    assert answer.status_code == 400
