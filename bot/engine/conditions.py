"""The condition language: small enough to fit on a page.

    results.need is job
    results.age < 18 and contact.place is known
    results.need in job, training or results.urgent is yes

`and` binds stronger than `or`; there are no brackets. Values are compared as words, except with `<` and `>`, which compare numbers.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Comparison = Literal["is", "is not", "in", "known", "unknown", "<", ">"]
Lookup = Callable[[str], str | None]

_NAME = r"(?:results|contact)\.[a-z][a-z0-9_]*"
_TEST = re.compile(
    rf"^(?P<name>{_NAME})\s+(?:(?P<known>is known)|(?P<unknown>is not known)|(?P<word>is not|is|in|<|>)\s+(?P<value>[^<>]+?))$"
)


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison."""

    name: str
    comparison: Comparison
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """Any of `alternatives` holds when all tests of it hold. `source` is what the author wrote."""

    alternatives: tuple[tuple[Test, ...], ...]
    source: str

    def holds(self, lookup: Lookup) -> bool:
        """Whether the condition holds; `lookup` gives the value of `results.x` or `contact.x`, None when it has none."""
        return any(all(_holds(test, lookup(test.name)) for test in tests) for tests in self.alternatives)

    @property
    def names(self) -> tuple[str, ...]:
        """The values that the condition looks at, as `results.need`."""
        return tuple(test.name for tests in self.alternatives for test in tests)


def parse_condition(source: str) -> Condition:
    """Read a condition. Raises `ValueError` whose message is the part that was not understood."""
    alternatives = tuple(
        tuple(_parse_test(part) for part in re.split(r"\s+and\s+", alternative)) for alternative in re.split(r"\s+or\s+", source.strip())
    )
    return Condition(alternatives, source.strip())


def _parse_test(part: str) -> Test:
    match = _TEST.match(part.strip())
    if match is None:
        raise ValueError(part.strip())
    name = match["name"]
    if match["known"]:
        return Test(name, "known")
    if match["unknown"]:
        return Test(name, "unknown")
    word = match["word"]
    if word == "in":
        return Test(name, "in", tuple(value.strip() for value in match["value"].split(",")))
    comparison: Comparison = "is" if word == "is" else "is not" if word == "is not" else "<" if word == "<" else ">"
    if comparison in ("<", ">") and not match["value"].strip().isdigit():
        raise ValueError(part.strip())
    return Test(name, comparison, (match["value"].strip(),))


def _holds(test: Test, value: str | None) -> bool:
    if test.comparison == "known":
        return value is not None
    if test.comparison == "unknown":
        return value is None
    if test.comparison in ("<", ">"):
        if value is None or not value.isdigit():
            return False
        return int(value) < int(test.values[0]) if test.comparison == "<" else int(value) > int(test.values[0])
    if test.comparison == "is not":
        return value != test.values[0]
    return value in test.values
