"""config/regions/*.yml, config/hotlines.yml and config/holidays/*.yml: where we are, whom to call, when nobody works."""

import re
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

from bot.content.reading import Faults, Section, read_file
from bot.domain.calendar import Calendar, Holiday, Hours
from bot.domain.regions import AUDIENCES, Audience, Country, Hotline, Region

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$")
_LANGUAGE = re.compile(r"^[a-z]{2,3}$")


def load_country(folder: Path, faults: Faults, sections: dict[str, Section] | None = None) -> Country:
    """All regions and hotlines of `folder` (config/). What cannot be read is left out, its faults are noted.

    `sections` takes the section of every region, as `region.<id>`: later checks place their faults there.
    """
    regions: dict[str, Region] = {}
    for section in sections_of(folder / "regions", "config/regions", faults):
        region = _region(section)
        check_id(section, "region", region.id)
        regions[region.id] = region
        if sections is not None:
            sections[f"region.{region.id}"] = section
    return Country(regions, _hotlines(folder / "hotlines.yml", faults))


def load_calendar(folder: Path, faults: Faults) -> Calendar:
    """The holidays of every year that has a file in `folder` (config/holidays/)."""
    holidays: dict[date, Holiday] = {}
    years: list[int] = []
    for section in sections_of(folder, "config/holidays", faults):
        year = section.number("year", 0) or 0
        check_id(section, "year", str(year))
        years.append(year)
        for item in section.sections("holidays", "day"):
            holiday = _holiday(item, year)
            if holiday:
                holidays[holiday.day] = holiday
        section.finish()
    return Calendar(holidays, tuple(years))


def sections_of(folder: Path, name: str, faults: Faults) -> Iterator[Section]:
    """The readable files of a folder in a fixed order."""
    for path in sorted(folder.glob("*.yml")):
        section = read_file(path, f"{name}/{path.name}", faults)
        if section:
            yield section


def check_id(section: Section, key: str, value: str) -> None:
    """A file is named for what it holds, so that it is found and nothing is written twice."""
    stem = section.file.rsplit("/", maxsplit=1)[-1].removesuffix(".yml")
    if value and value != stem:
        section.fault(key, "id_not_file_name", stem, value=value, stem=stem)


def read_hours(section: Section | None) -> Hours:
    """Opening times: `weekdays:` for Monday to Friday, or single days, each `08:00-12:00` or a list of such spans."""
    times: dict[int, tuple[tuple[time, time], ...]] = {}
    if section is None:
        return Hours({})
    for number in range(5) if section.has("weekdays") else ():
        times[number] = _spans(section, "weekdays")
    for number, day in enumerate(_DAYS):
        if section.has(day):
            times[number] = _spans(section, day)
    section.finish()
    return Hours(times)


def _spans(section: Section, key: str) -> tuple[tuple[time, time], ...]:
    found = []
    for written in section.words(key):
        match = _SPAN.match(written)
        start, end = (time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))) if match else (time(), time())
        if start < end:
            found.append((start, end))
        else:
            section.fault(key, "not_hours", value=written)
    return tuple(found)


def _region(section: Section) -> Region:
    reception = section.text("reception")
    region = Region(
        id=section.text("region"),
        name=section.text("name"),
        capital=section.text("capital"),
        reception=reception,
        coordinator=section.text("coordinator"),
        on_call=section.optional("on_call") or reception,
        languages=section.words("languages"),
        hours=read_hours(section.section("hours")),
        hours_confirmed=section.flag("hours_confirmed"),
        complete=section.flag("complete"),
    )
    for language in region.languages:
        if not _LANGUAGE.match(language):
            section.fault("languages", "not_a_language", value=language)
    if section.has("means"):
        section.ignore("means")
        section.fault("means", "means_in_region", partner=region.coordinator)
    section.optional("note")
    section.finish()
    return region


def _hotlines(path: Path, faults: Faults) -> dict[str, Hotline]:
    section = read_file(path, "config/hotlines.yml", faults)
    if section is None:
        return {}
    hotlines = {hotline.id: hotline for item in section.sections("hotlines", "id") if (hotline := _hotline(item))}
    section.finish()
    return hotlines


def _hotline(item: Section) -> Hotline:
    written = item.choice("audience", AUDIENCES)
    audience: Audience = next((known for known in AUDIENCES if known == written), "choice")
    hotline = Hotline(
        id=item.text("id"),
        number=item.text("number"),
        name=item.text("name"),
        purpose=item.text("purpose"),
        audience=audience,
        free=item.flag("free"),
        source="; ".join(item.words("source")),
        hours=item.optional("hours") or "",
    )
    if not re.fullmatch(r"[\d ]{2,14}", hotline.number):
        item.fault("number", "not_a_number", value=hotline.number)
    if not hotline.source:
        item.fault("source", "missing_key", name="source")
    item.optional("note")
    item.finish()
    return hotline


def _holiday(item: Section, year: int) -> Holiday | None:
    day, name, certain = item.day("day"), item.text("name"), item.flag("certain", default=True)
    item.finish()
    if day is None:
        return None
    if day.year != year:
        item.fault("day", "other_year", year=str(year))
    return Holiday(day, name, certain)
