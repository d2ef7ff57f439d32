"""Whatever staff and admins do, no referral stays with a partner for which nobody reads, while somebody does elsewhere."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.casework import covering as covering_of
from bot.casework import people
from bot.domain.addresses import Address
from bot.domain.referrals import OPEN
from bot.pipeline import covering, falling_due
from bot.pipeline.leaving import leave
from bot.storage import members, referrals
from tests.casework.cast import CODE, COLLEAGUE, COORDINATOR, FORMER, HOLDER, OTHER, refer
from tests.pipeline.world import AWA, World, shipped, without_phones

# A Wednesday.
START = datetime(2026, 12, 2, 12, tzinfo=UTC)
NEWS = f"Demande {CODE} : elle passe à un autre service"
PHONES = {"baos_diourbel": (HOLDER, COLLEAGUE), "anpej": (FORMER,), "caosp": (OTHER,), "ard_diourbel": (COORDINATOR,)}
NUMBERS = [phone for phones in PHONES.values() for phone in phones]
DEEDS = st.tuples(
    st.sampled_from(("join", "leave", "stop", "start", "away", "away for long", "back", "ok", "appele", "non", "time")),
    st.sampled_from(NUMBERS),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DEEDS, min_size=1, max_size=14), st.sampled_from(["normal", "urgent"]))
def test_whatever_staff_do_no_referral_is_left_with_who_does_not_read_while_somebody_does(
    world: World, deeds: list[tuple[str, str]], urgency: str
) -> None:
    world.serve(without_phones(shipped()))
    world.change("TRUNCATE contacts, referrals, notifications, outbox, members, incidents, casework_questions CASCADE")
    world.sms.taken.clear()
    world.clock.now = START
    world.say("bonjour", AWA)
    for partner, phones in PHONES.items():
        world.join(partner, phones[0])
    with world.rt.database.writing() as tx:
        refer(tx, urgency=urgency)
    for deed, phone in deeds:
        do(world, deed, phone)
        moved = covering.play(world.rt)
        with world.rt.database.reading() as tx:
            (row,) = referrals.by_codes(tx, [CODE])
            duty = people.duty(world.rt.content, tx)
            history = world.rows("SELECT partner, state FROM referral_events WHERE move NOT IN ('missed', 'answer') ORDER BY seq")
            assert history[-1] == (row.partner, row.state)
            if row.state in OPEN and covering_of.gap(duty, row, tx) is not None:
                # Nobody anywhere reads, and nothing was moved for nothing.
                assert not moved
                assert covering_of.next_holder(people.staffed(world.rt.content, tx), tx, duty, row) is None
        assert covering.play(world.rt) == 0
    while world.dispatch():
        pass
    # The first two lines are how the holder got it.
    handed = world.one("SELECT count(*) - 2 FROM referral_events WHERE move IN ('transfer', 'offer')")
    assert len([text for text in world.sms.texts(AWA) if NEWS in text]) <= handed
    twice = "SELECT 1 FROM notifications WHERE event = 'new_referral' GROUP BY hash, partner, created_at HAVING count(*) > 1"
    assert world.rows(twice) == []


def do(world: World, deed: str, phone: str) -> None:
    """What somebody does, or what an admin does about them."""
    partner = next(partner for partner, phones in PHONES.items() if phone in phones)
    with world.rt.database.reading() as tx:
        known = next(iter(members.at(tx, Address("sms", phone))), None)
    today = world.clock().date()
    match deed:
        case "join" if known is None:
            world.join(partner, phone)
        case "leave" if known is not None:
            leave(world.rt, known)
        case "away" | "away for long" | "back" if known is not None:
            with world.rt.database.writing() as tx:
                until = today + timedelta(days=1 if deed == "away" else 40)
                members.set_absence(tx, known.id, None if deed == "back" else today, None if deed == "back" else until)
        case "stop" | "start":
            world.say({"stop": "ARRET", "start": "START"}[deed], phone)
        case "ok" | "appele":
            world.say(f"{deed} {CODE}", phone)
        case "non":
            world.say(f"non {CODE} 1", phone)
        case "time":
            world.pass_(hours=30)
            falling_due.play(world.rt)
        case _:
            world.pass_(minutes=5)
