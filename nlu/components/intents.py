"""What the person wants: a linear model over n-grams, calibrated on hands it has not seen."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.concepts import word_lists
from components.model import Example, IntentModel, Settings
from components.paths import LEXICON
from components.tokenizer import tokens_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Sets `intent` and `intent_ranking` (calibrated), and `danger_probability` for the danger layer."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: IntentModel | None = None) -> None:
        """`config`: see `components.model.Settings`."""
        self._settings = Settings.from_config(config)
        self._storage = storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The defaults of `Settings`."""
        return Settings().as_config()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "IntentClassifier":
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **_: Any
    ) -> "IntentClassifier":
        """A trained classifier."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.open(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the intent examples; calibrate by leaving whole hands out."""
        examples = [Example(message.get("text"), message.get("intent"), **_origin(message)) for message in training_data.intent_examples]
        concepts = word_lists(LEXICON)
        model = IntentModel.fit(examples, self._settings, concepts)
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents of each message; an empty or unknown text gets an empty ranking."""
        for message in messages:
            assert self._model is not None
            ranking = self._model.ranking(tokens_of(message))
            message.set("danger_threshold", self._model.danger_threshold)
            message.set("intent_ranking", ranking, add_to_output=True)
            message.set("intent", ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
        return messages


def _origin(message: Message) -> dict[str, str]:
    about = (message.get("metadata") or {}).get("example") or {}
    return {"language": about.get("language", ""), "hand": about.get("hand", "")}
