"""What is looked at while the soak runs, and when it counts as flat."""

import argparse
import json
import os
import statistics
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import psycopg

from bot.faults.service import Running

# Ours: the stand-in keeps every message, and PostgreSQL fills its cache; both are shown, neither is judged.
JUDGED = ("webhooks", "advance", "dispatch", "timers", "nlu")
PAGE = os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
# Growth from the second third to the last that is still flat: memory in MB and as a share, connections and open files in pieces, ages in
# seconds. A leak of a kilobyte a message is tens of MB in half an hour.
MEMORY_MB, MEMORY_SHARE, PIECES, OLDEST = 4.0, 0.05, 4.0, 90.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One look. Memory in MB by process, open files by process, connections to PostgreSQL, ages of the oldest work in seconds."""

    at: float
    memory: dict[str, float]
    files: dict[str, float]
    connections: float
    unhandled: float
    unsent: float
    doubtful: float


def positive(text: str) -> float:
    """A number above 0, as an option of the command line. Raises `argparse.ArgumentTypeError`."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"a number above 0 is wanted, not {text!r}")
    return number


def look(running: Running, at: float) -> Sample:
    """Sample the service now. A process that is just being replaced is left out."""
    living = json.loads((running.state / "processes.json").read_text())["living"]
    memory: dict[str, float] = {}
    files: dict[str, float] = {}
    for one in living:
        try:
            family = [int(one["pid"]), *_children(int(one["pid"]))]
            memory[one["name"]] = sum(_resident(pid) for pid in family)
            files[one["name"]] = float(sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in family))
        except OSError:
            continue
    with psycopg.connect(running.variables["BOT_DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").fetchone()
    with urlopen(f"http://127.0.0.1:{running.port}/health", timeout=20) as answer:
        ages = json.loads(answer.read())
    waiting = (float(ages[f"oldest_{kind}_seconds"]) for kind in ("unhandled_message", "unsent_message", "doubtful_send"))
    return Sample(at, memory, files, float(row[0] if row else 0), *waiting)


def _children(pid: int) -> list[int]:
    direct = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*direct, *(below for child in direct for below in _children(child))]


def _resident(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


def verdict(samples: list[Sample]) -> list[str]:
    """What is not flat at the end, in words; nothing if all is. Compares the medians of the second third and of the last."""
    third = max(1, len(samples) // 3)
    middle, last = samples[third : 2 * third], samples[-third:]
    wrong: list[str] = []
    for name in sorted({name for sample in last for name in sample.memory if name.startswith(JUDGED)}):
        before, after = _median(middle, "memory", name), _median(last, "memory", name)
        if after - before > max(MEMORY_MB, MEMORY_SHARE * before):
            wrong.append(f"memory of {name} grows: {before:.1f} to {after:.1f} MB")
        before, after = _median(middle, "files", name), _median(last, "files", name)
        if after - before > PIECES:
            wrong.append(f"open files of {name} grow: {before:.0f} to {after:.0f}")
    before, after = (statistics.median(sample.connections for sample in part) for part in (middle, last))
    if after - before > PIECES:
        wrong.append(f"connections grow: {before:.0f} to {after:.0f}")
    for kind in ("unhandled", "unsent", "doubtful"):
        oldest = statistics.median(getattr(sample, kind) for sample in last)
        if oldest > OLDEST:
            wrong.append(f"the oldest {kind} work is {oldest:.0f} s old")
    return wrong


def summary(samples: list[Sample]) -> str:
    """Memory and open files of each process, in the second third and in the last; connections; the oldest work of all samples."""
    third = max(1, len(samples) // 3)
    middle, last = samples[third : 2 * third], samples[-third:]
    lines = [f"{'second third, last third':26}{'MB':>8}{'MB':>8}{'files':>8}{'files':>8}"]
    for name in sorted(samples[-1].memory):
        memory = (_median(part, "memory", name) for part in (middle, last))
        files = (_median(part, "files", name) for part in (middle, last))
        lines.append(f"{name:26}" + "".join(f"{size:8.1f}" for size in memory) + "".join(f"{count:8.0f}" for count in files))
    before, after = (statistics.median(sample.connections for sample in part) for part in (middle, last))
    oldest = (max(getattr(sample, kind) for sample in samples) for kind in ("unhandled", "unsent", "doubtful"))
    ages = ", ".join(f"{age:.1f} s {what}" for age, what in zip(oldest, ("to handle", "to send", "in doubt"), strict=True))
    return "\n".join([*lines, f"connections {before:.0f}, {after:.0f}; the oldest ever: {ages}"])


def _median(samples: list[Sample], part: str, name: str) -> float:
    found = [float(getattr(sample, part)[name]) for sample in samples if name in getattr(sample, part)]
    return statistics.median(found or [0.0])
