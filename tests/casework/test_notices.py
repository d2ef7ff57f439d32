"""Partners hear of a referral once, with nothing in it that gives the person away."""

from bot.casework import notices
from bot.domain.segments import measure
from bot.storage import referrals
from tests.pipeline.world import AWA, CASEWORKER, World, shipped


def intake(world: World) -> str:
    for answer in ("inscription", "oui", "1", "Touba", "1", "1", "1", "1", "1", "1", "Modou"):
        world.say(answer)
    return str(world.one("SELECT code FROM referrals"))


def test_the_partner_gets_code_need_department_and_deadline_and_nothing_finer(world: World) -> None:
    code = intake(world)
    (notice,) = world.sms.texts(CASEWORKER)
    assert code in notice
    assert "Diourbel" in notice
    for personal in ("Modou", "Touba", AWA, AWA[4:], "18 ans"):
        assert personal not in notice


def test_what_is_stored_of_a_referral_names_nobody(world: World) -> None:
    intake(world)
    for table in ("referrals", "referral_events", "notifications"):
        for row in world.rows(f"SELECT * FROM {table}"):
            written = " ".join(value if isinstance(value, str) else "" for value in row)
            assert "Modou" not in written
            assert AWA[4:] not in written


def test_the_same_event_is_announced_once_to_each_address(world: World) -> None:
    intake(world)
    with world.rt.database.writing() as tx:
        (referral,) = referrals.by_codes(tx, [str(world.one("SELECT code FROM referrals"))])
        assert notices.announce(shipped(), tx, referral, "new_referral") == 0
        assert notices.announce(shipped(), tx, referral, "withdrawn_referral") == len(shipped().partner_addresses(referral.partner))
    world.dispatch()
    assert len(world.sms.texts(CASEWORKER)) == 2


def test_a_partner_without_an_address_is_told_nothing_and_nothing_breaks(world: World) -> None:
    intake(world)
    world.change("UPDATE referrals SET partner = 'nobody'")
    with world.rt.database.writing() as tx:
        (referral,) = referrals.by_codes(tx, [str(world.one("SELECT code FROM referrals"))])
        assert notices.announce(shipped(), tx, referral, "withdrawn_referral") == 0


def test_a_notice_is_one_sms_of_few_segments(world: World) -> None:
    intake(world)
    assert all(measure(notice).segments <= 2 for notice in world.sms.texts(CASEWORKER))
