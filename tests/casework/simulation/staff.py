"""Who answers for the partners: members of every temper, with absences, deputies, and a liking for one message a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from bot.casework import roster
from bot.content import Content
from bot.content.parsing import Faults
from bot.content.roster import read_roster
from bot.domain.directory import Directory
from bot.storage import members
from bot.storage.database import Transaction

# What a caseworker does with a notice: (days after it, what is written). `{}` is the code.
TEMPERS: dict[str, tuple[tuple[float, str], ...]] = {
    "prompt": ((0.1, "OK {}"), (1.0, "APPELE {}"), (1.5, "EN COURS {}"), (6.0, "FAIT {} 1")),
    "slow": ((1.6, "vu {}"), (4.0, "ok {}"), (8.0, "appele {}"), (20.0, "fait {} 2")),
    "silent": (),
    "sloppy": ((0.2, "OK K9999Z"), (0.3, "okk {}"), (0.4, "ok {} svp"), (2.0, "appelé {}"), (3.0, "FAIT"), (3.1, "FAIT {} 1")),
    "declining": ((0.3, "NON {} 2"),),
    "full": ((0.2, "NON {}"), (0.25, "1")),
    "reaching nobody": ((0.1, "OK {}"), (0.4, "PAS JOINT {}"), (1.6, "PAS JOINT {} SMS"), (2.9, "PAS JOINT {}"), (4.2, "PAS JOINT {}")),
    "passing on": ((0.5, "TRANSF {} Bambey"), (0.8, "OK {}")),
    "takes and forgets": ((0.3, "OK {}"), (0.31, "DETAILS {}"), (0.32, "NOTE {} rappeler lundi")),
}
LIKELY = {"silent": 2, "prompt": 6, "slow": 2}


@dataclass(frozen=True, slots=True)
class Caseworker:
    """One member: their phone, how they mostly are, and the days on which they are away."""

    phone: str
    partner: str
    temper: str
    language: str
    digest: bool
    away: tuple[date, date] | None

    def does(self, code: str, notice: str) -> tuple[tuple[float, str], ...]:
        """What they do with this notice. Now and then everybody is another."""
        chance = Random(f"{code}{self.phone}{notice[:8]}")
        temper = self.temper if chance.random() < 0.7 else chance.choice(list(TEMPERS))
        return TEMPERS[temper]

    def is_away(self, day: date) -> bool:
        """Whether they are absent on that day."""
        return self.away is not None and self.away[0] <= day <= self.away[1]


def caseworkers(directory: Directory, first: date, days: int, chance: Random) -> list[Caseworker]:
    """Two for each partner that may hold a referral, drawn by chance."""
    doors = {door for region in directory.country.regions.values() for door in (region.coordinator, region.reception, region.on_call)}
    named = {directory.ladder.national, *doors, *(partner.id for partner in directory.partners.values() if partner.takes)}
    holding = sorted(name for name in named if directory.partners[name].usable)
    made = []
    for number in range(2 * len(holding)):
        temper = chance.choices(list(TEMPERS), [LIKELY.get(name, 1) for name in TEMPERS])[0]
        start = first + timedelta(days=chance.randrange(days))
        away = (start, start + timedelta(days=chance.randint(3, 25))) if chance.random() < 0.4 else None
        language, digest = chance.choice(("fr", "fr", "fr", "wo")), chance.random() < 0.15
        made.append(Caseworker(f"+22176{number:07d}", holding[number // 2], temper, language, digest, away))
    return made


def invite(content: Content, tx: Transaction, staff: list[Caseworker], chance: Random, folder: Path) -> None:
    """Everybody joins by one file, as an admin would have it; half of those who will be away have somebody of another partner as a
    deputy. The same file a second time changes nothing."""
    lines = ["partenaire;téléphone;langue;résumé quotidien;suppléant"]
    for one in staff:
        others = [other for other in staff if other.partner != one.partner]
        deputy = chance.choice(others).phone if chance.random() < 0.5 else ""
        lines.append(f"{one.partner};{one.phone};{one.language};{'oui' if one.digest else 'non'};{deputy}")
    file, faults = folder / "membres.csv", Faults()
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    found = read_roster(file, tuple(content.directory.partners), faults)
    invited = [roster.carry_out(content, tx, roster.plan(tx, found, file.name, faults)) for _ in range(2)]
    assert (invited, faults.found) == ([len(staff), 0], [])
    away = {one.phone: one.away for one in staff if one.away is not None}
    for member in members.everyone(tx):
        if member.address.value in away:
            members.set_absence(tx, member.id, *away[member.address.value])
