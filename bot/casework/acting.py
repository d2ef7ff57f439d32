"""The commands that move a referral. Each gives an answer, and where the person has to know, a word to them."""

from collections.abc import Callable, Mapping

from bot.casework.desk import Desk, Matter, Outcome, Told, tell
from bot.casework.placing import place_elsewhere
from bot.casework.reach import ways_to
from bot.casework.reading import Command, Order, named, says_missed, way_of
from bot.domain.attempts import Attempt, Tally, same_try, tally
from bot.domain.errors import Conflict
from bot.domain.referrals import CLOSINGS, DECLINES, MOVES, Move
from bot.storage import casework, history, referrals
from bot.storage.casework import Question
from bot.storage.referrals import ReferralRow

Act = Callable[[Desk, Matter, Order], Outcome]


def refusal(desk: Desk, row: ReferralRow) -> Outcome:
    """Why a command cannot be carried out in this state."""
    match row.state:
        case "closed":
            return desk.say("was_closed", row, why=desk.word("outcomes", row.outcome or "served"))
        case "revoked" | "duplicate" | "unreachable":
            return desk.say(f"was_{row.state}", row)
        case _:
            return desk.say("not_now", row)


def accept(desk: Desk, matter: Matter, order: Order) -> Outcome:
    """The partner takes it."""
    late = desk.tx.now > matter.row.due_at
    return _simple(desk, matter, "accept", "late_accept" if late else "done_accept", "told_accepted")


def see(desk: Desk, matter: Matter, order: Order) -> Outcome:
    """It was read."""
    return _simple(desk, matter, "see", "done_see")


def contact(desk: Desk, matter: Matter, order: Order) -> Outcome:
    """The person was spoken to."""
    return _simple(desk, matter, "contact", "done_contact")


def serve(desk: Desk, matter: Matter, order: Order) -> Outcome:
    """The help has begun."""
    return _simple(desk, matter, "serve", "done_serve")


def decline(desk: Desk, matter: Matter, order: Order) -> Outcome:
    """The partner does not take it, and says why; the next one gets it at once."""
    row = matter.row
    if row.state == "declined":
        done = history.last_done(desk.tx, row.id, row.partner)
        return desk.say("done_decline_last", row, why=desk.word("declines", done.reason if done else DECLINES[0]))
    if row.state not in MOVES["decline"].sources:
        return refusal(desk, row)
    reason = named(desk.content, "declines", order, DECLINES)
    if reason is None:
        return _ask(desk, row, "decline", "which_reason", _numbered(desk, "declines", DECLINES))
    declined = referrals.step(desk.tx, row, "decline", matter.author, reason=reason)
    placed = place_elsewhere(desk.content, desk.tx, declined)
    casework.drop_links(desk.tx, row.id)
    key, told = ("done_decline", tell(placed, "told_moved")) if placed else ("done_decline_last", tell(declined, "told_nobody"))
    return desk.say(key, row, told, why=desk.word("declines", reason))


def miss(desk: Desk, matter: Matter, order: Order) -> Outcome:
    """An attempt reached nobody. The third that counts closes the referral as unreachable, which nothing else does."""
    row = matter.row
    if row.state == "unreachable":
        return desk.say("done_unreachable", row)
    if row.state not in MOVES["try"].sources:
        return refusal(desk, row)
    attempt = Attempt(desk.tx.now, way_of(desk.content, order))
    before = history.attempts(desk.tx, row.id, row.partner)
    if not any(same_try(attempt, earlier) for earlier in before):
        before = (*before, attempt)
        row = referrals.step(desk.tx, row, "try", matter.author, detail=attempt.way)
    found = tally(before, ways_to(desk.tx, row.contact_id))
    if found.enough:
        lost = referrals.step(desk.tx, row, "lose", matter.author)
        return desk.say("done_unreachable", lost, tell(lost, "told_unreachable"))
    taken = tell(row, "told_accepted") if matter.row.state in ("offered", "seen") else None
    return desk.say("done_miss", row, taken, left=str(found.left), next=_missing(desk, found))


def close(desk: Desk, matter: Matter, order: Order) -> Outcome:
    """It is over, and how it ended."""
    row = matter.row
    if row.state == "closed":
        return desk.say("done_close", row, why=desk.word("outcomes", row.outcome or "served"))
    outcome = named(desk.content, "outcomes", order, CLOSINGS)
    if row.state == outcome == "duplicate":
        return desk.say("done_close", row, why=desk.word("outcomes", outcome))
    if row.state not in MOVES["merge" if outcome == "duplicate" else "close"].sources:
        return refusal(desk, row)
    if says_missed(desk.content, order):
        return desk.say("not_unreachable", row)
    if outcome is None:
        return _ask(desk, row, "close", "which_outcome", _numbered(desk, "outcomes", CLOSINGS))
    if outcome == "duplicate":
        closed, told = referrals.step(desk.tx, row, "merge", matter.author, reason=outcome), "told_joined"
    else:
        closed, told = referrals.step(desk.tx, row, "close", matter.author, reason=outcome), "told_closed"
    casework.drop_links(desk.tx, row.id)
    return desk.say("done_close", closed, tell(closed, told), why=desk.word("outcomes", outcome))


def note(desk: Desk, matter: Matter, order: Order) -> Outcome:
    """The caseworker's own words, sealed; nobody else's partner reads them."""
    row = matter.row
    if row.state == "revoked":
        return refusal(desk, row)
    if not order.rest:
        return _ask(desk, row, "note", "which_note")
    casework.add_note(desk.tx, row.id, partner=matter.author.partner, member=desk.who.id, text=order.rest)
    return desk.say("done_note", row)


def _simple(desk: Desk, matter: Matter, step: Move, key: str, told: str | None = None) -> Outcome:
    try:
        after = referrals.step(desk.tx, matter.row, step, matter.author)
    except Conflict:
        return refusal(desk, matter.row)
    moved = after.state != matter.row.state
    return desk.say(key, after, _told(after, told) if moved else None)


def _told(row: ReferralRow, text: str | None) -> Told | None:
    return tell(row, text) if text else None


def _ask(desk: Desk, row: ReferralRow, command: Command, key: str, choices: str = "") -> Outcome:
    casework.ask(desk.tx, desk.who.id, Question(command, row.code))
    return desk.say(key, row, choices=choices)


def _numbered(desk: Desk, group: str, keys: tuple[str, ...]) -> str:
    return ", ".join(f"{number} {desk.word(group, key)}" for number, key in enumerate(keys, 1))


def _missing(desk: Desk, found: Tally) -> str:
    wanted = {"day": found.day, "hour": found.hour, "way": found.way}
    return ", ".join(desk.word("attempts", key) for key, missing in wanted.items() if missing)


ACTS: Mapping[Command, Act] = {
    "accept": accept,
    "see": see,
    "decline": decline,
    "contact": contact,
    "miss": miss,
    "serve": serve,
    "close": close,
    "note": note,
}
