"""Who asks for help: people with a matter each, what they write, and what they do later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

PLACES = ("Diourbel", "Bambey", "Mbacké", "Touba", "Thiès", "Kaolack", "Louga", "Kolda", "Dakar", "Ziguinchor", "Matam")
NEEDS = ("un travail", "formation", "activité", "santé", "écoute", "papiers", "école", "droit", "autre")
FULL = ("inscription", "oui", "1", "{place}", "{need}", "2", "Maroc", "personne", "{way}", "{phone_use}", "{name}")
SOON = ("inscription", "oui", "1", "{place}", "logement", "2", "Maroc", "personne", "{way}", "{phone_use}", "{name}")
# What is written at first, by how common it is.
OPENINGS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (6, ("agent", "oui", "{place}")),
    (1, ("nit", "waaw", "{place}")),
    (3, FULL),
    (2, SOON),
    (2, ("on me menace", "non", "oui", "sms", "une femme", "{place}")),
    (1, ("il me frappe", "oui", "oui", "sms", "une femme", "{place}")),
    (2, ("j'ai envie de mourir", "{place}")),
)
# What comes of a question of the service: nothing at all from many.
ANSWERS = ("oui", "non", "1", "2", "waaw", "")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a phone and a name. `answers` is what they say when they are asked; `later` is written so long after the
    beginning, `{code}` being their code."""

    phone: str
    name: str
    texts: tuple[str, ...]
    answers: str
    later: tuple[tuple[timedelta, str], ...]


def person(number: int, chance: Random) -> Person:
    """The person of that number, always the same for a seed. Names and numbers are found nowhere by accident."""
    opening = chance.choices([texts for _, texts in OPENINGS], [share for share, _ in OPENINGS])[0]
    said = {
        "place": chance.choice(PLACES),
        "need": chance.choice(NEEDS),
        "way": chance.choice(("appel le matin", "sms", "whatsapp")),
        "phone_use": chance.choice(("1", "1", "1", "3")),
        "name": f"Zorgbul{_letters(number)}",
    }
    texts = tuple(text.format(**said) for text in opening)
    return Person(f"+22178{number:07d}", said["name"], texts, chance.choice(ANSWERS), tuple(_later(texts, chance)))


def _later(texts: tuple[str, ...], chance: Random) -> Iterator[tuple[timedelta, str]]:
    if chance.random() < 0.12:
        yield timedelta(days=chance.uniform(0, 12)), "retirer {code}"
    if chance.random() < 0.04:
        yield timedelta(days=chance.uniform(0, 25)), "STOP"
    if chance.random() < 0.25:
        yield timedelta(days=chance.uniform(0, 20)), "statut {code}"
    if chance.random() < 0.08:
        # The same matter once more: it is joined to the one that waits.
        at = timedelta(days=chance.uniform(1, 8))
        yield from ((at + timedelta(minutes=2 * step), text) for step, text in enumerate(texts))


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:05d}")
