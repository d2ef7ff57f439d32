"""A small directory for tests: two regions with a reception each, one secretariat, and whoever a test adds."""

from datetime import UTC, date, datetime, time

from bot.domain.calendar import Calendar, Hours
from bot.domain.directory import EVERYWHERE, Directory, Need, Offer, Partner
from bot.domain.places import Place
from bot.domain.regions import Country, Region

TODAY = date(2026, 12, 2)
NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)
OFFICE = Hours({day: ((time(8), time(17)),) for day in range(5)})
LOUGA, DIOURBEL = Place("Louga"), Place("Diourbel")
MBACKE, TOUBA = Place("Diourbel", "Mbacké"), Place("Diourbel", "Mbacké", "Touba Mosquée")


def partner(name: str, *takes: Need, regions: tuple[str, ...] = ("Diourbel",)) -> Partner:
    return Partner(
        id=name, name=name.upper(), acronym="", meaning="", kind="state", role="", regions=regions, serves=takes, takes=takes,
        conditions="", ways_in=(), source=("source",), checked=TODAY, owner="", verified=True, on=True,
    )  # fmt: skip


def offer(name: str, *places: str, needs: tuple[Need, ...] = ("training",)) -> Offer:
    return Offer(
        id=name, partner="school", needs=needs, places=places, title=name, text=name, who="", papers="", cost="", how_to_enrol="",
        who_decides="", source=("source",), checked=TODAY, verified=True, on=True,
    )  # fmt: skip


def region(name: str) -> Region:
    return Region(name.lower(), name, name, f"reception_{name.lower()}", "secretariat", f"reception_{name.lower()}", ("wo",), OFFICE)


RECEPTIONS = tuple(partner(f"reception_{name.lower()}", "other", regions=(name,)) for name in ("Diourbel", "Louga"))
SCHOOL = partner("school", "training")
AGENCY = partner("agency", "training", "job", regions=(EVERYWHERE,))


def directory(*partners: Partner, offers: tuple[Offer, ...] = ()) -> Directory:
    everybody = (*RECEPTIONS, partner("secretariat", regions=(EVERYWHERE,)), *partners)
    country = Country({"diourbel": region("Diourbel"), "louga": region("Louga")}, {})
    return Directory({one.id: one for one in everybody}, offers, country, Calendar({}, (2026, 2027)), "diourbel")
