"""Who stands above: a coordinator or the national desk that reads mail alone takes what nobody else can, and it stays there."""

from dataclasses import replace

from bot.domain.addresses import Address
from bot.domain.directory import Means
from bot.domain.members import Member
from bot.pipeline import covering, falling_due
from bot.pipeline.leaving import leave
from tests.casework.cast import CODE, COORDINATOR, OTHER
from tests.pipeline.covered import NEWS, held, hold, holder, read
from tests.pipeline.world import AWA, World

__all__ = ["holder"]


def give_mailboxes(world: World) -> None:
    """To the region's coordinator and the national desk, and to nobody else."""
    content = world.rt.content
    named = (content.directory.ladder.national, "ard_diourbel")
    box = (Means(Address("email", "accueil@example.sn")),)
    partners = {one.id: replace(one, means=box if one.id in named else ()) for one in content.directory.partners.values()}
    world.serve(replace(content, directory=replace(content.directory, partners=partners)))


def climb(world: World) -> list[str]:
    """Three days in which nobody answers, with every periodic job at work; to whom the service handed it, in order."""
    for _ in range(72):
        world.pass_(hours=1)
        falling_due.play(world.rt)
        covering.play(world.rt)
    found = "SELECT partner FROM referral_events WHERE move = 'transfer' AND by = 'service' ORDER BY seq"
    return [partner for (partner,) in world.rows(found)]


def test_where_only_mailboxes_are_left_it_goes_to_one_and_not_to_and_fro(world: World, holder: Member) -> None:
    give_mailboxes(world)
    hold(world)
    world.say("ARRET", COORDINATOR)
    leave(world.rt, holder)
    for _ in range(3):
        covering.play(world.rt)
        assert held(world) == ("ard_diourbel", "offered")


def test_a_mailbox_of_the_former_holder_hears_that_it_moved_on(world: World, holder: Member) -> None:
    content = world.rt.content
    known = replace(content.directory.partners["baos_diourbel"], means=(Means(Address("email", "accueil@example.sn")),))
    world.serve(replace(content, directory=replace(content.directory, partners={**content.directory.partners, known.id: known})))
    hold(world)
    leave(world.rt, holder)
    assert held(world)[0] == "ard_diourbel"
    assert world.rows("SELECT event FROM notifications WHERE means = 'email'") == [("moved_referral",)]


def test_a_coordinator_that_nobody_reads_for_is_no_rung(world: World, holder: Member) -> None:
    world.join("dgase", OTHER)
    hold(world, "offered", urgency="urgent")
    world.say("ARRET", COORDINATOR)
    for _ in range(72):
        world.pass_(hours=1)
        falling_due.play(world.rt)
        covering.play(world.rt)
    handed = [partner for (partner,) in world.rows("SELECT partner FROM referral_events WHERE move = 'transfer' AND by = 'service'")]
    assert handed == ["dgase"]
    assert len([text for text in read(world, AWA) if NEWS in text]) == 1


def test_desks_with_a_mailbox_alone_are_rungs_and_what_they_get_does_not_fall_back(world: World, holder: Member) -> None:
    give_mailboxes(world)
    hold(world, "offered", urgency="urgent")
    world.say("ARRET", COORDINATOR)
    assert climb(world) == ["ard_diourbel", "dgase"]
    assert len([text for text in read(world, AWA) if NEWS in text]) == 2


def test_whoever_answers_by_text_comes_before_a_mailbox(world: World, holder: Member) -> None:
    give_mailboxes(world)
    world.join("dgase", OTHER)
    hold(world, "offered", urgency="urgent")
    world.say("ARRET", COORDINATOR)
    assert climb(world)[-1] == "dgase"
    assert [text for text in read(world, OTHER) if f"Nouvelle demande {CODE}" in text]


def test_an_admin_hears_at_once_that_nobody_reads_for_a_rung(world: World, holder: Member) -> None:
    hold(world, "offered", urgency="urgent")
    world.say("ARRET", COORDINATOR)
    world.change("DELETE FROM incidents")
    for _ in range(72):
        world.pass_(hours=1)
        falling_due.play(world.rt)
    assert held(world)[0] == "baos_diourbel"
    untold = {subject for kind, subject in world.rows("SELECT kind, subject FROM incidents") if kind == "partner_untold"}
    assert untold == {"ard_diourbel", "dgase"}
