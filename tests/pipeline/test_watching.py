"""What only time brings: too old, waiting too long, and an admin who is told."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.channels.twilio_codes import error_for
from bot.content.load import around
from bot.content.store import ContentStore
from bot.domain.errors import SendError
from bot.domain.templates import Opinion
from bot.pipeline import approvals, watching
from bot.storage import incidents
from bot.storage.database import Database
from tests.conftest import Clock
from tests.pipeline.approved import SHIPPED, approve
from tests.pipeline.world import AWA, World, shipped

ADMIN, OTHER_ADMIN = "+221770009999", "+221770009998"
OPEN = "SELECT kind, subject FROM incidents WHERE closed_at IS NULL ORDER BY kind"


@pytest.fixture
def told(database: Database, clock: Clock) -> World:
    """A service whose admins are reached by SMS and WhatsApp."""
    return World(database, clock, None, admin_addresses=f"sms:{ADMIN}, whatsapp:{OTHER_ADMIN}")


def test_what_is_too_old_is_cancelled_without_being_claimed(world: World) -> None:
    world.receive("bonjour")
    world.advance()
    world.pass_(hours=11)
    watching.watch(world.rt)
    assert world.rows("SELECT state, error_code FROM outbox") == [("cancelled", "expired")]


def test_an_inbox_that_nobody_answers_is_a_matter_and_over_when_it_is_answered(world: World) -> None:
    world.receive("bonjour")
    world.pass_(minutes=3)
    watching.watch(world.rt)
    assert world.rows(OPEN) == [("queue_ageing", "inbox")]
    world.advance()
    watching.watch(world.rt)
    assert world.rows(OPEN) == []


def test_an_outbox_that_nobody_empties_and_a_provider_that_is_away_are_matters(world: World) -> None:
    world.sms.outcomes.extend([error_for("20503")] * 7)
    world.receive("bonjour")
    world.advance()
    for _ in range(7):
        world.dispatch()
        world.pass_(minutes=11)
    watching.watch(world.rt)
    assert world.rows(OPEN) == [("queue_ageing", "outbox")]


def test_what_waits_for_the_morning_is_no_matter(world: World) -> None:
    world.say("inscription")
    world.say("oui")
    world.pass_(hours=12)
    world.time_out()
    world.dispatch()
    watching.watch(world.rt)
    assert world.rows(OPEN) == []


def test_an_admin_is_told_once_by_every_means_and_no_person_is_named(told: World) -> None:
    told.sms.outcomes.extend([error_for("21606")] * 2)
    told.receive("bonjour")
    told.advance()
    told.dispatch()
    assert watching.watch(told.rt) == 1
    told.dispatch()
    told.pass_(minutes=10)
    told.dispatch()
    (text,) = told.sms.texts(ADMIN)
    assert "21606" in text
    assert AWA not in text
    assert watching.watch(told.rt) == 0


def test_a_matter_that_goes_on_is_told_again_after_a_day(told: World) -> None:
    for _ in range(2):
        with told.rt.database.writing() as tx:
            incidents.note(tx, "sender_refused", "sms", "21606")
        assert watching.watch(told.rt) == 1
        assert watching.watch(told.rt) == 0
        told.pass_(hours=25)


def test_several_matters_are_one_text(told: World) -> None:
    with told.rt.database.writing() as tx:
        for number in range(5):
            incidents.note(tx, "sender_refused", "sms", str(number))
    watching.watch(told.rt)
    told.dispatch()
    (text,) = told.sms.texts(ADMIN)
    assert "Et 3 autre(s)" in text


def test_a_notice_to_an_admin_that_fails_is_no_matter_of_its_own(told: World) -> None:
    with told.rt.database.writing() as tx:
        incidents.note(tx, "sender_refused", "sms", "21606")
    watching.watch(told.rt)
    told.sms.outcomes.append(error_for("21211"))
    told.dispatch()
    assert {kind for kind, _ in told.rows(OPEN)} <= {"sender_refused", "template_missing"}


def test_dead_letters_are_listed_and_nobody_is_woken_for_them(told: World) -> None:
    with told.rt.database.writing() as tx:
        incidents.note(tx, "dead_letter", "sms", "30005")
    assert watching.watch(told.rt) == 0


def test_without_an_admin_nothing_is_sent_and_the_matter_stays(world: World) -> None:
    with world.rt.database.writing() as tx:
        incidents.note(tx, "sender_refused", "sms", "21606")
    assert watching.watch(world.rt) == 0
    assert world.rows(OPEN) == [("sender_refused", "sms")]


def test_a_matter_that_never_came_again_is_over_by_itself(world: World) -> None:
    with world.rt.database.writing() as tx:
        incidents.note(tx, "sender_refused", "sms", "21606")
    world.pass_(hours=49)
    watching.watch(world.rt)
    assert world.rows(OPEN) == []


def test_meta_may_change_its_mind_and_an_admin_hears_of_it(world: World) -> None:
    approve(world)
    news = SHIPPED.templates["news", "fr"].name
    ids = dict(world.rows("SELECT content_sid, name FROM templates"))
    said = {news: Opinion("rejected", "TAG_CONTENT_MISMATCH")}
    world.rt = replace(world.rt, opinion=lambda sid: said.get(ids[sid], Opinion("approved")))
    assert approvals.check_templates(world.rt) == 1
    assert approvals.check_templates(world.rt) == 0
    assert world.rows("SELECT approval, reason FROM templates WHERE name = :name", name=news) == [("rejected", "TAG_CONTENT_MISMATCH")]
    assert world.rows(OPEN) == [("template_refused", news)]


def test_a_provider_that_does_not_say_leaves_everything_as_it_is(world: World) -> None:
    approve(world)

    def away(sid: str) -> Opinion:
        raise SendError("no_answer", retryable=True)

    world.rt = replace(world.rt, opinion=away)
    assert approvals.check_templates(world.rt) == 0
    assert world.rows("SELECT DISTINCT approval FROM templates") == [("approved",)]


def test_a_year_without_holidays_is_told_long_before_it_begins_and_over_when_its_file_is_there(told: World) -> None:
    told.clock.now = datetime(2027, 9, 1, 9, tzinfo=UTC)
    watching.watch(told.rt)
    assert told.rows(OPEN) == []
    told.clock.now = datetime(2027, 10, 5, 9, tzinfo=UTC)
    assert watching.watch(told.rt) == 1
    told.dispatch()
    assert any("jours fériés de 2028" in text for text in told.sms.texts(ADMIN))
    calendar = replace(shipped().directory.calendar, years=(2026, 2027, 2028))
    content = replace(shipped(), directory=replace(shipped().directory, calendar=calendar))
    told.rt = replace(told.rt, contents=ContentStore(told.rt.database, around(content), lambda: content, now=lambda: 0.0))
    watching.watch(told.rt)
    assert told.rows(OPEN) == []
