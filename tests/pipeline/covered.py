"""One referral, the one who reads for its holder, and what becomes of it when they do no more."""

from datetime import timedelta

import pytest

from bot.domain.members import Member
from bot.domain.referrals import State
from bot.storage import members
from tests.casework.cast import CODE, COORDINATOR, HOLDER, refer
from tests.pipeline.world import AWA, World, shipped, without_phones

NEWS = f"Demande {CODE} : elle passe à un autre service"


@pytest.fixture
def holder(world: World) -> Member:
    """The one who reads for the holder of a referral; besides, somebody reads for the region's coordinator."""
    world.serve(without_phones(shipped()))
    world.say("bonjour", AWA)
    world.join("ard_diourbel", COORDINATOR)
    return world.join("baos_diourbel", HOLDER)


def hold(world: World, state: State = "accepted", urgency: str = "normal") -> None:
    with world.rt.database.writing() as tx:
        refer(tx, state, urgency=urgency)


def held(world: World) -> tuple[str, str]:
    ((partner, state),) = world.rows("SELECT partner, state FROM referrals")
    return str(partner), str(state)


def read(world: World, phone: str) -> list[str]:
    while world.dispatch():
        pass
    return world.sms.texts(phone)


def away(world: World, member: Member, days: int | None, deputy: Member | None = None) -> None:
    """Absent from today, for so many days."""
    today = world.clock().date()
    with world.rt.database.writing() as tx:
        members.set_absence(tx, member.id, today, None if days is None else today + timedelta(days=days - 1))
        members.set_deputy(tx, member.id, deputy.id if deputy else None)
