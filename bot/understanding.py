"""Text in, meaning out: the understanding service over HTTP, with danger words that work without it.

The service is optional. Time is bounded (connection and answer together), a breaker opens after failures in a row so that a
hanging service does not cost every message its whole time, and what it may see is the text alone.
"""

import json
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any

import httpx

from bot import telemetry
from bot.domain.understanding import DANGER, NOTHING, Entity, Guess, Understanding

# Longer texts cost the service time and gain nothing: the matter is in the first thousand characters.
LONGEST = 1000
_FAILURES_TO_OPEN = 5
_OPEN_SECONDS = 5.0


class PhraseLayer:
    """Danger words in both languages, checked in this process whether the service lives or not."""

    def __init__(self, match: Callable[[str], str | None]) -> None:
        self._match = match

    def parse(self, text: str) -> Understanding:
        """Danger, or nothing."""
        danger = self._match(text)
        return Understanding(danger=danger, source="phrases") if danger else NOTHING


class RasaUnderstander:
    """Asks the Rasa service, and adds the danger words."""

    def __init__(
        self,
        url: str,
        token: str,
        timeout: float,
        phrases: PhraseLayer,
        intents: frozenset[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = httpx.Client(
            base_url=url,
            params={"token": token} if token else {},
            timeout=httpx.Timeout(timeout, connect=min(0.3, timeout)),
            limits=httpx.Limits(max_connections=16, max_keepalive_connections=16),
            trust_env=False,
        )
        self._phrases = phrases
        self._intents = intents
        self._timeout = timeout
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._open_until = 0.0

    def parse(self, text: str) -> Understanding:
        """The meaning of the text. Never raises; danger words count even when the service is away."""
        cleaned = clean(text)
        phrases = self._phrases.parse(cleaned)
        if not _worth_asking(cleaned):
            return phrases
        understood = self._ask(cleaned)
        if understood is None:
            return phrases
        return replace(understood, danger=phrases.danger, named=True) if phrases.danger else understood

    def _ask(self, text: str) -> Understanding | None:
        if self._clock() < self._open_until:
            telemetry.NLU.labels("breaker_open").inc()
            return None
        started = self._clock()
        try:
            understood = read_answer(self._answer(text, started + self._timeout), self._intents)
        except (httpx.HTTPError, ValueError, TypeError, LookupError, AttributeError) as error:
            # Whatever it answers that is no understanding: the bot must go on without it.
            self._failed(type(error).__name__)
            return None
        with self._lock:
            self._failures = 0
        telemetry.NLU.labels("understood").inc()
        telemetry.NLU_SECONDS.observe(self._clock() - started)
        return understood

    def _answer(self, text: str, until: float) -> Any:
        """What the service says, as JSON. The client's own time-out is for each piece: one that drips would go on for ever."""
        with self._client.stream("POST", "/model/parse", json={"text": text}) as response:
            response.raise_for_status()
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if self._clock() > until:
                    raise httpx.ReadTimeout("answers too slowly")
        return json.loads(body)

    def _failed(self, reason: str) -> None:
        telemetry.NLU.labels("failed").inc()
        with self._lock:
            self._failures += 1
            opens = self._failures >= _FAILURES_TO_OPEN or reason in ("ConnectError", "ConnectTimeout")
            if opens:
                self._open_until = self._clock() + _OPEN_SECONDS
                self._failures = 0
        telemetry.log().warning("nlu_away", reason=reason)


def clean(text: str) -> str:
    """The text as the service may see it: one normal form, no control characters, no leading slash (Rasa takes `/x` for an
    intent), at most 1,000 characters."""
    normal = unicodedata.normalize("NFC", text[: 2 * LONGEST])
    visible = "".join(sign if sign.isprintable() else " " for sign in normal)
    return visible.lstrip("/ ").rstrip()[:LONGEST]


def _worth_asking(text: str) -> bool:
    """Whether there is a Latin letter: emoji, digits and other scripts only mislead a model that knows none of them."""
    return any(sign.isalpha() and "LATIN" in unicodedata.name(sign, "") for sign in text[:200])


def read_answer(answer: Mapping[str, Any], intents: frozenset[str]) -> Understanding:
    """The service's JSON as an understanding; unknown intents are dropped, whatever the service says."""
    ranking = tuple(
        Guess(str(entry["name"]), float(entry["confidence"])) for entry in answer.get("intent_ranking", ()) if entry.get("name") in intents
    )[:10]
    danger = answer.get("danger") or {}
    found = danger.get("intent")
    return Understanding(
        ranking=ranking,
        entities=tuple(_entity(entity) for entity in answer.get("entities", ()) if entity.get("value") is not None),
        language=answer.get("language") or None,
        danger=found if isinstance(found, str) and found.startswith(DANGER) and found in intents else None,
        source="nlu",
        named=danger.get("source") != "model",
    )


def _entity(entity: Mapping[str, Any]) -> Entity:
    canonical = entity.get("canonical")
    return Entity(
        str(entity["entity"]),
        str(entity["value"]),
        int(entity.get("start", 0)),
        int(entity.get("end", 0)),
        str(canonical) if isinstance(canonical, str | int | float) else None,
    )
