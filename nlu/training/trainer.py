"""Make a model, measure it, and put it in charge if it is good enough."""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from components.names import DANGER_INTENTS, FORMAT, INTENTS

from training.cases import read_cases
from training.data import DEVELOPMENT, ROOT, TRAINING, hand_files
from training.inputs import development_hash, input_hash
from training.parser import QUIET, Parser
from training.scoring import Answer, score

MODELS: Final = ROOT / "models"
WORSE: Final = 0.005  # less than this is noise, however large the development set
ABANDONED: Final = 3600.0  # seconds; no training takes that long
DANGER_SHARE: Final = len(DANGER_INTENTS) / len(INTENTS)  # of the messages in a balanced development set
GAP: Final = 0.03  # how far Wolof may stay behind French

UNCHANGED, PROMOTED, REFUSED, NO_DATA = "unchanged", "promoted", "refused", "no_data"
EXIT_CODES: Final = {UNCHANGED: 0, PROMOTED: 0, NO_DATA: 2, REFUSED: 3}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What training came to: one of the words above, the figures of the new model, and reasons in words."""

    result: str
    about: dict[str, Any]
    reasons: tuple[str, ...] = ()


def about_current(models: Path = MODELS) -> dict[str, Any] | None:
    """What `current.json` says; None without a complete model that this code can read."""
    try:
        about = json.loads((models / "current.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    fits = isinstance(about, dict) and about.get("format") == FORMAT
    return about if fits and (models / "current.tar.gz").exists() else None


def _scores_of_current(current: dict[str, Any], models: Path, say: Callable[[str], None]) -> dict[str, Any] | None:
    """The running model on the development set as it is now, measured again only if the set has changed."""
    if current.get("development_inputs") == development_hash():
        scores: dict[str, Any] | None = current.get("development")
        return scores
    return development_scores(models / "current.tar.gz", say)


def _falls(name: str, new: float | None, old: float | None, messages: float) -> list[str]:
    """A sentence if a share measured on so many messages falls by more than half a standard error."""
    before, after = old or 0.0, new or 0.0
    noise = max(WORSE, 0.5 * math.sqrt(before * (1 - before) / max(messages, 1)))
    return [f"{name} falls from {before:.3f} to {after:.3f}"] if after < before - noise else []


def objections(new: dict[str, Any] | None, old: dict[str, Any] | None) -> list[str]:
    """Why a model with these development scores should not replace one with those; empty when it may."""
    if not new:
        return []
    found = []
    if old:
        count = new["messages"]
        found += _falls("top-1 accuracy", new["top1"], old["top1"], count)
        found += _falls("danger recall", new["danger"]["recall"], old["danger"]["recall"], count * DANGER_SHARE)
    languages = new["by_language"]
    if "fr" in languages and "wo" in languages and languages["wo"]["top1"] < languages["fr"]["top1"] - GAP:
        found.append(f"Wolof ({languages['wo']['top1']:.3f}) is more than three points below French ({languages['fr']['top1']:.3f})")
    return found


def train(say: Callable[[str], None], *, force: bool = False, models: Path = MODELS) -> Outcome:
    """Bring `models/current.tar.gz` up to date with its inputs. Raises subprocess.CalledProcessError when Rasa fails."""
    wanted = input_hash()
    current = about_current(models)
    if current and current.get("inputs") == wanted and not force:
        return Outcome(UNCHANGED, current)
    if not hand_files(TRAINING):
        return Outcome(NO_DATA, {}, (f"no hand files below {TRAINING}",))
    models.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    say(f"training on {len(hand_files(TRAINING))} hands (model {wanted})")
    built = _build(models, wanted)
    took = time.monotonic() - started
    say(f"trained in {took:.0f} s")
    scores = development_scores(built, say)
    about = {
        "inputs": wanted,
        "format": FORMAT,
        "seconds": round(took, 1),
        "hands": len(hand_files(TRAINING)),
        "development_inputs": development_hash(),
        "development": scores,
    }
    reasons = () if force or current is None else tuple(objections(scores, _scores_of_current(current, models, say)))
    if reasons:
        os.replace(built, models / "refused.tar.gz")
        (models / "refused.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
        return Outcome(REFUSED, about, reasons)
    _promote(built, about, models)
    return Outcome(PROMOTED, about, tuple(objections(scores, None)))


def _sweep(models: Path) -> None:
    """Remove what trainings left behind that were cut off."""
    for left in models.glob(".build-*"):
        if time.time() - left.stat().st_mtime > ABANDONED:
            shutil.rmtree(left, ignore_errors=True)


def _build(models: Path, name: str) -> Path:
    _sweep(models)
    # A process of its own: Rasa changes logging, warnings and sys.path of the one it runs in.
    with tempfile.TemporaryDirectory(prefix=".build-", dir=models) as scratch:
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "rasa",
            "train",
            "nlu",
            "--nlu",
            "data",
            "--config",
            "config.yml",
            "--out",
            scratch,
            "--fixed-model-name",
            name,
        ]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **QUIET}, capture_output=True, text=True, check=False)
        archive = Path(scratch) / f"{name}.tar.gz"
        if done.returncode or not archive.exists():
            sys.stderr.write(done.stdout[-4000:] + done.stderr[-4000:])
            raise subprocess.CalledProcessError(done.returncode or 1, command)
        kept = models / f"{name}.tar.gz"
        os.replace(archive, kept)
    return kept


def development_scores(model: Path, say: Callable[[str], None]) -> dict[str, Any] | None:
    """Scores on the development set; None when there is none yet."""
    if not hand_files(DEVELOPMENT):
        say("no development set: the model is not scored")
        return None
    cases = read_cases(DEVELOPMENT)
    say(f"measuring on {len(cases)} messages of the development set")
    parser = Parser(model)
    answers = [Answer.of(parsed, took) for parsed, took in parser.parse_all([case.text for case in cases])]
    return score(list(zip(cases, answers, strict=True)))


def _promote(built: Path, about: dict[str, Any], models: Path) -> None:
    """Archive first, description second: a crash between the two only means training once more."""
    (models / "current.json").unlink(missing_ok=True)
    os.replace(built, models / "current.tar.gz")
    partial = models / "current.json.partial"
    partial.write_text(json.dumps(about, indent=1), encoding="utf-8")
    os.replace(partial, models / "current.json")
