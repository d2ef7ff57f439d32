"""Templates that Meta would refuse are refused here first."""

from dataclasses import replace

import pytest

from bot.domain.templates import LONGEST_VALUE, Template, TemplateBook, fitting, problems

NEWS = Template("news", "fr", "fr", "UTILITY", "Il y a du nouveau.", "Lire", ())
NOTICE = Template("notice", "fr", "fr", "UTILITY", "Avis pour vous : {{1}} Merci.", "", ("Demande KX7M4P",))


def test_good_ones_have_no_problem() -> None:
    assert problems(NEWS) == problems(NOTICE) == ()


@pytest.mark.parametrize(
    ("template", "code"),
    [
        (replace(NEWS, body="Du nouveau : {{1}} pour vous."), "template_numbers"),
        (replace(NOTICE, body="Avis pour vous, merci."), "template_numbers"),
        (replace(NOTICE, body="Avis pour vous : {{2}} merci."), "template_numbers"),
        (replace(NOTICE, body="{{1}} est un avis pour vous."), "template_edge"),
        (replace(NOTICE, body="Un avis pour vous : {{1}}"), "template_edge"),
        (replace(NOTICE, body="Un avis {{1}} {{2}} pour vous, merci beaucoup."), "template_adjacent"),
        (replace(NOTICE, body="Avis {{1}} merci"), "template_ratio"),
        (replace(NEWS, body="x" * 1025), "template_long"),
        (replace(NEWS, button="Un bouton beaucoup trop long"), "template_long"),
        (replace(NOTICE, samples=()), "template_samples"),
        (replace(NOTICE, samples=("deux\nlignes",)), "template_samples"),
    ],
)
def test_each_rule_has_a_name(template: Template, code: str) -> None:
    assert code in problems(template)


def test_a_name_follows_from_the_words_so_that_changed_words_are_another_template() -> None:
    assert NEWS.name == replace(NEWS).name
    assert NEWS.name != replace(NEWS, body="Il y a du neuf.").name
    assert NEWS.name.startswith("dellusi_news_fr_")


def test_what_the_person_reads_has_the_values_in_it_and_they_are_not_read_again() -> None:
    assert NOTICE.text(("Demande {{1}}",)) == "Avis pour vous : Demande {{1}} Merci."


@pytest.mark.parametrize(
    ("value", "fits"),
    [("a\n\nb", "a b"), ("a      b", "a b"), ("  ", "-"), ("x" * 800, "x" * (LONGEST_VALUE - 3) + "..."), ("Demande K7", "Demande K7")],
)
def test_a_value_is_one_line_never_empty_and_not_too_long(value: str, fits: str) -> None:
    assert fitting(value) == fits


def test_where_a_language_has_none_french_stands_for_it() -> None:
    wolof = replace(NEWS, language="wo")
    book = TemplateBook({("news", "fr"): NEWS, ("news", "wo"): wolof, ("notice", "fr"): NOTICE})
    assert book.candidates("news", "wo") == (wolof, NEWS)
    assert book.candidates("notice", "wo") == (NOTICE,)
    assert book.candidates("reminder", "fr") == ()
