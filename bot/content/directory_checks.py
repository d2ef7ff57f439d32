"""What must hold between the files of config/: names that exist, texts that fit a telephone."""

from collections.abc import Collection, Mapping
from datetime import date

from bot.content.reading import Faults, Section, nearest
from bot.domain.directory import EVERYWHERE, Directory, Offer, Partner
from bot.domain.places import PlaceIndex
from bot.domain.regions import Region
from bot.domain.segments import measure, render_for_sms

LONGEST_TEXT = 300
MOST_SEGMENTS = 2
# Texts that people read are written in French; other languages are catalogues.
SOURCE = "fr"


def check_directory(
    directory: Directory, places: PlaceIndex, sections: Mapping[str, Section], overlaid: Collection[str], faults: Faults
) -> None:
    """Note every name that leads nowhere and every text that is too long or too dear."""
    for partner in directory.partners.values():
        _check_partner(partner, directory, sections[f"partner.{partner.id}"])
    for offer in directory.offer_list:
        _check_offer(offer, directory, places, sections[f"offer.{offer.id}"])
    _check_regions(directory, places, sections, faults)
    for partner_id in overlaid:
        if partner_id not in directory.partners:
            hint = nearest(partner_id, directory.partners)
            faults.add("config/sandbox/partners.yml", 1, "partners", "unknown_partner", hint, name=partner_id)


def _check_partner(partner: Partner, directory: Directory, section: Section) -> None:
    names = [region.name for region in directory.country.regions.values()]
    for name in partner.regions:
        if name != EVERYWHERE and name not in names:
            section.fault("regions", "unknown_region", nearest(name, names), name=name)
    if partner.verified and not partner.source:
        section.fault("source", "verified_without_source")


def _check_offer(offer: Offer, directory: Directory, places: PlaceIndex, section: Section) -> None:
    if offer.partner not in directory.partners:
        section.fault("partner", "unknown_partner", nearest(offer.partner, directory.partners), name=offer.partner)
    for code in offer.places:
        if code != EVERYWHERE and places.get(code) is None:
            section.fault("places", "unknown_place", nearest(code, places.places), name=code)
    if offer.verified and not offer.source:
        section.fault("source", "verified_without_source")
    if len(offer.text) > LONGEST_TEXT:
        section.fault("text", "text_too_long", length=str(len(offer.text)), limit=str(LONGEST_TEXT))
    if (cost := measure(render_for_sms(offer.text, SOURCE))).segments > MOST_SEGMENTS:
        section.fault("text", "text_too_dear", segments=str(cost.segments), limit=str(MOST_SEGMENTS))


def _check_regions(directory: Directory, places: PlaceIndex, sections: Mapping[str, Section], faults: Faults) -> None:
    regions = directory.country.regions
    if directory.home not in regions:
        faults.add("config/regions", 0, "", "unknown_region", nearest(directory.home, regions), name=directory.home)
    for region in regions.values():
        if places.get(region.name) is None:
            sections[f"region.{region.id}"].fault("name", "unknown_place", nearest(region.name, places.places), name=region.name)
        _check_doors(region, directory, sections[f"region.{region.id}"])
    present = {region.name for region in regions.values()}
    for place in places.places.values():
        if place.level == "region" and place.name not in present:
            faults.add("config/regions", 0, "", "region_without_file", name=place.name)


def _check_doors(region: Region, directory: Directory, section: Section) -> None:
    """Reception, coordinator and on-call must be there: they are what keeps a referral from going to nobody."""
    for key, partner_id in (("reception", region.reception), ("coordinator", region.coordinator), ("on_call", region.on_call)):
        if not partner_id or not section.has(key):
            # Noted already; who is on call is the reception where nobody else is named.
            continue
        partner = directory.partners.get(partner_id)
        if partner is None:
            section.fault(key, "unknown_partner", nearest(partner_id, directory.partners), name=partner_id)
        elif not partner.usable:
            section.fault(key, "partner_not_usable", name=partner_id)


def check_today(directory: Directory, today: date, faults: Faults) -> None:
    """Note years without holidays, long before they begin."""
    for year in directory.calendar.missing_years(today):
        faults.add("config/holidays", 0, "", "missing_year", year=str(year))
