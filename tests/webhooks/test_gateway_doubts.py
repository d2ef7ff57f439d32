"""A gateway keeps no list. A text whose answer was lost is never sent twice to a person, and its report ends the doubt."""

from urllib.parse import urlencode

import pytest

from bot.pipeline import timers
from bot.storage.doubts import NEVER_REPORTED
from tests.channels.gateway_rig import KEY
from tests.pipeline.world import AWA, CASEWORKER
from tests.webhooks.test_gateway_doors import FORM, Line, line

__all__ = ["line"]


def lose_an_answer(line: Line) -> None:
    """The gateway takes the text and breaks before it says so."""
    line.fake.answers.append((502, "Bad Gateway"))
    line.receive("bonjour")
    assert line.world.states() == ["unknown"]


def wait(line: Line, minutes: int) -> None:
    for _ in range(minutes):
        line.world.pass_(minutes=1)
        timers.settle_doubts(line.world.rt, line.world.pool)
        line.world.dispatch()


def test_it_is_not_sent_again_and_listed_in_the_end(line: Line) -> None:
    lose_an_answer(line)
    before = line.read(AWA)
    wait(line, 3)
    assert (line.read(AWA), line.world.states()[0]) == (before, "unknown")
    wait(line, 5)
    assert line.read(AWA) == before
    assert line.world.rows("SELECT state, error_code FROM outbox LIMIT 1") == [("failed", NEVER_REPORTED)]


def test_the_person_is_not_kept_waiting_by_it_for_ever(line: Line) -> None:
    lose_an_answer(line)
    before = len(line.read(AWA))
    wait(line, 7)
    line.receive("menu", sid="next")
    assert len(line.read(AWA)) > before


def test_words_about_a_danger_and_notices_go_again(line: Line) -> None:
    line.fake.answers.extend([(502, "Bad Gateway")] * 2)
    line.receive("j'ai envie de mourir")
    first, notice = line.read(AWA)[0], line.read(CASEWORKER)[0]
    wait(line, 7)
    assert (line.read(AWA).count(first), line.read(CASEWORKER).count(notice)) == (2, 2)
    assert "failed" not in line.world.states()


@pytest.mark.parametrize("minutes", [0, 8])
def test_a_report_that_carries_our_own_id_ends_the_doubt_however_late(line: Line, minutes: int) -> None:
    lose_an_answer(line)
    wait(line, minutes)
    query = line.fake.callback(0)
    if not query:
        # One address for all messages, with an id that we never heard: there is nothing to find it by.
        return
    form = {"kannel": {"status": "1"}, "jasmin": {"id": "x", "message_status": "DELIVRD"}}[line.fake.dialect]
    client, path = line.app.test_client(), f"/gateway/{KEY}/status"
    if line.fake.dialect == "kannel":
        client.get(path, query_string={**query, **form})
    else:
        client.post(path, query_string=query, data=urlencode(form), content_type=FORM)
    assert line.world.states()[0] == "sent"
