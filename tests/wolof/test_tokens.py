"""Words with their places in the original text."""

from hypothesis import given
from hypothesis import strategies as st
from wolof import tokenise


def test_offsets_point_into_the_original() -> None:
    text = "  l'OIM 😀 ñaata\x00km?"
    assert [(token.text, text[token.start : token.end]) for token in tokenise(text)] == [
        ("l", "l"), ("OIM", "OIM"), ("ñaata", "ñaata"), ("km", "km"),
    ]  # fmt: skip


def test_a_name_with_an_apostrophe_is_one_word() -> None:
    assert [token.text for token in tokenise("M'bour, N’Diaye, aujourd'hui")] == ["M'bour", "N’Diaye", "aujourd'hui"]


def test_articles_and_pronouns_are_words_of_their_own() -> None:
    assert [token.text for token in tokenise("j'ai d’accord qu'il")] == ["j", "ai", "d", "accord", "qu", "il"]


def test_accents_typed_as_separate_signs_belong_to_their_letter() -> None:
    assert [token.text for token in tokenise("e\u0301cole")] == ["e\u0301cole"]
    assert tokenise("e\u0301cole")[0].folded == tokenise("école")[0].folded


def test_letters_of_other_scripts_have_no_folded_form() -> None:
    assert [token.folded for token in tokenise("مرحبا ߒߞߏ")] == ["", ""]


def test_emoji_and_punctuation_are_no_words() -> None:
    assert tokenise("😀 … !!! 👍🏾") == ()


def test_a_thousand_signs_stay_bounded() -> None:
    assert len(tokenise("1 " * 5000)) == 600


@given(st.text(max_size=200))
def test_tokens_are_in_order_and_apart(text: str) -> None:
    last = 0
    for token in tokenise(text):
        assert last <= token.start < token.end <= len(text)
        assert text[token.start : token.end] == token.text
        last = token.end
