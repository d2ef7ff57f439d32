"""config/ladder.yml: who is asked next while nobody has seen a referral."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from bot.content.reading import Faults, Section, nearest, read_file
from bot.domain.directory import Partner
from bot.domain.ladder import NO_LADDER, RUNGS, Ladder, Rung
from bot.domain.referrals import DEADLINES, Urgency

FILE = "config/ladder.yml"


def load_ladder(folder: Path, partners: Mapping[str, Partner], faults: Faults) -> Ladder:
    """The ladder of `folder` (config/). Faults are noted, nothing is raised."""
    section = read_file(folder / "ladder.yml", FILE, faults)
    if section is None:
        return NO_LADDER
    national, shares = section.text("national"), section.section("shares")
    if national and national not in partners:
        section.fault("national", "unknown_partner", nearest(national, partners), name=national)
    ladder = Ladder(national, {urgency: _rungs(shares, urgency) for urgency in DEADLINES} if shares else {})
    if shares is None:
        section.fault("shares", "missing_key", name="shares")
    else:
        shares.finish()
    section.finish()
    return ladder


def _rungs(shares: Section, urgency: Urgency) -> Mapping[Rung, float]:
    """Shares of the time between 0 and 1, each rung after the one before it."""
    rungs = shares.section(urgency)
    if rungs is None:
        shares.fault(urgency, "missing_key", name=urgency)
        return dict.fromkeys(RUNGS, 1.0)
    found = {rung: share for rung in RUNGS if (share := _share(rungs, rung)) is not None}
    for before, after in pairwise(found):
        if found[after] <= found[before]:
            rungs.fault(after, "not_allowed", value=str(found[after]), allowed=f"> {found[before]}")
    rungs.finish()
    return found


def _share(rungs: Section, rung: Rung) -> float | None:
    written = rungs.text(rung)
    try:
        share = float(written or "nan")
    except ValueError:
        share = 0.0
    if written and not 0 < share < 1:
        rungs.fault(rung, "not_allowed", value=written, allowed="0.01 - 0.99")
    return share if 0 < share < 1 else None
