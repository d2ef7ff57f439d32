"""What has to be true when the three months are over."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from bot.casework import covering, people
from bot.domain.cover import LACKS
from bot.domain.referrals import MOVES, OPEN, STATES
from bot.storage import referrals
from bot.storage.models import METADATA
from tests.casework.simulation.run import Run
from tests.casework.simulation.trouble import TroubledChannel
from tests.pipeline.world import World

# Lines of a history that move nothing.
_REMARKS = ("missed", "answer", "note", "details")
_HANDING = ("offer", "transfer", "reopen")
_HISTORY = """
SELECT r.code, r.state AS now, r.partner AS holder, e.move, e.state, e.partner, e.at
FROM referrals r LEFT JOIN referral_events e ON e.referral_id = r.id ORDER BY r.code, e.seq
"""
# Sealed columns and hashes are no text; what a row shows of itself is searched for names and numbers.
_ROWS = 'SELECT t::text FROM "{table}" t'


class Line(NamedTuple):
    """One line of a history, beside what its referral is now."""

    code: str
    now: str
    holder: str
    move: str
    state: str
    partner: str
    at: datetime


def faults(made: Run, logs: str) -> Iterator[str]:
    """Every rule that does not hold, in words."""
    world = made.world
    yield from made.broken
    yield from _histories(world)
    yield from _rungs(world)
    yield from _notices(world)
    yield from _in_vain(world)
    yield from _unread(world)
    yield from _answers(world)
    yield from _personal_data(made, logs)


def _histories(world: World) -> Iterator[str]:
    """Unbroken: each line is a legal move from the state before it, and the last one is what the referral is now. Its holder changes
    only by a move that hands it over."""
    by_code: dict[str, list[Line]] = {}
    for row in map(Line._make, world.rows(_HISTORY)):
        by_code.setdefault(row.code, []).append(row)
    for code, rows in by_code.items():
        yield from (f"{code}: {fault}" for fault in _history(rows))


def _history(rows: list[Line]) -> Iterator[str]:
    moves = [row for row in rows if row.move not in _REMARKS]
    if not rows[0].move or not moves:
        yield "no history"
        return
    yield from (f"{after.move} is older than what came before it" for before, after in pairwise(rows) if after.at < before.at)
    yield from (fault for before, after in zip([None, *moves], moves, strict=False) if (fault := _wrong(before, after)))
    last = moves[-1]
    if (last.state, last.partner) != (last.now, last.holder) or last.now not in STATES or not last.holder:
        yield f"is {last.now} at {last.holder}, its history ends {last.state} at {last.partner}"


def _wrong(before: Line | None, after: Line) -> str:
    """What is wrong with a move, if anything."""
    state, holder = (before.state, before.partner) if before else ("new", "")
    rule = {str(move): rule for move, rule in MOVES.items()}.get(after.move)
    if rule is None:
        return f"unknown move {after.move}"
    if state not in rule.sources and state != rule.target:
        return f"{after.move} from {state}"
    return f"{after.move} changed its holder" if after.partner != holder and after.move not in _HANDING else ""


def _rungs(world: World) -> Iterator[str]:
    """Nothing that fell due is left, and nobody was asked or told the same thing twice."""
    overdue = "SELECT kind, count(*) FROM referral_timers WHERE done_at IS NULL AND due_at < :now GROUP BY 1"
    yield from (f"{number} {kind} overdue" for kind, number in world.rows(overdue, now=world.clock()))
    early = "SELECT kind, count(*) FROM referral_timers WHERE done_at < due_at GROUP BY 1"
    yield from (f"{number} {kind} too early" for kind, number in world.rows(early))
    asked = "SELECT kind, count(*) FROM referral_timers WHERE kind = 'closing' AND result = 'done'"
    twice = f"{asked} GROUP BY referral_id, kind HAVING count(*) > 1"
    yield from (f"{kind} asked {number} times" for kind, number in world.rows(twice))


def _notices(world: World) -> Iterator[str]:
    """Each notice reached the provider exactly once, unless what it asked for was over before; whoever was handed a referral and reads
    single notices was told of it."""
    sent = Counter(reference for of in (world.sms, world.whatsapp) for _, reference, _ in of.taken if reference.startswith("notice."))
    yield from (f"{reference} sent {number} times" for reference, number in sent.items() if number > 1)
    rows = world.rows("SELECT n.id, n.event, o.state, o.error_code FROM notifications n LEFT JOIN outbox o ON o.subject_id = n.id")
    for notice, event, state, code in rows:
        if state == "sent" and not sent[f"notice.{notice}"]:
            yield f"{event} {notice} never reached the provider"
        if state != "sent" and not (state == "cancelled" and code in (None, "moot", "stopped")):
            yield f"{event} {notice} is {state} {code or ''}"
    silent = """SELECT r.code, e.move, e.partner FROM referral_events e JOIN referrals r ON r.id = e.referral_id
        WHERE e.move IN ('offer', 'transfer', 'reopen') AND r.urgency <> 'normal' AND EXISTS (
          SELECT 1 FROM members m WHERE m.partner = e.partner AND m.verified_at < e.at
          AND (m.absent_from IS NULL OR NOT e.at::date BETWEEN m.absent_from AND m.absent_to))
        AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.referral_id = r.id AND n.partner = e.partner AND n.created_at = e.at)"""
    yield from (f"{code}: {partner} was not told of its {move}" for code, move, partner in world.rows(silent))


def _in_vain(world: World) -> Iterator[str]:
    """No reminder went out after somebody had seen the referral, or after it went to somebody else."""
    channel = world.sms
    assert isinstance(channel, TroubledChannel)
    times = {reference: at for (_, reference, _), at in zip(channel.taken, channel.times, strict=True)}
    moved = """SELECT n.id, n.event, min(e.at) FROM notifications n JOIN referral_events e ON e.referral_id = n.referral_id
        WHERE n.event IN ('reminder_referral', 'deputy_referral') AND e.at > n.created_at AND e.move <> 'note' AND e.move <> 'missed'
        AND e.move <> 'answer' GROUP BY 1, 2"""
    for notice, event, at in world.rows(moved):
        if times.get(f"notice.{notice}", at) > at:
            yield f"{event} {notice} went out after its end"


def _unread(world: World) -> Iterator[str]:
    """No referral stays with a partner for which nobody reads, while somebody does anywhere."""
    with world.rt.database.reading() as tx:
        duty, content = people.duty(world.rt.content, tx), people.staffed(world.rt.content, tx)
        for row in referrals.held_by(tx, list(referrals.loads(tx))):
            found = covering.gap(duty, row, tx)
            if found is not None and covering.next_holder(content, tx, duty, row) is not None:
                yield f"{row.code}: nobody reads at {row.partner} ({found.why})"


def _answers(world: World) -> Iterator[str]:
    unanswered = world.one("SELECT count(*) FROM messages WHERE inbound AND handled_at IS NULL")
    if unanswered:
        yield f"{unanswered} messages unanswered"
    for fault, number in world.rows("SELECT fault, count(*) FROM messages WHERE fault IS NOT NULL GROUP BY 1"):
        yield f"{number} messages set aside: {fault}"
    twice = Counter(reference for _, reference, _ in world.sms.taken if reference.startswith("reply."))
    yield from (f"{reference} sent {number} times" for reference, number in twice.items() if number > 1)


def _personal_data(made: Run, logs: str) -> Iterator[str]:
    """No number and no name of anybody in a notice, a job, a log, or in what a row shows of itself."""
    numbers = [phone.removeprefix("+221") for phone in (*made.people, *made.staff)]
    # Not inside the digits of an id, a hash or a sealed value: those are random, and hold any nine digits now and then.
    secret = re.compile(rf"(?<![0-9a-f])(?:221)?(?:{'|'.join(numbers)})(?![0-9a-f])|Zorgbul")
    rows = {table.name: "\n".join(text for (text,) in made.world.rows(_ROWS.format(table=table.name))) for table in METADATA.sorted_tables}
    notices = "\n".join(text for (text,) in made.world.rows("SELECT text FROM notifications"))
    for name, said in {**rows, "a notice": notices, "a log": logs, "a job": "\n".join(made.machine.jobs)}.items():
        if (found := secret.search(said)) is not None:
            yield f"{name} names somebody: {said[max(0, found.start() - 60) : found.end() + 20]}"


def figures(made: Run) -> dict[str, Any]:
    """What came of it all."""
    world = made.world
    states = dict(world.rows("SELECT state, count(*) FROM referrals GROUP BY 1 ORDER BY 1"))
    return {
        "referrals": sum(states.values()),
        "states": states,
        "open": sum(number for state, number in states.items() if state in OPEN),
        "outcomes": dict(world.rows("SELECT outcome, count(*) FROM referrals WHERE outcome IS NOT NULL GROUP BY 1 ORDER BY 1")),
        "urgencies": dict(world.rows("SELECT urgency, count(*) FROM referrals GROUP BY 1 ORDER BY 1")),
        "moves": dict(world.rows("SELECT move, count(*) FROM referral_events GROUP BY 1 ORDER BY 1")),
        "notices": dict(
            world.rows(
                "SELECT n.event || ' ' || o.state || coalesce(' ' || o.error_code, ''), count(*) FROM notifications n "
                "JOIN outbox o ON o.subject_id = n.id GROUP BY 1 ORDER BY 1"
            )
        ),
        "timers": dict(world.rows("SELECT kind || ' ' || result, count(*) FROM referral_timers GROUP BY 1 ORDER BY 1")),
        "members": dict(
            world.rows(
                "SELECT CASE WHEN verified_at IS NOT NULL THEN 'verified' WHEN refused_at IS NOT NULL THEN 'refused' ELSE 'invited' END, "
                "count(*) FROM members GROUP BY 1"
            )
        ),
        "handed on unread": dict(
            world.rows("SELECT reason, count(*) FROM referral_events WHERE reason = ANY (:why) GROUP BY 1", why=list(LACKS))
        ),
        "absences": world.one("SELECT count(*) FROM members WHERE absent_from IS NOT NULL"),
        "texts in": sum(made.received.values()),
        "texts out": len(world.sms.taken),
        "jobs": len(made.machine.jobs),
        "steps": made.steps,
        "broken": dict(made.trouble.counts),
    }
