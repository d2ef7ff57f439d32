"""Structured logs and metrics, without texts, names or addresses.

A log line carries event names, ids, counts and codes. Whatever a caller hands in under another key is dropped by an allowlist:
a forgotten body in a log call must not become a leak.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from prometheus_client import Counter, Gauge, Histogram

# Keys that may appear in a log line. A new one is a decision, made here.
ALLOWED = frozenset(
    "event level timestamp logger contact message outbox referral partner notification channel lane job key code status node flow "
    "reason count attempts seconds kind state source intent version provider error where word path method port pid process file line "
    "setting exc_type".split()
)

_BUCKETS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5, 10, 30)

INBOUND = Counter("dellusi_inbound_total", "Inbound messages by outcome", ["channel", "outcome"])
TURNS = Counter("dellusi_turns_total", "Turns by outcome", ["outcome"])
SENDS = Counter("dellusi_sends_total", "Sends by outcome", ["kind", "outcome"])
STATUSES = Counter("dellusi_statuses_total", "Status callbacks by outcome", ["outcome"])
WAKES = Counter("dellusi_wakes_total", "Wake-ups by outcome", ["job", "outcome"])
SWEPT = Counter("dellusi_swept_total", "Left-behind work found by the sweep", ["kind"])
MEDIA = Counter("dellusi_media_total", "Files from people by what became of them", ["outcome"])
NLU = Counter("dellusi_nlu_total", "Texts by how they were understood", ["outcome"])
NLU_SECONDS = Histogram("dellusi_nlu_seconds", "Time to understand a text", buckets=_BUCKETS)
TURN_SECONDS = Histogram("dellusi_turn_seconds", "Time of the transaction of a turn", buckets=_BUCKETS)
HOLIDAYS = Gauge("dellusi_holidays_known_days", "Days from today for which the holidays are known")
OLDEST = Gauge("dellusi_oldest_seconds", "Age of the oldest waiting work", ["kind"])


def _only_allowed(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}


def _error_type(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception's type and place, never its message: messages quote values."""
    info = event.pop("exc_info", None)
    if info:
        error = info if isinstance(info, BaseException) else (sys.exc_info() if info is True else info)[1]
        trace = error.__traceback__ if error is not None else None
        event["exc_type"] = type(error).__name__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        if trace is not None:
            event["where"] = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
    return event


class _TypeOnly(logging.Formatter):
    """For third-party loggers: an exception's type and nothing of what it says; messages and tracebacks quote values."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        """The type."""
        return type(ei[1]).__name__


def configure(log_format: str, level: str, process: str) -> None:
    """Set up logging for this process. Third-party loggers speak only from warning on, through the same filter."""
    last: Any = (
        structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty()) if log_format == "console" else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _error_type,
            _only_allowed,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
    handler = logging.StreamHandler()
    handler.setFormatter(_TypeOnly("%(levelname)s %(name)s"))
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)


def log() -> Any:
    """The logger."""
    return structlog.get_logger()
