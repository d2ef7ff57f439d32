"""The Messages API as the real SDK sees it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.sandbox.sandbox_rig import ACCOUNT, AWA, MODOU, SERVICE, SMS, TOKEN, WHATSAPP, RewritingClient, Rig, rig, until


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig(messaging_service_sid=SERVICE) as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {})
    shared.control("callbacks", {"delay": 0.05, "repeat": 1, "shuffle": False, "read": False, "silent": False})
    shared.receiver.got.clear()
    return shared


def refused(sandbox: Rig, code: int, **message: Any) -> TwilioRestException:
    with pytest.raises(TwilioRestException) as caught:
        sandbox.twilio.messages.create(**message)
    assert caught.value.code == code
    return caught.value


def test_a_sent_message_comes_back_with_its_real_segment_count(sandbox: Rig) -> None:
    sent = sandbox.sms("ŋ" * 71)
    assert (sent.status, sent.num_segments, sent.direction, sent.from_, sent.to) == ("queued", "2", "outbound-api", SMS, AWA)
    assert sent.sid.startswith("SM")
    assert len(sent.sid) == 34
    assert abs(sent.date_created - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_real_host_and_the_kept_host_are_the_same_account(sandbox: Rig) -> None:
    sid = sandbox.sms("Salaam").sid
    auth = (ACCOUNT, TOKEN)
    paths = (f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json", f"/api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json")
    assert [sandbox.http.get(path, auth=auth).json()["body"] for path in paths] == ["Salaam", "Salaam"]


def test_a_message_can_be_fetched_and_becomes_delivered(sandbox: Rig) -> None:
    sid = sandbox.sms("Salaam").sid
    until(lambda: str(sandbox.twilio.messages(sid).fetch().status) == "delivered")


def test_a_deleted_message_is_gone(sandbox: Rig) -> None:
    sid = sandbox.sms("Salaam").sid
    assert sandbox.twilio.messages(sid).delete()
    with pytest.raises(TwilioRestException) as caught:
        sandbox.twilio.messages(sid).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_the_list_is_filtered_and_newest_first(sandbox: Rig) -> None:
    for text in ("un", "deux"):
        sandbox.sms(text)
    sandbox.sms("ailleurs", to=MODOU)
    sandbox.phone(text="Salaam")
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert [message.body for message in sandbox.twilio.messages.list(to=AWA, date_sent_after=since)] == ["deux", "un"]
    assert [message.body for message in sandbox.twilio.messages.list(from_=AWA)] == ["Salaam"]
    assert sandbox.twilio.messages.list(to=AWA, date_sent_after=datetime.now(UTC) + timedelta(minutes=1)) == []
    assert sandbox.twilio.messages.list(to=AWA, date_sent_before=since) == []
    assert len(sandbox.twilio.messages.list(date_sent=datetime.now(UTC).date())) == 4


def test_inbound_messages_are_in_the_list_of_what_our_number_got(sandbox: Rig) -> None:
    sandbox.phone(text="Salaam")
    message: Any
    (message,) = sandbox.twilio.messages.list(to=SMS)
    assert (message.direction, message.status, message.body) == ("inbound", "received", "Salaam")


def test_the_sdk_pages_to_the_end(sandbox: Rig) -> None:
    for number in range(7):
        sandbox.sms(str(number))
    assert [message.body for message in sandbox.twilio.messages.list(page_size=3)] == list("6543210")


def test_what_is_sent_while_somebody_pages_shifts_nothing(sandbox: Rig) -> None:
    for number in range(4):
        sandbox.sms(str(number))
    listed = sandbox.twilio.messages.stream(page_size=2)
    seen = [next(listed).body]
    sandbox.sms("4")
    assert seen + [message.body for message in listed] == list("3210")


def test_a_page_is_found_by_its_number_alone(sandbox: Rig) -> None:
    for number in range(5):
        sandbox.sms(str(number))
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    page = sandbox.http.get(path, auth=(ACCOUNT, TOKEN), params={"PageSize": 2, "Page": 2}).json()
    assert [message["body"] for message in page["messages"]] == ["0"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (21211, {"to": "+15005550001", "from_": SMS, "body": "x"}),
        (21612, {"to": "+15005550002", "from_": SMS, "body": "x"}),
        (21408, {"to": "+15005550003", "from_": SMS, "body": "x"}),
        (21610, {"to": "+15005550004", "from_": SMS, "body": "x"}),
        (21614, {"to": "+15005550009", "from_": SMS, "body": "x"}),
        (21212, {"to": AWA, "from_": "+15005550001", "body": "x"}),
        (21606, {"to": AWA, "from_": "+15005550007", "body": "x"}),
        (21611, {"to": AWA, "from_": "+15005550008", "body": "x"}),
        (21606, {"to": AWA, "from_": "+221339999999", "body": "x"}),
        (21211, {"to": "77 000 00 01", "from_": SMS, "body": "x"}),
        (21602, {"to": AWA, "from_": SMS}),
        (21603, {"to": AWA, "body": "x"}),
        (21617, {"to": AWA, "from_": SMS, "body": "x" * 1601}),
        (21703, {"to": AWA, "messaging_service_sid": "MG" + "0" * 32, "body": "x"}),
        (21910, {"to": "whatsapp:" + AWA, "from_": SMS, "body": "x"}),
        (63007, {"to": "whatsapp:" + AWA, "from_": "whatsapp:+221339999999", "body": "x"}),
        (21655, {"to": "whatsapp:" + AWA, "from_": "whatsapp:" + WHATSAPP, "content_sid": "HX" + "0" * 32}),
        (21609, {"to": AWA, "from_": SMS, "body": "x", "status_callback": "ftp://example.org"}),
        (21609, {"to": AWA, "from_": SMS, "body": "x", "status_callback": "http://example.org/#rc=many"}),
    ],
)
def test_refusals_carry_the_providers_codes(sandbox: Rig, code: int, message: dict[str, Any]) -> None:
    assert refused(sandbox, code, **message).status == 400


def test_the_sender_of_the_test_credentials_works(sandbox: Rig) -> None:
    assert sandbox.twilio.messages.create(to=AWA, from_="+15005550006", body="x").sid


def test_1600_letters_are_taken(sandbox: Rig) -> None:
    assert sandbox.sms("x" * 1600).num_segments == "11"


def test_other_credentials_get_401(sandbox: Rig) -> None:
    stranger = Client(ACCOUNT, "another", http_client=sandbox.twilio.http_client)
    with pytest.raises(TwilioRestException) as caught:
        stranger.messages.create(to=AWA, from_=SMS, body="x")
    assert (caught.value.status, caught.value.code) == (401, 20003)


def test_reports_are_signed_and_come_in_order_to_the_given_address(sandbox: Rig) -> None:
    sent = sandbox.sms("Salaam", status_callback=sandbox.callback_url())
    until(lambda: sandbox.receiver.statuses() == ["sent", "delivered"])
    report = sandbox.receiver.got[-1]
    assert all(received.signed for received in sandbox.receiver.got)
    assert report.path == "/twilio/status?ref=7&sig=x%2Fy"
    assert report.form["MessageSid"] == report.form["SmsSid"] == sent.sid
    assert (report.form["From"], report.form["To"], report.form["AccountSid"]) == (SMS, AWA, ACCOUNT)
    assert report.form["RawDlrDoneDate"].isdigit()


def test_a_messaging_service_accepts_first_chooses_its_sender_later_and_reports_queued_too(sandbox: Rig) -> None:
    sent: Any = sandbox.twilio.messages.create(to=AWA, messaging_service_sid=SERVICE, body="Salaam", status_callback=sandbox.callback_url())
    assert (sent.status, sent.from_, sent.num_segments, sent.messaging_service_sid) == ("accepted", None, "0", SERVICE)
    until(lambda: sandbox.receiver.statuses() == ["queued", "sent", "delivered"])
    assert sandbox.receiver.got[0].form["MessagingServiceSid"] == SERVICE
    found = sandbox.twilio.messages(sent.sid).fetch()
    assert (found.from_, found.num_segments) == (SMS, "1")


def test_reports_can_be_repeated_and_shuffled(sandbox: Rig) -> None:
    sandbox.control("callbacks", {"delay": 0.01, "repeat": 2, "shuffle": True})
    for _ in range(12):
        sandbox.sms("Salaam", status_callback=sandbox.callback_url())
    until(lambda: len(sandbox.receiver.statuses()) == 48)
    first = [received.form["MessageStatus"] for received in sandbox.receiver.got]
    by_sid: dict[str, list[str]] = {}
    for received, word in zip(sandbox.receiver.got, first, strict=True):
        by_sid.setdefault(received.form["MessageSid"], []).append(word)
    assert {tuple(words) for words in by_sid.values()} == {
        ("sent", "sent", "delivered", "delivered"),
        ("delivered", "delivered", "sent", "sent"),
    }


def test_read_receipts_come_on_whatsapp_when_asked_for(sandbox: Rig) -> None:
    sandbox.control("callbacks", {"delay": 0.01, "read": True})
    sandbox.phone(channel="whatsapp", text="Salaam")
    sandbox.whatsapp("Salaam", status_callback=sandbox.callback_url())
    until(lambda: sandbox.receiver.statuses() == ["sent", "delivered", "read"])
    assert sandbox.receiver.got[-1].form["EventType"] == "READ"
    assert sandbox.receiver.got[-1].form["ChannelPrefix"] == "whatsapp"


def test_memory_is_bounded() -> None:
    with rig(kept=5) as small:
        for number in range(9):
            small.sms(str(number), to=AWA if number % 2 else MODOU)
        assert [message.body for message in small.twilio.messages.list()] == list("87654")
        assert small.control("state")["messages"] == 5


def test_a_client_that_keeps_the_path_only_works_too(sandbox: Rig) -> None:
    client = Client(ACCOUNT, TOKEN, http_client=RewritingClient(sandbox.url, keep_host=False))
    assert client.messages.create(to=AWA, from_=SMS, body="Salaam").sid
