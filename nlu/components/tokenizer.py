"""Tokens for Rasa: folded text, places in the original."""

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token as RasaToken
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from wolof import Token, tokenise

OURS = "wolof_tokens"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class FoldingTokenizer(Tokenizer):
    """Words of French and Wolof in any spelling; see `wolof.tokens`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own settings; none is of use here."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def tokenize(self, message: Message, attribute: str) -> list[RasaToken]:
        """Rasa tokens of one text; our own are kept on the message for the later steps."""
        tokens = tokenise(message.get(attribute) or "")
        if attribute == TEXT:
            message.set(OURS, tokens)
        return [RasaToken(token.folded or token.text, token.start, token.end) for token in tokens]


def tokens_of(message: Message) -> tuple[Token, ...]:
    """Our tokens of a message, made now if no tokenizer ran before."""
    tokens: tuple[Token, ...] | None = message.get(OURS)
    return tokens if tokens is not None else tokenise(message.get(TEXT) or "")
