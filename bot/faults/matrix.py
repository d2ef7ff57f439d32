"""All cells of the matrix: which are played, where, in which order, and how the outcome reads."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

from bot.faults.box import Box
from bot.faults.kinds import KINDS, STEPS, Kind
from bot.faults.talk import Cell, Talk, Town
from bot.storage.proof import Proof

CHANNELS = ("sms", "whatsapp")
_REGION = "BAOS de "
# A refusal for the pace halts the sender for everybody: these come last, or they would be in all the other times.
_PACING = frozenset({"too many requests (429)", "sender too fast (63018)"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """Cells in the order of the matrix, and how long all of them took."""

    seed: int
    cells: tuple[Cell, ...]
    seconds: float

    @property
    def bad(self) -> tuple[Cell, ...]:
        """The cells that failed."""
        return tuple(cell for cell in self.cells if cell.problem)


class Matrix:
    """Plays cells side by side, at most `at_once`. The same seed plays the same cells with the same phones in the same towns."""

    def __init__(self, box: Box, proof: Callable[[list[str]], Proof], seed: int, at_once: int) -> None:
        self._box = box
        self._proof = proof
        self._seed = seed
        self._at_once = at_once
        self._chance = random.Random(seed)
        self._numbers = iter(range(self._chance.randrange(10**6), 10**7))
        self._expected: dict[str, list[str]] = {}

    def play(self, kinds: Sequence[Kind] = KINDS, steps: Sequence[str] = STEPS, told: Callable[[Cell], None] = lambda _: None) -> Outcome:
        """Every step of every kind, after one undisturbed conversation on each channel. Raises `Unreachable`."""
        begun = time.monotonic()
        self._box.ask("seed", {"seed": self._seed})
        towns = self._towns()
        cells = [self._reference(channel, town) for channel, town in zip(CHANNELS, towns, strict=False)]
        if not any(cell.problem for cell in cells):
            talks = list(self._talks([kind for kind in kinds if kind.name != "none"], steps, towns))
            for batch in (False, True):
                chosen = [talk for talk in talks if (talk.kind.name in _PACING) == batch]
                with ThreadPoolExecutor(self._at_once) as pool:
                    for cell in pool.map(Talk.play, sorted(chosen, key=lambda talk: not talk.kind.slow)):
                        told(cell)
                        cells.append(cell)
        places = {kind.name: number for number, kind in enumerate(KINDS)}
        cells.sort(key=lambda cell: (places[cell.kind], STEPS.index(cell.step)))
        return Outcome(self._seed, tuple(cells), time.monotonic() - begun)

    def _talks(self, kinds: Sequence[Kind], steps: Sequence[str], towns: Sequence[Town]) -> Iterator[Talk]:
        for number, kind in enumerate(kinds):
            for place, step in enumerate(steps):
                if step in kind.steps:
                    channel = kind.channel or CHANNELS[(number + place + self._seed) % 2]
                    town = towns[(number * len(STEPS) + place) % len(towns)]
                    yield Talk(self._box, self._proof, kind, step, channel, self._number(), town, self._expected[channel])

    def _reference(self, channel: str, town: Town) -> Cell:
        talk = Talk(self._box, self._proof, KINDS[0], "greeting", channel, self._number(), town)
        cell = talk.play()
        self._expected[channel] = talk.heard
        return cell

    def _number(self) -> str:
        return f"+22176{next(self._numbers):07d}"

    def _towns(self) -> list[Town]:
        """Towns whose caseworker answers for nobody else, in an order by chance."""
        found = [(name, number) for name, number in self._box.ask("state")["partners"] if name.startswith(_REGION)]
        numbers = [number for _, number in self._box.ask("state")["partners"]]
        towns = [Town(name.removeprefix(_REGION), number, Lock()) for name, number in found if numbers.count(number) == 1]
        self._chance.shuffle(towns)
        return towns


def table(outcome: Outcome) -> str:
    """Seconds until the answer was there, by trouble and step; ! where something is wrong, - where the trouble has no meaning."""
    rows: dict[str, dict[str, Cell]] = {}
    for cell in outcome.cells:
        rows.setdefault(cell.kind, {})[cell.step] = cell
    widths = [max(len(step), 6) for step in STEPS]
    head = " ".join(step.rjust(width) for step, width in zip(STEPS, widths, strict=True))
    lines = [f"{'seconds to recover':28}{head}"]
    for kind, cells in rows.items():
        shown = (_shown(cells.get(step)).rjust(width) for step, width in zip(STEPS, widths, strict=True))
        lines.append(f"{kind:28}{' '.join(shown)}")
    lines += [f"! {cell.kind} / {cell.step} / {cell.channel}: {cell.problem}" for cell in outcome.bad]
    return "\n".join(lines)


def _shown(cell: Cell | None) -> str:
    return "-" if cell is None else f"{cell.seconds:.1f}{'!' if cell.problem else ''}"
