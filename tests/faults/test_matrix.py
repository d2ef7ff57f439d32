"""What the fault matrix plays, and how it says what came of it."""

import random

from bot.faults.kinds import KINDS, STEPS
from bot.faults.matrix import Outcome, table
from bot.faults.talk import SCRIPT, Cell
from bot.sandbox.callbacks import Manner
from bot.sandbox.faults import KINDS as SANDBOX_KINDS
from bot.sandbox.reports import scripted

GOOD = Cell("took it, hung up", "greeting", "sms", 0.4)
BAD = Cell("took it, hung up", "referral", "whatsapp", 31.25, "referrals: 2 instead of 1")


def test_every_trouble_is_one_that_the_stand_in_knows_and_its_reports_can_be_read() -> None:
    for kind in KINDS:
        assert kind.name == "none" or kind.script or kind.inbound or kind.stops
        assert kind.script.get("do", "429") in SANDBOX_KINDS
        scripted(kind.script.get("reports", []), Manner())
        assert kind.steps <= set(STEPS)
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_every_step_but_those_of_the_caseworker_is_an_answer_in_the_script() -> None:
    written = {step for step, _ in SCRIPT if step}
    assert written | {"notice", "answer", "news"} == set(STEPS)


def test_the_table_has_a_row_for_each_trouble_marks_what_is_wrong_and_says_why() -> None:
    head, row, reason = table(Outcome(7, (GOOD, BAD), 60.0)).splitlines()
    assert head.split()[3:] == " ".join(STEPS).split()
    assert row.split()[-9:] == ["0.4", "-", "-", "-", "-", "31.2!", "-", "-", "-"]
    assert reason == "! took it, hung up / referral / whatsapp: referrals: 2 instead of 1"


def test_an_outcome_is_bad_when_one_cell_is() -> None:
    assert Outcome(7, (GOOD,), 1.0).bad == ()
    cells = [GOOD] * 9 + [BAD]
    random.Random(1).shuffle(cells)
    assert Outcome(7, tuple(cells), 1.0).bad == (BAD,)
