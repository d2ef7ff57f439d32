"""Who takes part: people with a referral each, and caseworkers of every temper."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

# What a caseworker does with a notice: (days after it, what is written). `{}` is the code.
TEMPERS: dict[str, tuple[tuple[float, str], ...]] = {
    "prompt": ((0.1, "OK {}"), (1.0, "APPELE {}"), (6.0, "FAIT {} 1")),
    "slow": ((1.6, "vu {}"), (4.0, "ok {}"), (8.0, "appele {}"), (20.0, "fait {} 2")),
    "silent": (),
    "sloppy": ((0.2, "OK K9999Z"), (0.3, "okk {}"), (0.4, "ok {} svp"), (2.0, "appelé {}"), (3.0, "FAIT"), (3.1, "FAIT {} 1")),
    "declining": ((0.3, "NON {} 2"),),
    "reaching nobody": ((0.1, "OK {}"), (0.4, "PAS JOINT {}"), (1.6, "PAS JOINT {} SMS"), (2.9, "PAS JOINT {}"), (4.2, "PAS JOINT {}")),
    "passing on": ((0.5, "TRANSF {} Bambey"), (0.8, "OK {}")),
    "takes and forgets": ((0.3, "OK {}"),),
}
PLACES = ("Diourbel", "Bambey", "Mbacké", "Touba", "Thiès", "Kaolack", "Louga", "Kolda", "Dakar")
OPENINGS = {
    "normal": ("agent", "oui", "{place}"),
    "emergency": ("j'ai envie de mourir", "{place}"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes once, and what they do later. `answers` is what they say when they are asked, empty for nothing."""

    phone: str
    name: str
    texts: tuple[str, ...]
    answers: str
    later: tuple[tuple[timedelta, str], ...]


def person(number: int, chance: Random) -> Person:
    """The person of that number, always the same for a seed."""
    place, kind = chance.choice(PLACES), chance.choices(("normal", "emergency"), (3, 1))[0]
    texts = tuple(text.format(place=place) for text in OPENINGS[kind])
    later: list[tuple[timedelta, str]] = []
    if chance.random() < 0.12:
        later.append((timedelta(days=chance.uniform(0, 15)), chance.choice(("retirer", "oui"))))
        later.append((later[-1][0] + timedelta(minutes=3), "oui"))
    if chance.random() < 0.05:
        later.append((timedelta(days=chance.uniform(0, 30)), "STOP"))
    if chance.random() < 0.3:
        later.append((timedelta(days=chance.uniform(0, 20)), "statut"))
    return Person(f"+22178{number:07d}", f"Zorg{number}x", texts, chance.choice(("oui", "non", "1", "2", "")), tuple(later))
