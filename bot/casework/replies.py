"""A caseworker answers by text: `OK KX7M4P`, forgiving about case, order and a missing code when only one referral is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from wolof.spelling import fold_text

from bot import telemetry
from bot.casework.notices import announce
from bot.content import Content
from bot.domain.errors import Conflict
from bot.domain.ids import ContactId
from bot.domain.referrals import Move, ReferralSummary, find_code, move, without_code
from bot.storage import referrals
from bot.storage.database import Transaction
from bot.storage.referrals import ReferralRow

Command = Literal["accept", "see", "decline", "contact", "close", "list", "help"]
COMMANDS: tuple[Command, ...] = get_args(Command)
# Commands that move a referral, and the moves they make.
_MOVES: dict[str, Move] = {"accept": "accept", "see": "see", "decline": "decline", "contact": "contact", "close": "close"}
# The person hears of these, and of nothing else that a caseworker does.
_TOLD = ("accept", "decline", "close")


@dataclass(frozen=True, slots=True)
class Told:
    """Something the person is to hear about a referral of theirs."""

    contact_id: ContactId
    referral: ReferralSummary


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to the caseworker, and a word to the person where there is one."""

    answer: str
    told: Told | None = None


def handle(content: Content, tx: Transaction, partners: Sequence[str], text: str) -> Outcome:
    """Act on a text from an address that is registered for these partners."""
    language = content.partner_language(partners[0])
    command = read_command(content, text)
    if command is None or command == "help":
        return Outcome(content.reply("help", language))
    if command == "list":
        return Outcome(_listed(content, tx, partners, language))
    referral = _referral(tx, partners, text)
    if isinstance(referral, str):
        return Outcome(content.reply(referral, language))
    return _act(content, tx, referral, command, language)


def read_command(content: Content, text: str) -> Command | None:
    """The command in a text: the first word or phrase that is one, the longest where several begin, in any language and spelling."""
    words: dict[str, Command] = {fold_text(word): command for command in COMMANDS for word in content.caseworker_words.get(command, ())}
    said = f" {fold_text(without_code(text)[:200])} "
    found = [(said.find(f" {word} "), -len(word), command) for word, command in words.items() if f" {word} " in said]
    return min(found)[2] if found else None


def _referral(tx: Transaction, partners: Sequence[str], text: str) -> ReferralRow | str:
    """The referral that is meant, or the key of the answer that says why there is none."""
    code = find_code(text)
    if code is not None:
        found = referrals.lock_by_code(tx, code)
        # Somebody else's code and a code that does not exist get the same answer: codes cannot be tried out.
        return found if found is not None and found.partner in partners else "unknown_code"
    waiting = referrals.held_by(tx, partners)
    if not waiting:
        return "none_open"
    if len(waiting) > 1:
        return "which_code"
    return referrals.lock_by_code(tx, waiting[0].code) or "unknown_code"


def _act(content: Content, tx: Transaction, referral: ReferralRow, command: Command, language: str) -> Outcome:
    step = _MOVES[command]
    try:
        state = move(referral.state, step)
    except Conflict:
        return Outcome(content.reply("not_now", language, referral.summary))
    summary = ReferralSummary(referral.code, state, referral.need, referral.partner, referral.urgency, referral.opened_at, referral.due_at)
    answer = content.reply(f"done_{command}", language, summary)
    if state == referral.state:
        return Outcome(answer)
    referrals.set_state(tx, referral.id, state)
    referrals.note(tx, referral.id, move=step, state=state, by=f"partner:{referral.partner}", door="text")
    if command == "decline":
        _offer_elsewhere(content, tx, referral)
    return Outcome(answer, Told(referral.contact_id, summary) if command in _TOLD else None)


def _offer_elsewhere(content: Content, tx: Transaction, referral: ReferralRow) -> None:
    """A refusal leads to the next partner, in the end to the coordinator; exactly one holds a referral at any time."""
    tried = referrals.decliners(tx, referral.id)
    routed = content.route_again(referral.need, referral.place, referral.urgency, tx.now, tried)
    if routed is None:
        telemetry.log().error("referral_declined_by_all", referral=str(referral.id))
        return
    offered = referrals.offer(tx, referral.id, partner=routed.partner, reason=routed.reason)
    announce(content, tx, offered, "new_referral")


def _listed(content: Content, tx: Transaction, partners: Sequence[str], language: str) -> str:
    waiting = referrals.held_by(tx, partners)
    if not waiting:
        return content.reply("none_open", language)
    lines = [content.reply("list_line", language, referral.summary, referral.place) for referral in waiting[:8]]
    return "\n".join((content.reply("list", language), *lines))
