"""Which referral a caseworker means, and whether it is theirs to act on. When not, the answer says why, and what to do."""

from bot.casework.desk import Desk, Matter, Outcome
from bot.casework.reading import Command, Order
from bot.domain.places import place_of
from bot.domain.referrals import Move
from bot.storage import casework, history, referrals
from bot.storage.casework import Question
from bot.storage.history import Author, Done
from bot.storage.referrals import ReferralRow

# What a repeated text finds done already.
_MOVE: dict[Command, tuple[Move, ...]] = {
    "accept": ("accept",),
    "see": ("see",),
    "decline": ("decline",),
    "contact": ("contact",),
    "miss": ("try", "lose"),
    "serve": ("serve",),
    "close": ("close", "merge"),
    "transfer": ("transfer",),
}
# What a region's coordinator may do with a referral that another partner holds.
_COORDINATOR: tuple[Command, ...] = ("transfer", "close", "note")
DOOR = "text"


def find(desk: Desk, order: Order) -> Matter | Outcome:
    """The referral of an order, locked; or the answer that says why there is none."""
    if order.code is None:
        return _only_one(desk, order)
    row = referrals.lock_by_code(desk.tx, order.code)
    if row is None:
        return desk.say("unknown_code")
    return _as_holder(desk, row) or _as_coordinator(desk, row, order) or _not_theirs(desk, row, order)


def _only_one(desk: Desk, order: Order) -> Matter | Outcome:
    waiting = referrals.held_by(desk.tx, desk.who.partners)
    if len(waiting) > 1:
        if order.command is not None:
            casework.ask(desk.tx, desk.who.id, Question(order.command, "", order.rest))
        return desk.say("which_code")
    if waiting:
        row = referrals.lock(desk.tx, waiting[0].id)
        return (_as_holder(desk, row) if row else None) or desk.say("none_open")
    return _done_before(desk, order) or desk.say("none_open")


def _done_before(desk: Desk, order: Order) -> Matter | Outcome | None:
    """The text that closed the last one, sent again without its code."""
    last = history.last_by(desk.tx, desk.who.id)
    if last is None or order.command is None or last[1] not in _MOVE.get(order.command, ()):
        return None
    row = referrals.lock(desk.tx, last[0])
    return (_as_holder(desk, row) or _not_theirs(desk, row, order)) if row else None


def _as_holder(desk: Desk, row: ReferralRow) -> Matter | None:
    return Matter(row, Author("partner", DOOR, row.partner, desk.who.id)) if row.partner in desk.who.partners else None


def _as_coordinator(desk: Desk, row: ReferralRow, order: Order) -> Matter | Outcome | None:
    region = place_of(row.place).region if row.place else desk.content.directory.region_of(None).name
    if region not in desk.who.coordinates:
        return None
    if order.command not in _COORDINATOR:
        return desk.say("coordinator_may", row)
    named = desk.content.directory.region_of(place_of(row.place) if row.place else None).coordinator
    own = named if named in desk.who.partners else desk.who.partners[0]
    return Matter(row, Author("coordinator", DOOR, own, desk.who.id))


def _not_theirs(desk: Desk, row: ReferralRow, order: Order) -> Outcome:
    """It went on to somebody else, or never was theirs. Who handed it on and says so again gets the answer of the first time."""
    held = [partner for partner in history.holders(desk.tx, row.id) if partner in desk.who.partners]
    if not held:
        return desk.say("someone_else", row)
    done = history.last_done(desk.tx, row.id, held[-1])
    # Whoever gave it away and says so again gives it away once. Whoever took it, and lost it since, has to hear what it is now.
    if done and order.command and done.move in ("decline", "transfer") and done.move in _MOVE.get(order.command, ()):
        return _as_before(desk, row, done)
    if row.state == "revoked":
        return desk.say("was_revoked", row)
    return desk.say("expired" if history.lost_by_silence(desk.tx, row.id, held[-1]) else "moved_on", row)


def _as_before(desk: Desk, row: ReferralRow, done: Done) -> Outcome:
    return desk.say(f"done_{done.move}", row, why=desk.word("declines", done.reason))
