"""Twilio's list of what it received, through the official SDK against the stand-in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.twilio import make_client
from bot.channels.twilio_log import TwilioLog
from bot.domain.addresses import Address
from bot.domain.errors import SendError
from bot.domain.messages import InboundMessage
from tests.sandbox.sandbox_rig import ACCOUNT, AWA, MODOU, SMS, TOKEN, WHATSAPP, Rig, free_port, rig


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig() as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {"contents": True})
    return shared


def received(url: str, since: float = 30, until: float = -1, **senders: str) -> list[InboundMessage]:
    """What the log has between two moments, in minutes ago."""
    client = make_client(ACCOUNT, TOKEN, timeout=2.0, connections=4, api_url=url)
    now = datetime.now(UTC)
    log = TwilioLog(client, {"sms": SMS, "whatsapp": WHATSAPP} | senders)  # type: ignore[arg-type]
    return list(log.received(now - timedelta(minutes=since), now - timedelta(minutes=until)))


def test_what_people_sent_over_both_channels_is_listed_oldest_first(sandbox: Rig) -> None:
    for minutes, channel, text in ((20, "whatsapp", "Bonjour"), (25, "sms", "Salaam")):
        sandbox.control("clock", {"offset": -60 * minutes})
        sandbox.phone(channel=channel, text=text, lost=True)
    first, second = received(sandbox.url)
    assert (first.channel, first.sender, first.text, first.kind) == ("sms", Address("sms", AWA), "Salaam", "text")
    assert (second.channel, second.sender, second.text) == ("whatsapp", Address("whatsapp", AWA), "Bonjour")
    assert (first.recipient, second.recipient) == (SMS, WHATSAPP)
    assert first.sent_at is not None
    assert second.sent_at is not None
    assert first.sent_at < second.sent_at
    assert first.payload["Reconciled"] == ["true"]


def test_a_message_has_the_id_that_its_webhook_has(sandbox: Rig) -> None:
    sid = sandbox.phone(text="Salaam")["sid"]
    assert [message.provider_id for message in received(sandbox.url)] == [sid]
    assert sandbox.receiver.got[-1].form["MessageSid"] == sid


def test_our_own_messages_and_those_of_other_times_and_senders_are_left_out(sandbox: Rig) -> None:
    sandbox.sms("nous")
    sandbox.control("clock", {"offset": -7200})
    sandbox.phone(text="old", lost=True)
    sandbox.control("clock", {"offset": 0})
    sandbox.phone(text="young", lost=True)
    assert received(sandbox.url, until=5) == []
    assert received(sandbox.url, sms="+221339999999") == []
    assert [message.text for message in received(sandbox.url, since=180, until=60)] == ["old"]


def test_without_a_sender_every_one_of_the_channel_is_ours(sandbox: Rig) -> None:
    sandbox.phone(text="Salaam", lost=True)
    assert [message.text for message in received(sandbox.url, sms="")] == ["Salaam"]


def test_more_than_a_page_comes_whole_and_no_message_twice(sandbox: Rig) -> None:
    for number in range(210):
        sandbox.phone(**{"from": MODOU}, text=str(number), lost=True)
    assert [message.text for message in received(sandbox.url)] == [str(number) for number in range(210)]


def test_a_file_is_told_by_its_kind(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", media="voice", lost=True)
    (message,) = received(sandbox.url)
    assert (message.kind, [medium.content_type for medium in message.media]) == ("voice", ["audio/ogg"])


def test_half_a_list_is_no_list(sandbox: Rig) -> None:
    sandbox.control("list", {"broken": True})
    with pytest.raises(SendError) as caught:
        received(sandbox.url)
    assert caught.value.retryable
    with pytest.raises(SendError):
        received(f"http://127.0.0.1:{free_port()}")
