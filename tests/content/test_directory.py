"""Partners and offers: what ships may be told, what is wrong is named."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.content.directory import load_directory
from bot.content.directory_checks import check_today
from bot.content.messages import describe
from bot.content.places import load_places
from bot.content.reading import Faults
from bot.domain.directory import NEEDS, SECRETARIAT, Directory
from bot.domain.segments import measure, render_for_sms

CONFIG = Path(__file__).resolve().parents[2] / "config"
TODAY = date(2026, 12, 2)


def load(folder: Path = CONFIG, *, sandbox: bool = False) -> tuple[Directory, Faults]:
    faults = Faults()
    places = load_places(folder / "places.csv", "config/places.csv", faults)
    return load_directory(folder, places, faults, home="diourbel", sandbox=sandbox), faults


DIRECTORY, FAULTS = load()
TOLD = [offer for offer in DIRECTORY.offer_list if offer.may_be_told(TODAY)]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the shipped folder, to be broken."""
    return Path(shutil.copytree(CONFIG, tmp_path / "config"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def codes(config: Path, *, sandbox: bool = False) -> list[tuple[str, int, str, str]]:
    return [(fault.file, fault.line, fault.code, fault.hint) for fault in load(config, sandbox=sandbox)[1].found]


def test_what_ships_has_no_mistake() -> None:
    assert not FAULTS.found
    assert not load(sandbox=True)[1].found


def test_what_ships_names_no_address_to_notify() -> None:
    assert not any(partner.means or partner.demo_phones for partner in DIRECTORY.partners.values())


def test_the_sandbox_adds_demonstration_numbers_and_nothing_else() -> None:
    numbers = [means.address.value for partner in load(sandbox=True)[0].partners.values() for means in partner.demo_phones]
    assert numbers
    assert all(number.startswith("+22177000") for number in numbers)


def test_every_region_has_a_reception_that_may_be_told() -> None:
    for region in DIRECTORY.country.regions.values():
        reception = DIRECTORY.partners[region.reception]
        assert reception.usable
        assert reception.regions == (region.name,)


# What concerns the service itself is answered by a person, not by an offer.
@pytest.mark.parametrize("need", [need for need in NEEDS if need not in SECRETARIAT])
def test_every_need_has_an_offer_in_every_region(need: str) -> None:
    places = load_places(CONFIG / "places.csv", "config/places.csv", Faults())
    for region in DIRECTORY.country.regions.values():
        assert DIRECTORY.offers(need, places.get(region.name), TODAY), region.name


@pytest.mark.parametrize("offer", TOLD, ids=lambda offer: offer.id)
def test_an_offer_fits_two_messages_and_promises_nothing(offer) -> None:  # type: ignore[no-untyped-def]
    assert len(offer.text) <= 300
    assert measure(render_for_sms(offer.text, "fr")).segments <= 2
    assert not re.search(
        r"\b(garanti|vous recevrez|vous aurez|vous obtiendrez|migrants?|clandestin|violences?)\b", offer.text, re.IGNORECASE
    )
    assert not re.search(r"\b(tu|ton|tes)\b", offer.text, re.IGNORECASE)


@pytest.mark.parametrize("offer", TOLD, ids=lambda offer: offer.id)
def test_an_acronym_is_explained_where_it_is_told(offer) -> None:  # type: ignore[no-untyped-def]
    partner = DIRECTORY.partners[offer.partner]
    if partner.acronym and partner.acronym in offer.text:
        assert re.search(rf"{re.escape(partner.acronym)} \(", offer.text)


def test_what_is_doubtful_is_kept_and_never_told() -> None:
    for name in ("preda_diourbel", "groupe_teranga_rewmi", "mprr_ssa", "house_of_hope", "cilmi_alerte", "gendarmerie"):
        assert not DIRECTORY.partners[name].usable
    assert {"prets_faise", "formations_onfp"}.isdisjoint(offer.id for offer in TOLD)


def test_every_source_is_dated_or_has_an_address() -> None:
    entries = {one.id: one.source for one in DIRECTORY.partners.values()} | {f"offer {one.id}": one.source for one in DIRECTORY.offer_list}
    for name, sources in entries.items():
        assert sources, name
        assert all(re.search(r"https?://|\b20\d\d\b", source) for source in sources), name


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("partners/anpej.yml", "partner: anpej", "partner: anpeg", ("config/partners/anpej.yml", 1, "id_not_file_name", "anpej")),
        ("partners/anpej.yml", "takes: [job, business]", "takes: [school]", ("config/partners/anpej.yml", 9, "takes_without_serving", "")),
        ("partners/anpej.yml", "serves: [job,", "serves: [jobb, job,", ("config/partners/anpej.yml", 8, "not_allowed", "job")),
        ("partners/aemo.yml", 'regions: ["*"]', "regions: [Kolla]", ("config/partners/aemo.yml", 7, "unknown_region", "Kolda")),
        ("partners/aemo.yml", "on: yes", "onn: yes", ("config/partners/aemo.yml", 1, "missing_key", "")),
        ("offers/ligne_ajs.yml", "partner: ajs_boutiques", "partner: ajs", ("config/offers/ligne_ajs.yml", 2, "unknown_partner", "")),
        (
            "offers/ligne_ajs.yml",
            'places: ["*"]',
            "places: [Diourbel/Bambei]",
            ("config/offers/ligne_ajs.yml", 4, "unknown_place", "Diourbel/Bambey"),
        ),
        (
            "regions/kolda.yml",
            "reception: baos_kolda",
            "reception: baos_kola",
            ("config/regions/kolda.yml", 4, "unknown_partner", "baos_kolda"),
        ),
    ],
)
def test_a_mistake_is_named_with_file_line_and_the_likely_fix(
    config: Path, file: str, old: str, new: str, fault: tuple[str, int, str, str]
) -> None:
    change(config / file, old, new)
    found = codes(config)
    assert fault in found


def test_a_text_that_is_too_long_or_too_dear_is_refused(config: Path) -> None:
    change(config / "offers/ligne_ajs.yml", "AJS (association", "ж" * 150 + "AJS (association")
    assert {code for _, _, code, _ in codes(config)} == {"text_too_long", "text_too_dear"}


def test_a_region_without_a_file_is_missed(config: Path) -> None:
    (config / "regions/kolda.yml").unlink()
    assert ("config/regions", 0, "region_without_file", "") in codes(config)


def test_a_reception_that_is_switched_off_is_a_mistake(config: Path) -> None:
    change(config / "partners/baos_kolda.yml", "on: yes", "on: no")
    assert ("config/regions/kolda.yml", 4, "partner_not_usable", "") in codes(config)


def test_a_real_number_has_no_place_among_the_demonstration_numbers(config: Path) -> None:
    change(config / "sandbox/partners.yml", "+221770000101", "+221781234567")
    assert [code for _, _, code, _ in codes(config, sandbox=True)] == ["not_a_demo_number"]
    assert codes(config) == []


def test_a_partner_may_have_hours_means_and_a_limit_of_its_own(config: Path) -> None:
    with (config / "partners/anpej.yml").open("a", encoding="utf-8") as file:
        file.write(
            'hours:\n  monday: "09:00-12:00"\nload_limit: 20\nlanguages: [fr, wo]\n'
            'means:\n  - {channel: email, address: "accueil@example.sn"}\n'
        )
    directory, faults = load(config)
    anpej = directory.partners["anpej"]
    assert not faults.found
    assert (anpej.load_limit, anpej.languages, anpej.means[0].address.value) == (20, ("fr", "wo"), "accueil@example.sn")
    assert anpej.hours is not None
    assert anpej.hours.spans(date(2026, 12, 7))


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize("sandbox", [True, False])
def test_a_telephone_is_somebodys_and_joins_by_its_own_yes_not_by_a_file(config: Path, channel: str, *, sandbox: bool) -> None:
    with (config / "partners/anpej.yml").open("a", encoding="utf-8") as file:
        file.write(f'means:\n  - {{channel: {channel}, address: "+221770009999"}}\n')
    directory, faults = load(config, sandbox=sandbox)
    (fault,) = faults.found
    lines = (config / "partners/anpej.yml").read_text(encoding="utf-8").splitlines()
    assert (fault.file, fault.line, fault.key) == ("config/partners/anpej.yml", len(lines), f"means.{channel}.channel")
    for language in ("fr", "en"):
        said = describe(fault, language)
        assert f"dellusi members add anpej +221... --channel {channel}" in said
        assert "770009999" not in said
    assert not directory.partners["anpej"].means


def test_a_region_has_no_address_of_its_own(config: Path) -> None:
    with (config / "regions/kolda.yml").open("a", encoding="utf-8") as file:
        file.write('means:\n  - {channel: sms, address: "+221770009999"}\n')
    (fault,) = load(config)[1].found
    assert (fault.file, fault.key, fault.code) == ("config/regions/kolda.yml", "means", "means_in_region")
    assert "dellusi members add" in describe(fault, "fr")


@pytest.mark.parametrize("address", ["accueil@example.sn", "https://example.sn/hook", "+22177000x101", "+221781234567"])
def test_the_exception_is_for_telephones_of_the_sandbox_alone(config: Path, address: str) -> None:
    change(config / "sandbox/partners.yml", "+221770000101", address)
    assert [code for _, _, code, _ in codes(config, sandbox=True)] == ["not_a_demo_number"]


def test_a_year_without_holidays_is_a_mistake_before_it_begins() -> None:
    faults = Faults()
    check_today(DIRECTORY, date(2027, 10, 20), faults)
    assert [(fault.code, dict(fault.values)) for fault in faults.found] == [("missing_year", {"year": "2028"})]
