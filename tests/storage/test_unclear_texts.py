"""Texts for review: sealed, without a way back to their writer, labelled with a name, forgotten in time."""

from datetime import timedelta
from uuid import UUID

import pytest

from bot.domain.understanding import Guess
from bot.storage import unclear_texts
from bot.storage.database import Database
from bot.storage.models import unclear_texts as table
from bot.storage.unclear_texts import NewUnclear
from tests.conftest import Clock
from tests.pipeline.world import World

RANKING = tuple(Guess(f"intent_{number}", 0.5 - number / 100) for number in range(8))


def keep(database: Database, *texts: str, language: str = "wo") -> list[UUID]:
    with database.writing() as tx:
        unclear_texts.add(tx, [NewUnclear(language, text, "fallback", RANKING) for text in texts])
    with database.reading() as tx:
        return [text.id for text in unclear_texts.unlabelled(tx, language)]


def test_a_text_is_sealed_and_comes_back_with_its_best_guesses(world: World, database: Database) -> None:
    keep(database, "fan laay jot xaalis")
    assert b"xaalis" not in bytes(world.one("SELECT text FROM unclear_texts"))
    with database.reading() as tx:
        (found,) = unclear_texts.unlabelled(tx)
    assert found.text == "fan laay jot xaalis"
    assert found.ranking == RANKING[:5]


def test_nothing_leads_back_to_who_wrote_it(database: Database) -> None:
    keep(database, "fan laay jot xaalis")
    assert not {column.name for column in table.columns} & {"contact_id", "message_id", "address_id"}
    with database.reading() as tx:
        at = unclear_texts.unlabelled(tx)[0].at
    assert (at.hour, at.minute, at.second) == (0, 0, 0)


def test_the_texts_of_one_language_can_be_asked_for(database: Database) -> None:
    keep(database, "un", language="fr")
    keep(database, "benn", language="wo")
    with database.reading() as tx:
        assert [text.text for text in unclear_texts.unlabelled(tx, "wo")] == ["benn"]
        assert len(unclear_texts.unlabelled(tx)) == 2


def test_every_decision_is_on_record_with_who_and_when_also_when_it_changes(world: World, database: Database) -> None:
    first, second = keep(database, "un", "deux")
    with database.writing() as tx:
        unclear_texts.label(tx, [first], "find_offer", "Fatou")
        unclear_texts.label(tx, [first], "job_search", "Awa")
        unclear_texts.delete(tx, [second], "Awa")
    rows = world.rows('SELECT text_id, decision, "by" FROM unclear_labels ORDER BY seq')
    assert rows == [(first, "find_offer", "Fatou"), (first, "job_search", "Awa"), (second, "deleted", "Awa")]
    assert world.rows("SELECT label, labelled_by, labelled_at FROM unclear_texts") == [("job_search", "Awa", world.clock.now)]


def test_what_was_handed_on_is_not_labelled_again_nor_handed_on_twice(database: Database) -> None:
    (only,) = keep(database, "un")
    with database.writing() as tx:
        unclear_texts.label(tx, [only], "find_offer", "Fatou")
        assert [text.label for text in unclear_texts.to_export(tx)] == ["find_offer"]
        assert unclear_texts.mark_exported(tx, [only], "Fatou") == 1
        assert unclear_texts.to_export(tx) == []
        assert unclear_texts.label(tx, [only], "job_search", "Awa") == 0
        assert unclear_texts.starting_with(tx, str(only)[:8]) == []


@pytest.mark.parametrize(("days", "left"), [(29, 3), (30, 0)])
def test_after_thirty_days_a_text_is_gone_whatever_became_of_it(database: Database, clock: Clock, days: int, left: int) -> None:
    first, second, _ = keep(database, "un", "deux", "trois")
    with database.writing() as tx:
        unclear_texts.label(tx, [first, second], "find_offer", "Fatou")
        unclear_texts.mark_exported(tx, [second], "Fatou")
    clock.now = clock.now.replace(hour=0) + timedelta(days=days)
    with database.writing() as tx:
        unclear_texts.forget(tx, 100)
        remaining = tx.connection.exec_driver_sql("SELECT count(*) FROM unclear_texts").scalar()
    assert remaining == left


def test_one_batch_deletes_no_more_than_its_limit(database: Database, clock: Clock) -> None:
    keep(database, *"abcde")
    clock.pass_(timedelta(days=31))
    with database.writing() as tx:
        assert [unclear_texts.forget(tx, 2) for _ in range(4)] == [2, 2, 1, 0]


def test_the_record_of_decisions_outlives_the_text_by_two_years(world: World, database: Database, clock: Clock) -> None:
    (only,) = keep(database, "un")
    with database.writing() as tx:
        unclear_texts.label(tx, [only], "find_offer", "Fatou")
    for days, left in ((31, 1), (731, 0)):
        clock.pass_(timedelta(days=days))
        with database.writing() as tx:
            unclear_texts.forget(tx, 10)
        assert world.one("SELECT count(*) FROM unclear_labels") == left
