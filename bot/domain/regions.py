"""Where we are: the regions, who coordinates in each, and the numbers that may be told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.domain.calendar import Hours

# everyone: told whenever it helps. danger: only when somebody is in danger now. child: when a child is in danger.
# choice: only in danger, and only when the person asks for it, because calling there has a price for some people.
Audience = Literal["everyone", "danger", "child", "choice"]
AUDIENCES: tuple[Audience, ...] = ("everyone", "danger", "child", "choice")


@dataclass(frozen=True, slots=True)
class Region:
    """A region of Senegal as the service knows it.

    `id` is the name without accents (`saint_louis`), `name` as in the list of places. `reception` is the partner that takes
    every need when no other does, `on_call` the one that hears first of an emergency. `complete` is False where little more
    than the reception office is known. `languages` are spoken there, by ISO 639 code; only some have a catalogue.
    """

    id: str
    name: str
    capital: str
    reception: str
    coordinator: str
    on_call: str
    languages: tuple[str, ...]
    hours: Hours
    hours_confirmed: bool = False
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Hotline:
    """A short or free number. `number` as it is dialled and read aloud. `hours` is a sentence, empty when not known for sure."""

    id: str
    number: str
    name: str
    purpose: str
    audience: Audience
    free: bool
    source: str
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Country:
    """All regions by id, and all hotlines by id."""

    regions: Mapping[str, Region]
    hotlines: Mapping[str, Hotline]

    def region_named(self, name: str) -> Region | None:
        """The region of a place, by its name in the list of places."""
        return next((region for region in self.regions.values() if region.name == name), None)

    def hotlines_for(self, audiences: Collection[Audience]) -> tuple[Hotline, ...]:
        """The numbers that may be told to these audiences."""
        return tuple(hotline for hotline in self.hotlines.values() if hotline.audience in audiences)
