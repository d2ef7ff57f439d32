"""Wolof and French as people type them: spelling, tokens, numbers, phrases, distance. Standard library only."""

from wolof.distance import allowed, within
from wolof.numbers import number_of
from wolof.phrases import Match, PhraseError, Phrases
from wolof.sound import sound
from wolof.spelling import fold, fold_text, plain
from wolof.tokens import Token, tokenise

__all__ = ["Match", "PhraseError", "Phrases", "Token", "allowed", "fold", "fold_text", "number_of", "plain", "sound", "tokenise", "within"]
