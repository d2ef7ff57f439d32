"""A referral followed from another phone: nothing is told before the detail is right, and nobody gets through by trying."""

import pytest

from tests.casework.cast import change_fields
from tests.pipeline.world import AWA, World

OTHER_PHONE = "+221771110090"
CODE = "K722XA"


@pytest.fixture
def referred(world: World) -> World:
    """Somebody with a referral, a first name and no secret word."""
    for answer in ("inscription", "oui", "1", "Touba", "1", "1", "1", "1", "1", "1", "Modou"):
        world.say(answer)
    assert world.one("SELECT code FROM referrals") == CODE
    return world


def from_elsewhere(world: World, *texts: str, phone: str = OTHER_PHONE) -> str:
    """Every answer that another phone gets."""
    return "\n".join(world.say(text, phone) for text in texts)


@pytest.mark.parametrize(
    "texts", [(f"statut {CODE}",), (CODE,), (f"fan la tollu {CODE}",), (f"statut {CODE}", "Awa"), (f"statut {CODE}", "modo")]
)
def test_without_the_right_detail_nothing_is_told_of_a_referral(referred: World, texts: tuple[str, ...]) -> None:
    answers = from_elsewhere(referred, *texts)
    for told in ("transmise", "acceptée", "BAOS", "Modou", "Touba", "travail"):
        assert told not in answers


def test_a_code_that_does_not_exist_is_answered_in_the_same_words(referred: World) -> None:
    known = from_elsewhere(referred, f"statut {CODE}", "Awa")
    assert from_elsewhere(referred, "statut K7999Z", "Awa", phone="+221771110091").replace("K7999Z", CODE) == known


@pytest.mark.parametrize("detail", ["Modou", "modou", " MODOU !"])
def test_with_code_and_first_name_the_state_is_told_and_nothing_else(referred: World, detail: str) -> None:
    answers = from_elsewhere(referred, f"statut {CODE}", detail)
    assert f"Demande {CODE}" in answers
    for kept in ("Modou", "Touba", AWA[4:]):
        assert kept not in answers


def test_a_secret_word_takes_the_place_of_the_first_name(referred: World) -> None:
    referred.say("mot secret")
    referred.say("mangue")
    assert "Demande" not in from_elsewhere(referred, f"statut {CODE}", "Modou")
    assert f"Demande {CODE}" in from_elsewhere(referred, f"statut {CODE}", "Mangue", phone="+221771110091")


def test_in_wolof_too(referred: World) -> None:
    answers = from_elsewhere(referred, "wolof", f"sama dosiye {CODE}", "Modou")
    assert answers.count(CODE) == 1


def test_after_five_wrong_details_one_phone_is_locked_for_a_day_also_for_the_right_one(referred: World) -> None:
    for name in ("Awa", "Fatou", "Ibrahima", "Cheikh", "Aminata"):
        assert "transmise" not in from_elsewhere(referred, f"statut {CODE}", name)
        referred.pass_(minutes=10)
    assert "demain" in from_elsewhere(referred, f"statut {CODE}", "Modou")
    referred.pass_(hours=25)
    assert f"Demande {CODE}" in from_elsewhere(referred, f"statut {CODE}", "Modou")


def test_after_five_wrong_details_a_code_is_locked_for_every_other_phone_but_never_for_its_owner(referred: World) -> None:
    for number, name in enumerate(("Awa", "Fatou", "Ibrahima", "Cheikh", "Aminata")):
        from_elsewhere(referred, f"statut {CODE}", name, phone=f"+22177111008{number}")
    assert "demain" in from_elsewhere(referred, f"statut {CODE}", "Modou")
    assert f"Demande {CODE}" in referred.say(f"statut {CODE}")


def test_what_was_guessed_is_not_kept_in_plain_words(referred: World) -> None:
    from_elsewhere(referred, f"statut {CODE}", "Ibrahima")
    kept = " ".join(str(row) for row in referred.rows("SELECT * FROM guesses"))
    assert "Ibrahima" not in kept
    assert CODE not in kept


def test_who_gave_no_name_and_no_word_is_found_by_nobody_else(referred: World) -> None:
    change_fields(referred, first_name="")
    assert "transmise" not in from_elsewhere(referred, f"statut {CODE}", "passer")
