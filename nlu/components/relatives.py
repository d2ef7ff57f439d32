"""People named by what they are to somebody: a possessive and a relative, found by rule whatever the tagger thinks."""

from collections.abc import Sequence
from typing import Final

from wolof import Token, fold_text

from components.lexicon import Dictionary
from components.tagger import Tagged

# Between possessive and relative: `mon grand frère`, `sama rakk bu ndaw` ends with the relative it begins with.
_BETWEEN: Final = frozenset(
    fold_text(word)
    for word in (
        "petit", "petite", "petits", "grand", "grande", "ptit", "ptite", "gran", "jeune", "propre", "défunt", "défunte", "défin", "premier",
        "première", "premie", "deuxième", "seconde", "dernier", "dernière", "feu", "pauvre", "seul", "seule", "vieux", "vieille", "beau",
        "belle", "bel", "ex", "futur", "future", "gros", "deux", "trois", "quatre", "cinq",
    )
)  # fmt: skip
_MOST_BETWEEN: Final = 2
# French `ma` takes no Wolof noun: in Wolof it is `me` (`ma am` that I have, `ma baay` let me farm). `sa may` is no lady.
_NO_RELATIVE: Final = {
    "ma": frozenset(fold_text(word) for word in ("am", "maam", "pa", "baay", "yaay", "doom", "rakk", "mag", "mbokk", "patron", "me")),
    "sa": frozenset((fold_text("me"),)),
}


def sure_relatives(tokens: Sequence[Token], dictionary: Dictionary) -> list[Tagged]:
    """`sama rakk`, `mon défunt mari`, `ma fiy`: from the possessive to the end of the relative."""
    relative = {hit.first: hit.last for hit in dictionary.hits(tokens) if hit.entity == "relative"}
    found: list[Tagged] = []
    for at, token in enumerate(tokens):
        if "possessive" not in dictionary.entries.get(token.folded, {}):
            continue
        end = _relative_after(tokens, at + 1, relative)
        if end and tokens[at + 1].folded in _NO_RELATIVE.get(token.folded, ()):
            continue
        if end and not (found and found[-1].last > at):
            found.append(Tagged("person_relation", at, end))
    return found


def _relative_after(tokens: Sequence[Token], at: int, relative: dict[int, int]) -> int:
    """The end of the relative that begins at `at` or after a word or two of `_BETWEEN`, else 0."""
    for skipped in range(_MOST_BETWEEN + 1):
        here = at + skipped
        if here >= len(tokens):
            return 0
        # `mon grand` is a brother, `mon grand frère` another: the longer one counts
        if here in relative and not (tokens[here].folded in _BETWEEN and _relative_after(tokens, here + 1, relative)):
            return relative[here]
        if tokens[here].folded not in _BETWEEN:
            return 0
    return 0
