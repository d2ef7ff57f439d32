"""What an SMS costs. The lengths at the borders and the worked examples are facts of 3GPP TS 23.038/23.040 and of the biller."""

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.segments import ALPHABET, BASIC, EXTENSION, Cost, Encoding, measure, offenders, render_for_sms

EXAMPLES = [
    ("fr", "Votre dossier a bien été reçu. Vous aurez une réponse dès que possible.", 2, 1),
    ("fr", "Pour arrêter de recevoir nos messages, répondez ARRET ou STOP à tout moment.", 2, 1),
    (
        "fr",
        "Bonjour Awa, votre rendez-vous du 12 août à 9h au centre de santé de Pikine est confirmé. "
        "Répondez 1 pour confirmer, 2 pour changer, 3 pour parler à un agent.",
        3,
        1,
    ),
    (
        "fr",
        "Quelle est votre région ? 1 Dakar, 2 Thiès, 3 Saint-Louis, 4 Kédougou, 5 Ziguinchor. Répondez par un chiffre.",
        1,
        1,
    ),
    ("fr", "L’équipe vous répondra bientôt : « pas d’inquiétude »… Gardez votre téléphone près de vous.", 2, 1),
    ("wo", "Mu di ab jàngkat buy jàngale, di boroom xam-xam bu ko daan jëfe.", 1, 1),
    ("wo", "Bul reere lu am xorom, su fekkee ne danga am tasyoŋ mbaa mu am ñu ko am ci njaboot gi.", 2, 1),
    ("wo", "Jàppees na ne kolesterol, póon, jabet, ak tasyoŋ bu kowe ñoo jiitu ci yi di sabab jàngoroy xol.", 2, 1),
    ("wo", "Pexe mi jiitu ci wàllu fagaru mooy samp ay fajukaay yu daj réew mi, boole ci nit ñi mën a jot ci paj mi.", 2, 1),
    (
        "wo",
        "Képp nit ku ñu tuumaal tooñeel, njortees na ni ku set la, ba keroog ba yoon di wéral tuuma ji, "
        "ci layoo bu ne fàŋŋ, fekk warlulees na nit ki fàggutéef yi layam laaj yépp.",
        3,
        2,
    ),
]


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ŋ" * 70, 1),
        ("ŋ" * 71, 2),
        ("ŋ" * 134, 2),
        ("ŋ" * 135, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("", 1),
    ],
)
def test_segments_change_at_the_documented_lengths(text: str, segments: int) -> None:
    assert measure(text).segments == segments


def test_an_escape_and_its_letter_stay_in_one_part() -> None:
    # 152 letters and a euro sign make 154 septets: the sign moves to the second part and leaves a septet unused.
    torn = ("a" * 152 + "€") + "a" * 152
    assert measure(torn) == Cost(Encoding.GSM7, 306, 3)


def test_the_halves_of_an_emoji_stay_in_one_part() -> None:
    assert measure("ŋ" * 66 + "😀" + "ŋ" * 66) == Cost(Encoding.UCS2, 134, 3)


def test_the_alphabet_has_127_letters_and_ten_escaped_ones() -> None:
    assert (len(BASIC), len(EXTENSION)) == (127, 10)


@pytest.mark.parametrize("letter", "ÇàèéùìòñäöüÉÑ")
def test_letters_of_the_alphabet_cost_nothing_extra(letter: str) -> None:
    assert measure(letter) == Cost(Encoding.GSM7, 1, 1)


@pytest.mark.parametrize("letter", "çâêëîïôûœÀÂÈÊËÎÏÔŒÙÛŸŋóŊÓ«»’“”…–—\u00a0°")
def test_letters_outside_the_alphabet_make_the_message_ucs2(letter: str) -> None:
    assert measure("Salaam " + letter).encoding is Encoding.UCS2
    assert offenders("Salaam " + letter) == (letter,)


def test_offenders_are_named_once_in_their_order() -> None:
    assert offenders("reçu, ça va, tasyoŋ{€}") == ("ç", "ŋ")


@pytest.mark.parametrize(("language", "text", "before", "after"), EXAMPLES)
def test_worked_examples_cost_what_the_biller_says(language: str, text: str, before: int, after: int) -> None:
    assert measure(text).segments == before
    assert measure(render_for_sms(text, language)).segments == after


def test_letters_stay_when_nothing_is_saved() -> None:
    short = "Mu di ab jàngkat buy jàngale, di boroom xam-xam bu ko daan jëfe."
    assert render_for_sms(short, "wo") == short


def test_marks_become_plain_even_when_nothing_is_saved() -> None:
    assert render_for_sms("« Ça\u00a0va ? »… l’ami – oui", "fr") == '" Ça va ? "... l\'ami - oui'


def test_decomposed_letters_are_composed_before_anything_is_counted() -> None:
    assert render_for_sms(unicodedata.normalize("NFD", "à é ñ"), "wo") == "à é ñ"


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("fr", "cœur, ÊTRE, maïs, août, pâte, île, ŒUVRE, Œuvre, Ça", "coeur, ETRE, mais, aout, pate, ile, OEUVRE, Oeuvre, Ça"),
        ("wo", "tëdd, wóor, tasyoŋ, fàŋŋ, Ŋaam, ŊAAM, teeŊ, Ëllëg, Àjji", "tèdd, wòor, tasyong, fànng, Ngaam, NGAAM, teeNg, Ellèg, Ajji"),
    ],
)
def test_each_language_has_its_own_plainer_letters(language: str, text: str, written: str) -> None:
    filler = " a" * 70
    assert render_for_sms(text + filler, language) == written + filler


def test_letters_of_other_languages_are_never_touched() -> None:
    text = "ɓernde ŋ " + "a" * 100
    assert render_for_sms(text, "ff") == text


@given(st.text())
def test_measuring_never_raises_and_counts_at_least_one_segment(text: str) -> None:
    cost = measure(text)
    assert cost.segments >= 1
    assert cost.units >= len(text)
    assert (cost.encoding is Encoding.UCS2) == bool(offenders(text))


LIKELY = st.text(st.sampled_from(sorted(ALPHABET) + list("ëŋóçêœŒŊ«»’…—\u00a0\u200b½😀\u0302e")), max_size=400)


@given(LIKELY | st.text(), st.sampled_from(["fr", "wo", "en"]))
def test_rendering_never_costs_more_than_the_text_itself(text: str, language: str) -> None:
    assert measure(render_for_sms(text, language)).segments <= measure(text).segments


@given(LIKELY, st.sampled_from(["fr", "wo"]))
def test_rendering_twice_costs_the_same_as_rendering_once(text: str, language: str) -> None:
    once = render_for_sms(text, language)
    assert measure(render_for_sms(once, language)).segments == measure(once).segments


@given(st.text(string.ascii_letters + string.digits + "àéèùñ .,?!", max_size=500))
def test_a_text_in_the_alphabet_is_sent_as_it_is(text: str) -> None:
    assert render_for_sms(text, "wo") == text


@given(LIKELY)
def test_parts_are_filled_one_letter_after_the_other(text: str) -> None:
    cost = measure(text)
    alone, joined = (160, 153) if cost.encoding is Encoding.GSM7 else (70, 67)
    if cost.units <= alone:
        assert cost.segments == 1
    else:
        assert -(-cost.units // joined) <= cost.segments <= -(-cost.units // (joined - 1))
