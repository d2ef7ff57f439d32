"""What flows, casework and understanding look up in the shipped content."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from bot.domain.addresses import Address
from bot.domain.directory import NEEDS
from bot.domain.referrals import DEADLINES, ReferralSummary, State
from tests.pipeline.world import AWA, CASEWORKER, WOLOF_CASEWORKER, shipped

NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)
LANGUAGES = ("fr", "wo")
STATES: tuple[State, ...] = get_args(State)


def summary(state: State = "offered", need: str = "job") -> ReferralSummary:
    return ReferralSummary("K7222A", state, need, "baos_diourbel", "urgent", NOON, NOON + DEADLINES["urgent"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_state_of_a_referral_can_be_told(state: State, language: str) -> None:
    told = shipped().status_text(summary(state), language)
    assert "K7222A" in told
    assert "{{" not in told
    # Nobody asked just now: who reads over a shoulder learns neither the service nor the need.
    assert "BAOS" not in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("need", NEEDS)
def test_every_need_reads_as_words_in_a_notice(need: str, language: str) -> None:
    notice = shipped().notice("new_referral", summary(need=need), "SN-DB/Mbacké/Touba", language)
    assert "K7222A" in notice
    assert "{{" not in notice
    assert need not in notice.split()


def test_a_notice_tells_department_and_region_and_never_the_commune() -> None:
    place = next(place for place in (shipped().read_place("Touba", "fr").options or ()))
    notice = shipped().notice("new_referral", summary(), place[0], "fr")
    assert "Mbacké" in notice
    assert "Touba" not in notice


def test_a_place_that_is_known_by_code_is_certain() -> None:
    ((code, name),) = shipped().read_place("Touba", "fr").options[:1]
    assert shipped().read_place(code, "fr").options == ((code, name),)
    assert shipped().read_place(code, "fr").certain
    assert shipped().place_name(code, "fr") == name
    assert shipped().place_name("nowhere", "fr") == "nowhere"


@pytest.mark.parametrize("text", ["", "asdfghjkl", "👍", "12"])
def test_what_is_no_place_has_no_reading(text: str) -> None:
    assert shipped().read_place(text, "fr").options == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("need", NEEDS)
def test_every_need_anywhere_goes_to_somebody_with_a_reason(need: str, language: str) -> None:
    for place in ("", "Thiès", "nowhere"):
        routed = shipped().route(need, place, "normal", language, NOON)
        assert routed.partner in shipped().directory.partners
        assert "{{" not in routed.reason


def test_offers_are_at_most_a_few_letters_long() -> None:
    for need in NEEDS:
        assert all(0 < len(offer) <= 300 for offer in shipped().offers(need, "", NOON, "fr"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("hotline.samu", "1515"), ("hotline.none", None), ("region.other", None), ("partner.none", None), ("weather.today", None), ("", None)],
)
def test_values_for_texts_are_known_or_none(name: str, value: str | None) -> None:
    assert shipped().value(name, "fr") == value


def test_the_region_and_dates_are_values_too() -> None:
    assert shipped().value("region.name", "fr") == "Diourbel"
    assert shipped().value("date.2026-12-02", "fr") == "2 décembre 2026"


def test_a_caseworker_is_known_by_their_whole_address() -> None:
    assert "baos_diourbel" in shipped().partners_at(Address("sms", CASEWORKER))
    assert shipped().partners_at(Address("whatsapp", CASEWORKER)) == ()
    assert shipped().partners_at(Address("sms", AWA)) == ()
    assert shipped().partner_language(shipped().partners_at(Address("sms", WOLOF_CASEWORKER))[0]) == "wo"
    assert shipped().partner_language("nobody") == "fr"
    assert shipped().partner_addresses("nobody") == ()


@pytest.mark.parametrize("text", ["menu", "MENU !", "Mënu", "bonjour", "na nga def", "nanga def", "oui", "waaw", "stop", "statut K7222A"])
def test_whole_keywords_are_known_words(text: str) -> None:
    assert shipped().is_known_word(text)


@pytest.mark.parametrize(
    "text", ["je cherche un travail à Touba", "menu du jour et autres choses", "K7222A tout court mais long", "x" * 5000]
)
def test_sentences_are_not(text: str) -> None:
    assert not shipped().is_known_word(text)


@pytest.mark.parametrize("text", ["j'ai envie de mourir", "Je ne veux plus vivre !!", "damay xaru", "DAMAY XAROU"])
def test_danger_is_heard_in_both_languages_and_any_spelling(text: str) -> None:
    assert shipped().danger_in(text) == "danger_self_harm"


@pytest.mark.parametrize("text", ["bonjour", "je veux un travail", "mourir de rire", ""])
def test_other_texts_are_no_danger(text: str) -> None:
    assert shipped().danger_in(text) is None


def test_a_version_that_is_not_kept_is_todays() -> None:
    assert shipped().as_of(shipped().flows.version) is shipped()
    assert shipped().as_of("before") is shipped()
