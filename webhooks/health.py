"""Health for operators: ages, not lengths. Only the database decides whether this process can do its work."""

from flask import Response, jsonify

from bot import telemetry
from bot.domain.errors import Unavailable
from bot.runtime import Runtime
from bot.storage import health as stored

# Seconds. Older than this, somebody should look.
WORRYING = {"unhandled": 30.0, "unsent": 60.0, "doubtful": 300.0, "swept": 60.0}


def health(rt: Runtime) -> Response:
    """200 with the ages of the oldest waiting work; 503 when the database is away. `worrying` names what is too old."""
    rt.contents.refresh()
    try:
        with rt.database.reading() as tx:
            ages = stored.ages(tx)
    except Unavailable:
        answer = jsonify(status="down", reason="database")
        answer.status_code = 503
        return answer
    found = {"unhandled": ages.unhandled, "unsent": ages.unsent, "doubtful": ages.doubtful, "swept": ages.swept}
    for kind, age in found.items():
        telemetry.OLDEST.labels(kind).set(age if age is not None else -1)
    worrying = sorted(kind for kind, age in found.items() if age is None or age > WORRYING[kind])
    return jsonify(
        status="worrying" if worrying else "well",
        worrying=worrying,
        oldest_unhandled_message_seconds=round(ages.unhandled, 1),
        oldest_unsent_message_seconds=round(ages.unsent, 1),
        oldest_doubtful_send_seconds=round(ages.doubtful, 1),
        last_sweep_seconds=None if ages.swept is None else round(ages.swept, 1),
        flows_version=rt.content.flows.version,
    )
