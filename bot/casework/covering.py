"""What a partner holds for which nobody reads any more goes on: to the next who takes it, the coordinator, or the national desk.

Exactly one partner holds a referral meanwhile too, and only somebody who can answer gets it.
"""

from collections.abc import Iterator

from bot.casework import people
from bot.casework.notices import announce, tell
from bot.casework.people import Duty
from bot.content import Content
from bot.content.assets import fill_reason
from bot.domain.addresses import CHANNEL_TYPES
from bot.domain.cover import Gap, gap_of, outlasts
from bot.domain.places import place_of
from bot.domain.referrals import TAKEN
from bot.storage import casework, history, referrals
from bot.storage.database import Transaction
from bot.storage.history import SERVICE
from bot.storage.referrals import ReferralRow
from bot.translation import SOURCE


def gap(duty: Duty, row: ReferralRow, tx: Transaction) -> Gap | None:
    """Why nobody reads what the holder of a referral is sent; None while somebody does, or is back in time."""
    if duty.answers(row.partner):
        return None
    # Who plays a partner in the sandbox can only have stopped us.
    found = Gap("stopped") if row.partner in duty.demo else gap_of(duty.everyone, duty.silent, row.partner)
    lasting = outlasts(found, state=row.state, urgency=row.urgency, due_at=row.due_at, now=tx.now)
    return found if lasting else None


def next_holder(content: Content, tx: Transaction, duty: Duty, row: ReferralRow) -> str | None:
    """Who takes a referral over: somebody who can answer now, first who has not held it yet. Where nobody anywhere can, a coordinator or
    the national desk that at least has a mailbox, unless the holder has one too. None when there is nobody better."""
    desks, mailed = _last_resorts(content, row), people.has_mailbox(content, row.partner)
    # What the ladder raised to a desk that reads mail alone must not fall back to whoever was silent.
    former = history.holders(tx, row.id) if mailed and row.partner in desks else ()
    others = [partner for partner in _in_order(content, tx, row) if partner not in (row.partner, *former)]
    mailbox = [] if mailed else [one for one in desks if people.has_mailbox(content, one)]
    return next((partner for partner in others if duty.answers(partner)), next(iter(mailbox), None))


def hand_on(content: Content, tx: Transaction, row: ReferralRow, found: Gap, target: str) -> ReferralRow:
    """Give a referral to its new holder, who hears of it once. The referral afterwards. `row` is locked.

    Who takes over what was taken begins anew, and has the whole time for it.
    """
    names = {
        "partner": content.value(f"partner.{target}", SOURCE) or target,
        "previous": content.value(f"partner.{row.partner}", SOURCE) or "",
    }
    told = fill_reason(content.notices, found.why, names)
    taken = row.state in TAKEN
    handed = referrals.hand(tx, row, "transfer", SERVICE, partner=target, why=told, reason=found.why, renewed=taken)
    casework.drop_links(tx, handed.id)
    announce(content, tx, handed, "new_referral")
    # Of the former holder only a mailbox or a system may still be listening.
    mailboxes = [reader for reader in people.readers(content, tx, row.partner) if reader.address.channel not in CHANNEL_TYPES]
    tell(content, tx, row, "moved_referral", mailboxes)
    return handed


def _in_order(content: Content, tx: Transaction, row: ReferralRow) -> Iterator[str]:
    declined = history.decliners(tx, row.id)
    before = {*history.holders(tx, row.id), *declined}
    candidates = [one.partner.id for one in content.routing(row.need, row.place, row.urgency, SOURCE, tx.now).candidates]
    yield from (partner for partner in candidates if partner not in before)
    yield from _last_resorts(content, row)
    yield from (partner for partner in candidates if partner not in declined)


def _last_resorts(content: Content, row: ReferralRow) -> tuple[str, ...]:
    directory = content.directory
    own, home = directory.region_of(place_of(row.place) if row.place else None), directory.country.regions[directory.home]
    return (own.coordinator, home.coordinator, directory.ladder.national)
