"""Nothing lost, nothing twice: duplicates, races, and every process killed."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from tests.e2e.conftest import folder, running
from tests.e2e.rig import Service

pytestmark = pytest.mark.e2e


def test_the_same_message_ten_times_at_once_is_one_turn_and_one_reply(service: Service) -> None:
    phone = service.phone()
    sent = phone.send("bonjour")
    repeated = service.control("phones/repeat", {"message_sid": sent["sid"], "times": 10, "at_once": True})
    assert repeated["taken"] == 10
    service.quiet()
    assert len(phone.answers) == 1
    assert service.one("SELECT count(*) FROM messages WHERE provider_id = %s", sent["sid"]) == 1


def test_messages_of_one_person_at_once_are_answered_one_after_the_other(service: Service) -> None:
    phone = service.phone()
    phone.say("inscription")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(phone.send, ["menu"] * 20))
    service.quiet(60)
    contact = service.one("SELECT contact_id FROM messages WHERE provider_id = %s", phone.thread[0]["sid"])
    assert service.one("SELECT version FROM contacts WHERE id = %s", contact) == 21
    assert len(phone.answers) == service.one("SELECT count(*) FROM messages WHERE contact_id = %s AND NOT inbound", contact) == 21
    handled = service.rows("SELECT seq, handled_at FROM messages WHERE contact_id = %s AND inbound ORDER BY seq", contact)
    assert [at for _, at in handled] == sorted(at for _, at in handled)


def test_forged_missing_and_misdirected_signatures_are_refused_and_nothing_is_kept(service: Service) -> None:
    count = "SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM seen_ids)"
    before = service.one(count)
    body = urlencode({"MessageSid": "SM" + "0" * 32, "From": "+221770009999", "To": "x", "Body": "salut"}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert service.post("/twilio/sms", body, form) == 403
    assert service.post("/twilio/sms", body, form | {"X-Twilio-Signature": "bm90IGEgc2lnbmF0dXJl"}) == 403
    assert service.post("/twilio/sms", b"{}", {"Content-Type": "application/json"}) == 415
    assert service.post("/twilio/sms", b"a=" + b"x" * 70_000, form) == 413
    assert service.post("/twilio/status?m=reply.x&t=y", body, form) == 403
    assert service.one(count) == before


def test_health_and_metrics_tell_the_ages(service: Service) -> None:
    status, text = service.get("/health")
    assert status == 200
    assert '"oldest_unhandled_message_seconds"' in text
    assert '"oldest_unsent_message_seconds"' in text
    assert "dellusi_inbound_total" in service.get("/metrics")[1]


def test_without_nlu_menus_forms_and_danger_words_work_and_an_answer_comes_within_three_seconds() -> None:
    with running("--no-nlu") as service:
        phone = service.phone()
        phone.say("salam", patience=3)
        phone.say("2", patience=3)
        phone.say("inscription", patience=3)
        phone.say("1", patience=3)
        assert "1515" in phone.say("je veux mourir", patience=3)
        assert len(service.phone().say("est ce que vous pouvez faire quelque chose pour moi", patience=3)) > 20


def test_an_nlu_that_hangs_or_is_killed_costs_no_answer_and_no_more_than_three_seconds(service: Service) -> None:
    os.kill(service.pid("nlu"), signal.SIGSTOP)
    try:
        assert len(service.phone().say("est ce que vous pouvez faire quelque chose pour moi", patience=3)) > 20
        assert "1515" in service.phone().say("je ne veux plus vivre", patience=3)
    finally:
        os.kill(service.pid("nlu"), signal.SIGCONT)
    service.kill("nlu")
    phone = service.phone()
    phone.say("salam", patience=3)
    phone.say("2", patience=3)


def test_redis_stopped_for_a_minute_under_traffic_loses_nothing_and_doubles_nothing() -> None:
    with running("--no-nlu") as service:
        _traffic_while_redis_is_away(service)


def _traffic_while_redis_is_away(service: Service) -> None:
    phones = [service.phone() for _ in range(8)]
    ended = threading.Event()
    sent: list[str] = []

    def traffic(number: int) -> None:
        while not ended.is_set():
            sent.append(phones[number].send("menu")["sid"])
            time.sleep(0.4)

    threads = [threading.Thread(target=traffic, args=(number,)) for number in range(len(phones))]
    for thread in threads:
        thread.start()
    time.sleep(3)
    service.pause("redis", 60)
    time.sleep(3)
    ended.set()
    for thread in threads:
        thread.join()
    service.quiet(60)
    _exactly_once(service, sent)


@pytest.mark.parametrize(
    ("process", "point"),
    [
        ("advance", "advance.started"),
        ("advance", "advance.before_persist"),
        ("advance", "advance.before_commit"),
        ("advance", "advance.after_commit"),
        ("dispatch", "dispatch.started"),
        ("dispatch", "outbox.before_send"),
        ("dispatch", "outbox.after_send"),
    ],
)
def test_a_worker_killed_between_any_two_steps_loses_nothing_and_doubles_nothing(process: str, point: str) -> None:
    with folder() as marks, running("--no-nlu", BOT_CRASH_AT=f"{point}:1:{marks / 'died'}") as service:
        phones = [service.phone() for _ in range(6)]
        sent = [phone.send("menu")["sid"] for _ in range(4) for phone in phones]
        service.quiet(60)
        assert (marks / "died").exists(), f"no {process} worker passed {point}"
        _exactly_once(service, sent)


def _exactly_once(service: Service, sent: list[str]) -> None:
    """Every message has one turn and one reply, and each reply reached the provider once."""
    inbound = service.one("SELECT count(*) FROM messages WHERE inbound AND provider_id = ANY(%s)", sent)
    assert inbound == len(sent)
    assert service.one("SELECT count(*) FROM messages WHERE inbound AND (handled_at IS NULL OR fault IS NOT NULL)") == 0
    replies = service.one("SELECT count(*) FROM messages WHERE NOT inbound")
    assert replies == len(sent)
    assert service.one("SELECT count(*) FROM outbox WHERE state <> 'sent'") == 0
    at_provider = service.control(f"messages?direction=out&limit={10 * len(sent)}")["messages"]
    assert len(at_provider) == len(sent)
