"""What has to be true when the three months are over."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bot.domain.referrals import MOVES, OPEN, STATES
from tests.casework.simulation.people import Person
from tests.pipeline.world import World

# Lines of a history that move nothing.
_REMARKS = ("missed", "answer", "note", "details")
_HISTORY = """
SELECT r.code, r.state AS now, r.partner AS holder, r.due_at, e.move, e.state, e.partner, e.at
FROM referrals r LEFT JOIN referral_events e ON e.referral_id = r.id ORDER BY r.code, e.seq
"""


def faults(world: World, everybody: Iterable[Person], logs: str, jobs: str) -> Iterator[str]:
    """Every rule that does not hold, in words."""
    yield from _histories(world)
    yield from _rungs(world)
    yield from _notices(world)
    yield from _answers(world)
    yield from _personal_data(world, list(everybody), logs, jobs)


def _histories(world: World) -> Iterator[str]:
    """Unbroken: each line is a legal move from the state before it, and the last one is what the referral is now."""
    by_code: dict[str, list[Any]] = {}
    for row in world.rows(_HISTORY):
        by_code.setdefault(row[0], []).append(row)
    for code, rows in by_code.items():
        state, holder = "new", ""
        for _, _, _, _, move, after, partner, _ in rows:
            if move in _REMARKS:
                continue
            if not _is_legal(move, state):
                yield f"{code}: {move} from {state}"
            state, holder = after, partner or holder
        _, now, held_by, *_ = rows[-1]
        if (state, holder) != (now, held_by) or now not in STATES or not held_by:
            yield f"{code}: is {now} at {held_by}, its history ends {state} at {holder}"


def _is_legal(move: str | None, state: str) -> bool:
    rule = next((rule for name, rule in MOVES.items() if name == move), None)
    return rule is not None and (state in rule.sources or state == rule.target)


def _rungs(world: World) -> Iterator[str]:
    """Nothing that fell due is left, and each was played once."""
    for kind, number in world.rows(
        "SELECT kind, count(*) FROM referral_timers WHERE done_at IS NULL AND due_at < :now GROUP BY 1", now=world.clock()
    ):
        yield f"{number} {kind} overdue"
    twice = "SELECT kind, count(*) FROM referral_timers WHERE result = 'done' GROUP BY referral_id, kind, since HAVING count(*) > 1"
    for kind, _ in world.rows(twice):
        yield f"{kind} played twice"


def _notices(world: World) -> Iterator[str]:
    """Each notice reached the provider exactly once, unless the person took the matter back before."""
    sent = Counter(reference for of in (world.sms, world.whatsapp) for _, reference, _ in of.taken if reference.startswith("notice."))
    for reference, number in sent.items():
        if number > 1:
            yield f"{reference} sent {number} times"
    left = """SELECT n.id, o.state FROM notifications n LEFT JOIN outbox o ON o.subject_id = n.id
              WHERE o.state IS NULL OR o.state NOT IN ('sent', 'cancelled')"""
    for notice, state in world.rows(left):
        yield f"notice {notice} is {state}"
    lost = "SELECT n.id FROM notifications n JOIN outbox o ON o.subject_id = n.id WHERE o.state = 'sent'"
    for (notice,) in world.rows(lost):
        if not sent[f"notice.{notice}"]:
            yield f"notice {notice} never reached the provider"


def _answers(world: World) -> Iterator[str]:
    unanswered = world.one("SELECT count(*) FROM messages WHERE inbound AND handled_at IS NULL")
    if unanswered:
        yield f"{unanswered} messages unanswered"
    for fault, number in world.rows("SELECT fault, count(*) FROM messages WHERE fault IS NOT NULL GROUP BY 1"):
        yield f"{number} messages set aside: {fault}"
    twice = Counter(reference for _, reference, _ in world.sms.taken if reference.startswith("reply."))
    yield from (f"{reference} sent {number} times" for reference, number in twice.items() if number > 1)


def _personal_data(world: World, everybody: list[Person], logs: str, jobs: str) -> Iterator[str]:
    """No number or name of a person in a notice, a job or a log."""
    notices = "\n".join(text for (text,) in world.rows("SELECT text FROM notifications"))
    secret = re.compile("|".join(word for one in everybody for word in (re.escape(one.phone.removeprefix("+")), one.name)))
    for name, said in (("a notice", notices), ("a log", logs), ("a job", jobs)):
        found = secret.search(said)
        if found:
            yield f"{name} names a person"


def figures(world: World) -> dict[str, Any]:
    """What came of it all."""
    states = dict(world.rows("SELECT state, count(*) FROM referrals GROUP BY 1 ORDER BY 1"))
    return {
        "referrals": sum(states.values()),
        "states": states,
        "open": sum(number for state, number in states.items() if state in OPEN),
        "moves": world.one("SELECT count(*) FROM referral_events"),
        "notices": world.one("SELECT count(*) FROM notifications"),
        "timers": dict(world.rows("SELECT kind || ' ' || result, count(*) FROM referral_timers GROUP BY 1 ORDER BY 1")),
        "told of a missed deadline": world.one("SELECT count(*) FROM referral_events WHERE move = 'missed'"),
    }
