"""A session: one passage of a contact through flows, saved between turns as JSON with a version of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

STATE_VERSION = 1


@dataclass(slots=True)
class Frame:
    """One run inside a session: a flow or a form, and where it stands.

    `quiet` marks a run that was interrupted: its question is asked again before any answer counts. `clarify` holds the
    values of a numbered choice between readings of the last answer (two places of one name).
    """

    kind: Literal["flow", "form"]
    name: str
    at: str
    results: dict[str, str] = field(default_factory=dict)
    digression: bool = False
    quiet: bool = False
    misses: int = 0
    nudged: bool = False
    clarify: dict[str, str] = field(default_factory=dict)
    guesses: list[str] = field(default_factory=list)

    def dump(self) -> dict[str, Any]:
        """The run as JSON values. By hand: `asdict` copies every value deeply, which cost a third of a turn."""
        values: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        return values | {"results": dict(self.results), "clarify": dict(self.clarify), "guesses": list(self.guesses)}


@dataclass(slots=True)
class Session:
    """The stack of runs; the last one waits for the person. `flows` is the version of the flow set it began with."""

    flows: str
    frames: list[Frame] = field(default_factory=list)
    turns: int = 0
    wait_seconds: int = 0

    @property
    def top(self) -> Frame:
        """The run that waits."""
        return self.frames[-1]

    def dump(self) -> dict[str, Any]:
        """The session as JSON values."""
        return {
            "version": STATE_VERSION,
            "flows": self.flows,
            "frames": [frame.dump() for frame in self.frames],
            "turns": self.turns,
            "wait_seconds": self.wait_seconds,
        }

    def copy(self) -> "Session":
        """A copy that can be changed freely."""
        return load_session(self.dump())


def load_session(saved: Mapping[str, Any]) -> Session:
    """The session from what `dump` gave. Raises `ValueError` for a version that this code cannot read."""
    if saved.get("version") != STATE_VERSION:
        raise ValueError(f"session state version {saved.get('version')!r}")
    frames = [Frame(**{**frame, "results": dict(frame["results"]), "clarify": dict(frame["clarify"])}) for frame in saved["frames"]]
    for frame in frames:
        frame.guesses = list(frame.guesses)
    return Session(saved["flows"], frames, saved["turns"], saved["wait_seconds"])
