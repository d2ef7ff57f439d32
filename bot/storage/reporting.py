"""Referrals as cases to be counted. Nothing that names a person is read."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.places import place_of
from bot.domain.report import STEPS, Case, Step
from bot.storage.database import Transaction
from bot.storage.models import referral_events, referrals

_STEP_OF: dict[str, Step] = {"see": "seen", "accept": "accepted", "contact": "contacted", "close": "closed"}


def cases(tx: Transaction, since: datetime, until: datetime) -> tuple[Case, ...]:
    """The referrals that were opened from `since` to before `until`, oldest first."""
    columns = (referrals.c.id, referrals.c.need, referrals.c.place, referrals.c.partner, referrals.c.state, referrals.c.outcome)
    inside = (referrals.c.opened_at >= since, referrals.c.opened_at < until)
    rows = tx.execute(sa.select(*columns, referrals.c.opened_at).where(*inside).order_by(referrals.c.opened_at)).all()
    events = referral_events.c
    first = sa.select(events.referral_id, events.move, sa.func.min(events.at).label("at")).join(
        referrals, referrals.c.id == events.referral_id
    )
    found: dict[object, dict[str, datetime]] = {}
    for row in tx.execute(first.where(*inside).group_by(events.referral_id, events.move)):
        found.setdefault(row.referral_id, {})[row.move] = row.at
    return tuple(_case(row, found.get(row.id, {})) for row in rows)


def _case(row: "sa.Row[tuple[object, ...]]", moves: dict[str, datetime]) -> Case:
    place = place_of(row.place) if row.place else None
    at = {step: moves[move] for move, step in _STEP_OF.items() if move in moves}
    # Whoever accepts without a VU has seen it then.
    seen = min((at[step] for step in STEPS if step in at), default=None)
    at |= {"seen": seen} if seen is not None else {}
    where = (place.department or place.region) if place else "-"
    return Case(row.need, where, row.partner, row.state, row.opened_at, at, "reopen" in moves, row.outcome)
