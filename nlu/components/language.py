"""Which language a message is in: fr, wo, mixed, or another one."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.languages import LanguageModel
from components.lexicon import load
from components.model import Example
from components.names import LANGUAGES
from components.paths import LEXICON
from components.tokenizer import tokens_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Sets `language` and `language_confidence`."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: LanguageModel | None = None) -> None:
        """Untrained without a `model`."""
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "LanguageIdentifier":
        """An untrained identifier."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **_: Any
    ) -> "LanguageIdentifier":
        """A trained identifier."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, LanguageModel.open(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the language each sentence's folder names."""
        examples = []
        for message in training_data.nlu_examples:
            about = (message.get("metadata") or {}).get("example") or {}
            if about.get("language") in LANGUAGES:
                examples.append(Example(message.get("text"), message.get("intent") or "", about["language"], about.get("hand", "")))
        model = LanguageModel.fit(examples, load(LEXICON, "other_languages"))
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Name the language of each message."""
        for message in messages:
            assert self._model is not None
            language, confidence = self._model.identify(tokens_of(message))
            message.set("language", language, add_to_output=True)
            message.set("language_confidence", round(confidence, 4), add_to_output=True)
        return messages
