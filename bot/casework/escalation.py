"""The next one up: while nobody answers for a referral, somebody above takes it over. Exactly one partner holds it meanwhile, too."""

from collections.abc import Mapping
from itertools import chain

from bot.casework import people
from bot.casework.notices import announce, tell
from bot.casework.people import deputies
from bot.content import Content
from bot.content.assets import fill_reason
from bot.domain.ladder import Holding, Rung, Tier
from bot.domain.places import place_of
from bot.domain.referrals import Move
from bot.storage import casework, incidents, referrals
from bot.storage.database import Transaction
from bot.storage.history import SERVICE, SILENCE, Author
from bot.storage.referrals import ReferralRow

_TIERS: Mapping[Rung, Tier] = {"coordinator": "coordinator", "national": "national"}


def tier_of(content: Content, row: ReferralRow) -> Tier:
    """How high the holder of a referral stands."""
    if row.partner == content.directory.ladder.national:
        return "national"
    return "coordinator" if row.partner == _coordinator(content, row) else "partner"


def holding(content: Content, row: ReferralRow) -> Holding:
    """What the rungs of a referral follow from."""
    return Holding(row.urgency, row.held_since, row.due_at, content.directory.hours_of(row.partner))


def climb(content: Content, tx: Transaction, row: ReferralRow, rung: Rung) -> str:
    """Play a rung. What came of it: `done`, or why there was nothing to do. `row` is locked and nobody has seen it."""
    if rung == "reminder":
        announce(content, tx, row, "reminder_referral")
        return "done"
    if rung == "deputy":
        return "done" if tell(content, tx, row, "deputy_referral", deputies(content, tx, row.partner)) else "nobody"
    return "done" if hand_up(content, tx, row, _TIERS[rung], SERVICE, why="not_seen", reason=SILENCE) else "held_there"


def escalate(content: Content, tx: Transaction, row: ReferralRow, author: Author) -> ReferralRow:
    """The person says that nobody was in touch: whoever stands above the holder takes over; at the top they are told again.

    A referral that the holder has taken, or that is over, is opened again with a new deadline. The referral afterwards.
    """
    above: tuple[Tier, ...] = ("coordinator", "national") if tier_of(content, row) == "partner" else ("national",)
    step: Move = "transfer" if row.state in ("offered", "seen", "declined") else "reopen"
    for tier in above:
        handed = hand_up(content, tx, row, tier, author, why="not_contacted", reason="not_contacted", step=step)
        if handed is not None:
            return handed
    if step == "reopen":
        why = fill_reason(content.notices, "not_contacted", {"partner": content.value(f"partner.{row.partner}", "fr") or row.partner})
        row = referrals.hand(tx, row, "reopen", author, partner=row.partner, why=why, reason="not_contacted")
    announce(content, tx, row, "waiting_referral", occasion=tx.now)
    return row


def hand_up(
    content: Content, tx: Transaction, row: ReferralRow, to: Tier, author: Author, *, why: str, reason: str, step: Move = "transfer"
) -> ReferralRow | None:
    """Give a referral to the coordinator of its region or to the national desk, and tell both. None when that one holds it already, or
    when nobody there would hear of it."""
    target = _above(content, tx, row, to)
    if target is None:
        return None
    names = {"partner": content.value(f"partner.{target}", "fr") or target, "previous": content.value(f"partner.{row.partner}", "fr") or ""}
    # The service itself hands over what nobody has seen; the person may only have it opened again.
    by = author if step == "reopen" else SERVICE
    told = fill_reason(content.notices, why, names)
    handed = referrals.hand(tx, row, step, by, partner=target, why=told, reason=reason)
    casework.drop_links(tx, row.id)
    announce(content, tx, handed, "new_referral")
    announce(content, tx, row, "moved_referral")
    return handed


def _above(content: Content, tx: Transaction, row: ReferralRow, to: Tier) -> str | None:
    """Who stands there: where nobody reads for a region's coordinator, the one of the region that runs the service, as in routing; where
    nobody answers at either, whoever has a mailbox at least. None when the holder stands there, or nobody: then an admin hears of it."""
    directory = content.directory
    home = directory.country.regions[directory.home].coordinator
    wanted, duty = (directory.ladder.national,) if to == "national" else (_coordinator(content, row), home), people.duty(content, tx)
    answering = (partner for partner in wanted if partner == row.partner or duty.answers(partner))
    mailbox = (partner for partner in wanted if people.has_mailbox(content, partner))
    found = next(chain(answering, mailbox), None)
    if found is None:
        incidents.note(tx, "partner_untold", wanted[0])
    return None if found == row.partner else found


def _coordinator(content: Content, row: ReferralRow) -> str:
    return content.directory.region_of(place_of(row.place) if row.place else None).coordinator
