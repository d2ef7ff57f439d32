"""config/partners/*.yml and config/offers/*.yml: who serves which need where. One file is one partner or one offer."""

from datetime import date
from pathlib import Path

from bot.content.directory_checks import check_directory
from bot.content.ladder import load_ladder
from bot.content.reading import Faults, Section, nearest, read_file
from bot.content.regions import check_id, load_calendar, load_country, read_hours, sections_of
from bot.domain.addresses import CHANNEL_TYPES, POST_TYPES, Address
from bot.domain.directory import NEEDS, Directory, Means, Need, Offer, Partner, WayIn
from bot.domain.places import PlaceIndex

WAYS = ("visit", "phone", "web", "email", "through")
KINDS = ("state", "local", "united_nations", "ngo", "foreign", "emergency", "programme", "network", "coordination", "unknown")
_NEVER = date(1970, 1, 1)


def load_directory(folder: Path, places: PlaceIndex, faults: Faults, *, home: str, sandbox: bool) -> Directory:
    """The directory of `folder` (config/) with `home` as the region that runs the service.

    The demo numbers of config/sandbox/partners.yml are added only with `sandbox`. Faults are noted, nothing is raised; with
    errors in `faults` the directory must not be used.
    """
    sections: dict[str, Section] = {}
    country, calendar = load_country(folder, faults, sections), load_calendar(folder / "holidays", faults)
    overlay = _overlay(folder / "sandbox" / "partners.yml", faults) if sandbox else {}
    partners: dict[str, Partner] = {}
    offers: list[Offer] = []
    for section in sections_of(folder / "partners", "config/partners", faults):
        partner = read_partner(section, overlay)
        partners[partner.id] = partner
        sections[f"partner.{partner.id}"] = section
    for section in sections_of(folder / "offers", "config/offers", faults):
        offer = read_offer(section)
        offers.append(offer)
        sections[f"offer.{offer.id}"] = section
    directory = Directory(partners, tuple(offers), country, calendar, home, load_ladder(folder, partners, faults))
    check_directory(directory, places, sections, tuple(overlay), faults)
    return directory


def read_partner(section: Section, overlay: dict[str, tuple[Means, ...]]) -> Partner:
    """A partner from its file's section; faults are noted there."""
    partner_id = section.text("partner")
    check_id(section, "partner", partner_id)
    serves = _needs(section, "serves")
    hours = section.section("hours")
    partner = Partner(
        id=partner_id,
        name=section.text("name"),
        acronym=section.optional("acronym") or "",
        meaning=section.optional("meaning") or "",
        kind=section.choice("kind", KINDS),
        role=section.text("role"),
        regions=section.words("regions"),
        serves=serves,
        takes=_needs(section, "takes"),
        conditions=section.optional("conditions") or "",
        ways_in=tuple(_way_in(item) for item in section.sections("ways_in", "kind")),
        source=section.words("source"),
        checked=section.day("checked") or _NEVER,
        owner=section.optional("owner") or "",
        verified=section.flag("verified"),
        on=section.flag("on"),
        languages=section.words("languages"),
        hours=read_hours(hours) if hours else None,
        load_limit=section.number("load_limit"),
        means=tuple(means for item in section.sections("means", "channel") if (means := _means(item, partner_id)) is not None),
        demo_phones=overlay.get(partner_id, ()),
        note=section.optional("note") or "",
    )
    _require(section, "regions", "source", "checked", "verified", "on")
    for need in partner.takes:
        if need not in serves:
            section.fault("takes", "takes_without_serving", need=need)
    section.finish()
    return partner


def read_offer(section: Section) -> Offer:
    """An offer from its file's section; faults are noted there."""
    offer_id = section.text("offer")
    check_id(section, "offer", offer_id)
    offer = Offer(
        id=offer_id,
        partner=section.text("partner"),
        needs=_needs(section, "needs"),
        places=section.words("places"),
        title=section.text("title"),
        text=section.text("text").strip(),
        who=section.text("who"),
        papers=section.text("papers"),
        cost=section.text("cost"),
        how_to_enrol=section.text("how_to_enrol"),
        who_decides=section.text("who_decides"),
        source=section.words("source"),
        checked=section.day("checked") or _NEVER,
        verified=section.flag("verified"),
        on=section.flag("on"),
        open_to_all=section.flag("open_to_all", default=True),
        valid_until=section.day("valid_until"),
    )
    _require(section, "needs", "places", "source", "checked", "verified", "on")
    section.optional("note")
    section.finish()
    return offer


def _require(section: Section, *keys: str) -> None:
    for key in keys:
        if not section.has(key):
            section.fault(key, "missing_key", name=key)


def _needs(section: Section, key: str) -> tuple[Need, ...]:
    written = section.words(key)
    for word in written:
        if word not in NEEDS:
            section.fault(key, "not_allowed", nearest(word, NEEDS), value=word, allowed=", ".join(NEEDS))
    return tuple(need for need in NEEDS if need in written)


def _way_in(item: Section) -> WayIn:
    way = WayIn(item.choice("kind", WAYS), item.text("value"))
    item.finish()
    return way


def _means(item: Section, partner_id: str) -> Means | None:
    """An e-mail address or a system. A telephone is somebody's, and is told of nothing without their own yes: that is a mistake here."""
    if item.has("channel") and item.text("channel") in CHANNEL_TYPES:
        item.fault("channel", "means_phone", partner=partner_id, channel=item.text("channel"))
        return None
    written = item.choice("channel", POST_TYPES)
    channel = next((known for known in POST_TYPES if known == written), None)
    address, language = item.text("address"), item.optional("language") or "fr"
    item.finish()
    if channel is None:
        return None
    if not ("@" in address if channel == "email" else address.startswith("https://")):
        item.fault("address", {"email": "not_an_email", "webhook": "not_https"}[channel])
    return Means(Address(channel, address), language)


def _demo_phone(item: Section) -> Means | None:
    """A telephone of the sandbox: the one exception from joining by one's own yes, for nobody has it in their pocket."""
    written = item.choice("channel", CHANNEL_TYPES)
    channel = next((known for known in CHANNEL_TYPES if known == written), None)
    address, language = item.text("address"), item.optional("language") or "fr"
    item.finish()
    if not address.startswith("+22177000") or not address[1:].isdigit():
        item.fault("address", "not_a_demo_number")
    return Means(Address(channel, address), language) if channel else None


def _overlay(path: Path, faults: Faults) -> dict[str, tuple[Means, ...]]:
    """Demo numbers by partner. Real numbers have no place there: whoever reads the file may write to all of them."""
    section = read_file(path, "config/sandbox/partners.yml", faults)
    if section is None:
        return {}
    found: dict[str, tuple[Means, ...]] = {}
    for item in section.sections("partners", "partner"):
        partner = item.text("partner")
        phone = _demo_phone(item)
        found[partner] = (*found.get(partner, ()), *([phone] if phone else []))
    section.finish()
    return found
