"""A trained model in this process: text in, Rasa's answer out, as the server would give it."""

import asyncio
import logging
import os
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from training.data import ROOT

CURRENT: Final = ROOT / "models" / "current.tar.gz"

# Rasa reports usage home, looks for a cache in the current folder, and logs every text at debug level.
QUIET: Final = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "RASA_CACHE_DIRECTORY": str(ROOT / ".rasa" / "cache"),
    "RASA_MAX_CACHE_SIZE": "0",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "MPLBACKEND": "agg",
}


def hush() -> None:
    """No telemetry, no cache, no text in any log: must run before rasa is imported."""
    os.environ.update(QUIET)
    warnings.simplefilter("ignore")
    logging.getLogger().setLevel(logging.WARNING)


class Parser:
    """One model; `parse` answers like `POST /model/parse`."""

    def __init__(self, model: Path = CURRENT) -> None:
        """Raises FileNotFoundError when there is no such model."""
        if not model.exists():
            raise FileNotFoundError(f"no model at {model}: train one with `python -m training train`")
        hush()
        import structlog
        from rasa.core.agent import Agent

        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        self._agent = Agent.load(str(model))
        self._loop = asyncio.new_event_loop()

    def parse(self, text: str) -> dict[str, Any]:
        """Rasa's JSON for one text, `language` and `danger` included."""
        return dict(self._loop.run_until_complete(self._agent.parse_message(text.lstrip("/"))))

    def parse_all(self, texts: Sequence[str]) -> list[tuple[dict[str, Any], float]]:
        """Every answer with the time it took, in milliseconds."""
        answers = []
        for text in texts:
            before = time.perf_counter()
            answers.append((self.parse(text), (time.perf_counter() - before) * 1000))
        return answers
