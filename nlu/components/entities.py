"""Entities as a step of Rasa's pipeline."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from wolof import tokenise

from components.extraction import Extractor
from components.paths import LEXICON, PLACES
from components.tokenizer import tokens_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityExtractor(GraphComponent, EntityExtractorMixin):
    """Sets `entities`; the word lists of `lexicon/` and the gazetteer travel inside the model."""

    def __init__(self, storage: ModelStorage, resource: Resource, extractor: Extractor | None = None) -> None:
        """Untrained without an `extractor`."""
        self._storage = storage
        self._resource = resource
        self._extractor = extractor

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "EntityExtractor":
        """An untrained extractor."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **_: Any
    ) -> "EntityExtractor":
        """A trained extractor."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Extractor.open(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from marked sentences, word lists and gazetteer. Raises OSError when a word list is missing."""
        examples = [
            (
                message.get("text"),
                tokenise(message.get("text")),
                [(e["entity"], e["start"], e["end"]) for e in message.get("entities") or ()],
            )
            for message in training_data.nlu_examples
        ]
        extractor = Extractor.fit(examples, LEXICON, PLACES)
        with self._storage.write_to(self._resource) as folder:
            extractor.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Find the entities of each message."""
        for message in messages:
            assert self._extractor is not None
            found = self._extractor.find(message.get("text") or "", tokens_of(message))
            message.set("entities", found, add_to_output=True)
        return messages
