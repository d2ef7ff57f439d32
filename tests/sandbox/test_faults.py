"""Trouble by script: what the SDK meets, and that it is repeatable."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException

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


def outcome(sandbox: Rig, to: str = AWA) -> str:
    try:
        sandbox.sms("Salaam", to=to)
    except TwilioRestException as error:
        return f"{error.status}/{error.code}"
    except requests.ConnectionError:
        return "dropped"
    except requests.Timeout:
        return "timeout"
    except ValueError:
        return "garbled"
    return "sent"


def test_the_next_sends_meet_the_script_in_order(sandbox: Rig) -> None:
    script = [{"do": "429", "next": 2}, {"do": "500"}, {"do": "error", "code": 21614}]
    sandbox.control("faults", {"faults": script})
    assert [outcome(sandbox) for _ in range(5)] == ["429/20429", "429/20429", "500/20500", "400/21614", "sent"]


def test_a_fault_can_concern_one_number_only(sandbox: Rig) -> None:
    sandbox.control("faults", {"do": "500", "to": MODOU})
    assert (outcome(sandbox), outcome(sandbox, MODOU), outcome(sandbox, MODOU)) == ("sent", "500/20500", "sent")


def test_without_end_it_lasts_until_cleared(sandbox: Rig) -> None:
    sandbox.control("faults", {"do": "500", "next": None})
    assert {outcome(sandbox) for _ in range(5)} == {"500/20500"}
    assert sandbox.http.delete("/control/faults").status_code == 200
    assert outcome(sandbox) == "sent"


def test_accepted_and_then_dropped_leaves_one_message_and_no_answer(sandbox: Rig) -> None:
    sandbox.control("faults", {"do": "accept_then_drop"})
    assert outcome(sandbox) == "dropped"
    assert [message.body for message in sandbox.twilio.messages.list(to=AWA)] == ["Salaam"]


@pytest.mark.parametrize(
    ("kind", "met", "kept"),
    [
        ("503", "503/20503", 0),
        ("drop", "dropped", 0),
        ("accept_then_500", "500/20500", 1),
        ("accept_then_timeout", "dropped", 1),
        ("accept_then_garbled", "garbled", 1),
        ("slow", "sent", 1),
    ],
)
def test_what_the_client_meets_says_nothing_about_what_was_kept(sandbox: Rig, kind: str, met: str, kept: int) -> None:
    sandbox.control("faults", {"do": kind, "seconds": 0.1})
    assert outcome(sandbox) == met
    assert len(sandbox.twilio.messages.list(to=AWA)) == kept


def test_a_fault_can_wait_for_a_channel_and_for_words(sandbox: Rig) -> None:
    sandbox.control("faults", {"do": "500", "channel": "whatsapp"})
    sandbox.control("faults", {"do": "429", "containing": "KX7M4P"})
    assert outcome(sandbox) == "sent"
    with pytest.raises(TwilioRestException) as caught:
        sandbox.sms("Demande KX7M4P")
    assert caught.value.code == 20429
    assert [fault["kind"] for fault in sandbox.control("state")["faults"]] == ["500"]


def test_the_list_of_messages_can_be_out_of_order(sandbox: Rig) -> None:
    sandbox.control("list", {"broken": True})
    with pytest.raises(TwilioException, match="503"):
        sandbox.twilio.messages.list(to=AWA)
    assert outcome(sandbox) == "sent"


@pytest.mark.parametrize(
    ("number", "first", "then"),
    [
        ("+15001216100", "400/21610", "400/21610"),
        ("+15003004291", "429/20429", "sent"),
        ("+15003005032", "503/20503", "sent"),
        ("+15003014993", "dropped", "sent"),
        ("+15003012004", "garbled", "sent"),
        ("+15009999999", "sent", "sent"),
    ],
)
def test_some_numbers_of_nobody_always_make_the_same_trouble(sandbox: Rig, number: str, first: str, then: str) -> None:
    assert (outcome(sandbox, number), outcome(sandbox, number)) == (first, then)
    sandbox.control("clear", {})
    assert outcome(sandbox, number) == first


def test_a_number_that_is_never_reached_is_told_so_in_the_report(sandbox: Rig) -> None:
    sandbox.sms("Salaam", to="+15002300035", status_callback=sandbox.callback_url())
    until(lambda: sandbox.receiver.statuses() == ["sent", "undelivered"])
    assert sandbox.receiver.got[-1].form["ErrorCode"] == "30003"


def test_a_timeout_hangs_and_keeps_nothing(sandbox: Rig) -> None:
    sandbox.control("faults", {"do": "timeout", "seconds": 0.3})
    begun = time.monotonic()
    assert outcome(sandbox) == "dropped"
    assert time.monotonic() - begun >= 0.3
    assert sandbox.twilio.messages.list(to=AWA) == []


def test_undelivered_is_taken_first_and_reported_later(sandbox: Rig) -> None:
    sandbox.control("faults", {"do": "undelivered", "code": 30003})
    sandbox.sms("Salaam", status_callback=sandbox.callback_url())
    until(lambda: sandbox.receiver.statuses() == ["sent", "undelivered"])
    assert sandbox.receiver.got[-1].form["ErrorCode"] == "30003"


def test_latency_slows_every_send_down(sandbox: Rig) -> None:
    sandbox.control("latency", {"seconds": 0.2})
    begun = time.monotonic()
    sandbox.sms("Salaam")
    assert time.monotonic() - begun >= 0.2


def test_reports_can_be_withheld(sandbox: Rig) -> None:
    sandbox.control("callbacks", {"silent": True})
    sandbox.sms("Salaam", status_callback=sandbox.callback_url())
    time.sleep(0.3)
    sandbox.control("callbacks", {"silent": False})
    assert sandbox.receiver.statuses() == []


def test_chance_repeats_with_its_seed() -> None:
    def outcomes(seed: int) -> list[str]:
        with rig(seed=seed) as parts:
            parts.control("faults", {"do": "500", "next": None, "share": 0.5})
            return [outcome(parts) for _ in range(24)]

    first = outcomes(7)
    assert first == outcomes(7)
    assert first != outcomes(8)
    assert set(first) == {"sent", "500/20500"}


def test_chance_does_not_depend_on_the_order_in_which_phones_are_written_to(sandbox: Rig) -> None:
    def outcomes(order: tuple[str, ...]) -> dict[str, list[str]]:
        sandbox.control("clear", {})
        sandbox.control("seed", {"seed": 11})
        sandbox.control("faults", {"do": "500", "next": None, "share": 0.5})
        met: dict[str, list[str]] = {AWA: [], MODOU: []}
        for to in order:
            met[to].append(outcome(sandbox, to))
        return met

    assert outcomes((AWA, MODOU) * 8) == outcomes((MODOU,) * 8 + (AWA,) * 8)


def test_ids_stay_unique_although_the_seed_is_the_same() -> None:
    sids = set()
    for _ in range(2):
        with rig(seed=1) as parts:
            sids |= {parts.sms("Salaam").sid, parts.phone(text="Salaam")["sid"]}
    assert len(sids) == 4


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("faults", {"do": "earthquake"}),
        ("faults", {"faults": ["500"]}),
        ("faults", {"do": "500", "next": "many"}),
        ("latency", {"seconds": "long"}),
        ("latency", {"seconds": 1e9}),
        ("clock", {"offset": True}),
        ("phones/repeat", {"address": "+221779999999"}),
        ("faults", {"do": "500", "channel": "fax"}),
        ("quotas", {"sms": 3}),
        ("quotas", {"sms": {"per_second": "fast"}}),
        ("approvals", {"status": "perhaps"}),
        ("approvals", {"status": "approved", "sid": "HX" + "0" * 32}),
    ],
)
def test_a_wrong_document_is_refused_with_a_reason(sandbox: Rig, path: str, document: dict[str, Any]) -> None:
    answer = sandbox.http.post("/control/" + path, json=document)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_another_sites_form_changes_nothing(sandbox: Rig) -> None:
    answer = sandbox.http.post("/control/clock", data={"offset": "90000"})
    assert answer.status_code == 415
    assert sandbox.control("state")["clock"]["offset"] == 0
