"""A caseworker answers by text: `OK KX7M4P`, forgiving about spelling, case, order, and a missing code when only one is open."""

from collections.abc import Mapping

from bot.casework import details
from bot.casework.acting import ACTS, Act
from bot.casework.desk import Desk, Matter, Outcome
from bot.casework.finding import find
from bot.casework.reading import Command, Order, named, order_of, read_order
from bot.casework.transferring import transfer
from bot.content import Content
from bot.domain.caseworkers import Caseworker
from bot.domain.referrals import CLOSINGS, DECLINES
from bot.storage import casework, referrals
from bot.storage.casework import Question
from bot.storage.database import Transaction

_ALL: Mapping[Command, Act] = {**ACTS, "transfer": transfer, "details": details.show}
_MOST_LINES = 8
# Questions that are answered by any words, and those that are answered by a choice of a group of flows/notices.yml.
_IN_WORDS = ("transfer", "note")
_CHOICES: Mapping[str, tuple[str, tuple[str, ...]]] = {"decline": ("declines", DECLINES), "close": ("outcomes", CLOSINGS)}


def handle(content: Content, tx: Transaction, who: Caseworker, text: str, *, public_url: str = "") -> Outcome:
    """Act on a text from a registered address."""
    desk = Desk(content, tx, who, public_url)
    order = _completed(desk, read_order(content, text), text)
    if order.command is None or order.command == "help":
        return desk.say("help")
    if order.command == "list":
        return _listed(desk)
    found = find(desk, order)
    return found if isinstance(found, Outcome) else _act(desk, found, order)


def _act(desk: Desk, matter: Matter, order: Order) -> Outcome:
    act = _ALL.get(order.command) if order.command else None
    return act(desk, matter, order) if act else desk.say("help")


def _completed(desk: Desk, order: Order, text: str) -> Order:
    """A text without a command that answers what was asked last: a number, a code, a place. Any command is a new matter."""
    asked = casework.asked(desk.tx, desk.who.id)
    if asked is None:
        return order
    if order.command is None and not _answers(desk, asked, order):
        return order
    casework.answered(desk.tx, desk.who.id)
    if order.command is not None:
        return order
    if not asked.code:
        # The code was missing: everything else had been said.
        return order_of(asked.command, order.code, asked.rest)
    return order_of(asked.command, order.code or asked.code, order.rest)


def _answers(desk: Desk, asked: Question, order: Order) -> bool:
    if not asked.code:
        return order.code is not None
    group, keys = _CHOICES.get(asked.command, ("", ()))
    return order.number is not None or bool(
        order.rest and (asked.command in _IN_WORDS or (group and named(desk.content, group, order, keys)))
    )


def _listed(desk: Desk) -> Outcome:
    waiting = referrals.held_by(desk.tx, desk.who.partners)
    if not waiting:
        return desk.say("none_open")
    lines = [desk.say("list_line", row).answer for row in waiting[:_MOST_LINES]]
    if len(waiting) > _MOST_LINES:
        lines.append(desk.say("list_more", left=str(len(waiting) - _MOST_LINES)).answer)
    return Outcome("\n".join((desk.say("list").answer, *lines)), key="list")
