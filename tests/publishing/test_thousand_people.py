"""A thousand people wait while a step is deleted and another one renamed: nobody is lost, nobody answers twice."""

from collections import Counter

import pytest

from bot.publishing import versions
from bot.publishing.plan import Choice, Row, table
from bot.settings import PROJECT
from tests.pipeline.world import World
from tests.publishing import people
from tests.publishing.conftest import Edit

EACH = 100
RENAMED = {"intake.followed_by": "intake.helper"}


def _without_a_step_and_with_a_new_name(edited: Edit) -> versions.Draft:
    """`returned_from` is gone, `followed_by` is called `helper`."""
    text = (PROJECT / "flows/forms/intake.yml").read_text(encoding="utf-8")
    begin, end = text.index("  - name: returned_from"), text.index("  - name: followed_by")
    edited("forms/intake.yml", text[begin:end], "")
    return people.draft(edited("forms/intake.yml", "  - name: followed_by\n", "  - name: helper\n    save_as: followed_by\n"))


def _publish(world: World, made: versions.Draft, choice: Choice) -> list[Row]:
    _, planned = versions.dry_run(world.rt.database, made, choice)
    done = versions.publish(world.rt.database, made, choice, "tests", "a step less")
    assert table(done) == table(planned)
    world.pass_(seconds=4)
    world.rt.contents.refresh()
    assert world.rt.content.flows.version == made.version
    return table(planned)


@pytest.fixture
def crowd(world: World) -> World:
    """A thousand people, a hundred at each step."""
    people.keep_shipped(world, PROJECT)
    people.gather(world, EACH)
    assert people.waiting(world) == Counter(dict.fromkeys(people.STEPS, EACH))
    return world


def test_who_is_not_moved_ends_on_the_version_they_began_with(crowd: World, edited: Edit) -> None:
    before = people.states(crowd)
    rows = _publish(crowd, _without_a_step_and_with_a_new_name(edited), Choice({}))
    assert {row.outcome for row in rows} == {"stays"}
    assert people.states(crowd) == before
    people.finish(crowd, EACH, skipped="")
    assert crowd.one("SELECT count(*) FROM referrals") == EACH * len(people.STEPS)
    assert crowd.one("SELECT count(*) FROM sessions") == 0
    assert all(questions.count("form.intake.returned_from.say") == 1 for questions in people.asked(crowd).values())


def test_who_is_moved_lands_where_the_dry_run_said_goes_back_byte_for_byte_and_answers_nothing_twice(crowd: World, edited: Edit) -> None:
    before, made = people.states(crowd), _without_a_step_and_with_a_new_name(edited)
    _publish(crowd, made, Choice(RENAMED, move_all=True))
    assert people.states(crowd) != before
    assert versions.rollback(crowd.rt.database, made.beside, None, "tests", "")[1] == 9 * EACH
    assert people.states(crowd) == before
    rows = _publish(crowd, made, Choice(RENAMED, move_all=True))
    landed = {f"{row.flow}.{row.node}": (row.outcome, row.why, row.to, row.waiting) for row in rows}
    assert landed["intake.returned_from"] == ("stays", "gone", "", EACH)
    assert landed["intake.followed_by"] == ("moves", "", "intake.helper", EACH)
    assert people.waiting(crowd)["intake.helper"] == EACH
    assert crowd.one("SELECT count(*) FROM sessions WHERE flows_version = :v", v=made.version) == 9 * EACH
    people.finish(crowd, EACH, skipped="intake.returned_from")
    assert crowd.one("SELECT count(*) FROM referrals") == EACH * len(people.STEPS)
    assert crowd.one("SELECT count(*) FROM messages WHERE node = 'words.our_fault'") == 0
    for questions in people.asked(crowd).values():
        named = [question.replace("helper", "followed_by") for question in questions]
        assert len(named) == len(set(named))


def test_who_went_on_after_being_moved_is_left_alone_by_going_back(world: World, edited: Edit) -> None:
    people.keep_shipped(world, PROJECT)
    people.gather(world, 2)
    made = _without_a_step_and_with_a_new_name(edited)
    _publish(world, made, Choice(RENAMED, move_all=True))
    world.say("1", people.phone(12))
    after = people.states(world)
    assert versions.rollback(world.rt.database, made.beside, None, "tests", "")[1] == 9 * 2 - 1
    contact = world.one("SELECT contact_id FROM messages WHERE inbound ORDER BY seq DESC LIMIT 1")
    assert people.states(world)[contact] == after[contact]
    people.hear_everything(world)
    assert world.say("1", people.phone(12)).startswith("Quelqu'un d'autre utilise")
