"""What words are about."""

from components.concepts import Concepts
from wolof import tokenise


def about(concepts: dict[str, Concepts], text: str) -> set[str]:
    return {name for known in concepts.values() for name in known.of(tokenise(text))}


def test_a_name_is_a_name_however_it_sounds(concepts: dict[str, Concepts]) -> None:
    assert about(concepts, "Fatou Diop") == {"name"}
    assert not about(concepts, "mama fatou") & {"die", "die_verb"}


def test_the_word_beside_it_keeps_its_meaning(concepts: dict[str, Concepts]) -> None:
    assert {"die", "die_verb"} <= about(concepts, "dama bëgg faatu")
    assert {"die", "name"} <= about(concepts, "Awa est morte")


def test_names_survive_in_the_archive(concepts: dict[str, Concepts]) -> None:
    for known in concepts.values():
        assert Concepts(known.as_json()).of(tokenise("Fatou Diop")) == ["name"]
