"""Notices by e-mail, to a real SMTP server on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from bot.domain.addresses import Address
from bot.domain.errors import SendError
from bot.domain.messages import OutboundMessage
from bot.domain.sending import Verdict
from bot.notifiers.email import EmailNotifier
from tests.sandbox.sandbox_rig import free_port

TEXT = "Nouvelle demande K7M4PX. Besoin : santé. Répondez OK K7M4PX."


@dataclass
class Box:
    """Takes letters, or answers what it is told to."""

    letters: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return "550 no such user" if address.startswith("gone@") else "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return self.answer


@pytest.fixture
def box() -> Iterator[tuple[Box, EmailNotifier]]:
    box, port = Box(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, EmailNotifier(f"smtp://127.0.0.1:{port}", "dellusi@example.sn", timeout=3)
    controller.stop()


def notice(to: str = "accueil@example.sn") -> OutboundMessage:
    return OutboundMessage(Address("email", to), TEXT)


def test_a_notice_arrives_with_nothing_but_its_code_in_the_subject(box: tuple[Box, EmailNotifier]) -> None:
    kept, notifier = box
    notifier.send(notice(), "notice.1")
    (letter,) = kept.letters
    assert (letter["Subject"], letter["To"], letter["Auto-Submitted"]) == ("Dellusi K7M4PX", "accueil@example.sn", "auto-generated")
    assert letter.get_content().strip() == TEXT


def test_the_same_notice_again_is_the_same_letter(box: tuple[Box, EmailNotifier]) -> None:
    kept, notifier = box
    for _ in range(2):
        notifier.send(notice(), "notice.1")
    assert len({letter["Message-ID"] for letter in kept.letters}) == 1


@pytest.mark.parametrize(("answer", "verdict"), [("451 later", Verdict.LATER), ("554 never", Verdict.NEVER)])
def test_a_refusal_is_for_now_or_for_good(box: tuple[Box, EmailNotifier], answer: str, verdict: Verdict) -> None:
    kept, notifier = box
    kept.answer = answer
    with pytest.raises(SendError) as caught:
        notifier.send(notice(), "notice.1")
    assert caught.value.verdict is verdict


def test_nobody_of_that_name_is_for_good(box: tuple[Box, EmailNotifier]) -> None:
    with pytest.raises(SendError) as caught:
        box[1].send(notice("gone@example.sn"), "notice.1")
    assert (caught.value.code, caught.value.verdict) == ("smtp_550", Verdict.NEVER)


def test_a_server_that_is_away_is_tried_again() -> None:
    with pytest.raises(SendError) as caught:
        EmailNotifier(f"smtp://127.0.0.1:{free_port()}", "dellusi@example.sn", timeout=1).send(notice(), "notice.1")
    assert caught.value.retryable
