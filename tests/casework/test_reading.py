"""A caseworker's text is read whatever its spelling, case, order and language, and never as the opposite of what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.reading import COMMANDS, Command, is_bare_order, named, read_order, way_of
from bot.domain.referrals import CLOSINGS, DECLINES
from tests.pipeline.world import shipped

READ: list[tuple[str, Command | None]] = [
    ("OK K7222A", "accept"),
    ("ok k7 222a svp", "accept"),
    ("k7222a ok", "accept"),
    ("Ok, pas de souci", "accept"),
    ("J'accepte", "accept"),
    ("Oui, je prends K7222A", "accept"),
    ("nangu naa", "accept"),
    ("waaw", "accept"),
    ("VU", "see"),
    ("bien reçu", "see"),
    ("gis naa K7222A", "see"),
    ("non", "decline"),
    ("je refuse", "decline"),
    ("Déedéet K7222A", "decline"),
    ("bañ naa", "decline"),
    ("pas d'accord K7222A", "decline"),
    ("pas ok", "decline"),
    ("je ne peux pas accepter K7222A", "decline"),
    ("mënuma nangu", "decline"),
    ("APPELÉ K7222A", "contact"),
    ("apelé k7222a", "contact"),
    ("appel fait K7222A", "contact"),
    ("ok, je l'ai appelé", "contact"),
    ("woo naa ko", "contact"),
    ("pas encore appelé", None),
    ("je n'ai pas contacté", None),
    ("PAS JOINT K7222A", "miss"),
    ("appelé, ne répond pas", "miss"),
    ("Appelé K7222A pas joint", "miss"),
    ("injoignable", "miss"),
    ("jotuma ko", "miss"),
    ("EN COURS K7222A", "serve"),
    ("tàmbali naa", "serve"),
    ("FAIT", "close"),
    ("ok c'est fait K7222A", "close"),
    ("terminé !", "close"),
    ("ce n'est pas fini", None),
    ("jeex na", "close"),
    ("TRANSF K7222A Thiès", "transfer"),
    ("TRANFS K7222A Thiès", "transfer"),
    ("yóbbu K7222A Tiwaawan", "transfer"),
    ("NOTE K7222A ok pour lundi", "note"),
    ("bind K7222A", "note"),
    ("DETAILS K7222A 4711", "details"),
    ("coordonnées K7222A", "details"),
    ("LISTE", "list"),
    ("ACEPTÉ K7222A", "accept"),
    ("lim bi", "list"),
    ("AIDE", "help"),
    ("ndimbal", "help"),
    ("K7222A", None),
    ("", None),
    ("👍", None),
    ("je ne comprends rien à ce message", None),
]


@pytest.mark.parametrize(("text", "command"), READ)
def test_a_command_is_read_in_either_language_and_any_spelling(text: str, command: Command | None) -> None:
    assert read_order(shipped(), text).command == command


def test_every_word_of_the_content_means_its_command_before_and_behind_the_code() -> None:
    for command in COMMANDS:
        for word in shipped().caseworker_words[command]:
            for text in (word, f"{word.upper()} K7222A", f"k7-222a {word.capitalize()} !"):
                assert read_order(shipped(), text).command == command, text


@pytest.mark.parametrize(("group", "keys"), [("declines", DECLINES), ("outcomes", CLOSINGS)])
def test_a_reason_or_an_ending_is_named_by_number_and_by_word(group: str, keys: tuple[str, ...]) -> None:
    for number, key in enumerate(keys, 1):
        assert named(shipped(), group, read_order(shipped(), f"non K7222A {number}"), keys) == key
        for phrase in shipped().notices.named[group][key]:
            assert named(shipped(), group, read_order(shipped(), f"non K7222A, {phrase.upper()}."), keys) == key, phrase
    assert named(shipped(), group, read_order(shipped(), f"non K7222A {len(keys) + 1}"), keys) is None
    assert named(shipped(), group, read_order(shipped(), "non K7222A"), keys) is None


@pytest.mark.parametrize(
    ("text", "way"), [("pas joint", "call"), ("pas joint SMS", "sms"), ("pas joint par WhatsApp", "whatsapp"), ("jotuma ko mesaas", "sms")]
)
def test_an_attempt_is_a_call_unless_another_way_is_named(text: str, way: str) -> None:
    assert way_of(shipped(), read_order(shipped(), text)) == way


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("OK K7222A", True),
        ("NON K7222A 2", True),
        ("details k7222a", True),
        ("statut K7222A", False),
        ("ok merci, mon code est K7222A et je voudrais savoir", False),
        ("OK", False),
        ("NOTE K7222A rappeler", False),
    ],
)
def test_only_a_command_with_a_code_and_little_else_is_an_answer_to_a_referral(text: str, *, bare: bool) -> None:
    assert is_bare_order(shipped(), text) is bare


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error_and_nothing_is_invented(text: str) -> None:
    order = read_order(shipped(), text)
    assert order.command is None or order.command in COMMANDS
    assert set(order.rest) <= set(text)
