"""Danger comes first: plain phrases and the classifier's own suspicion decide together."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from wolof import Phrases, Token

from components.lexicon import load
from components.names import DANGER_INTENTS
from components.paths import LEXICON
from components.tokenizer import tokens_of

Ranking = list[dict[str, Any]]
NOTHING = {"intent": None, "score": 0.0, "source": "none"}
# Phrases may be overruled by a model that is quite sure of something harmless.
OVERRULED_BELOW = 0.1


def phrases_of(data: Mapping[str, Any]) -> Phrases:
    """The matcher over what `lexicon/danger.yml` holds. Raises wolof.PhraseError."""
    return Phrases({name: data[name]["phrases"] for name in data}, {name: data[name].get("unless") or [] for name in data})


def judge(ranking: Ranking, tokens: Sequence[Token], phrases: Phrases, threshold: float) -> dict[str, Any]:
    """`intent` (or None), `score` (probability of any danger) and `source` (`phrases`, `model` or `none`)."""
    dangerous = [guess for guess in ranking if guess["name"] in DANGER_INTENTS]
    score = sum(guess["confidence"] for guess in dangerous)
    found = [match.group for match in phrases.find_in(tokens)]
    if found and score >= OVERRULED_BELOW:
        best = max(found, key=lambda name: next((g["confidence"] for g in dangerous if g["name"] == name), 0.0))
        return {"intent": best, "score": round(score, 6), "source": "phrases"}
    if dangerous and score >= threshold:
        return {"intent": dangerous[0]["name"], "score": round(score, 6), "source": "model"}
    return {**NOTHING, "score": round(score, 6)}


def honoured(ranking: Ranking, danger: Mapping[str, Any]) -> Ranking:
    """The ranking with the danger found in front, or, when none was found, with the best harmless intent in front.

    So the first intent and the threshold never disagree. Confidences stay the classifier's; the first is never below the second.
    """
    if not ranking:
        return ranking
    wanted = danger["intent"] or next((guess["name"] for guess in ranking if guess["name"] not in DANGER_INTENTS), ranking[0]["name"])
    own = next((float(guess["confidence"]) for guess in ranking if guess["name"] == wanted), 0.0)
    rest = [guess for guess in ranking if guess["name"] != wanted]
    least = max([0.0, *(guess["confidence"] for guess in rest)])
    confidence = max(own, least, float(danger["score"]) if danger["intent"] else 0.0)
    return [{"name": wanted, "confidence": confidence}, *rest]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerLayer(GraphComponent):
    """Sets `danger` and puts a danger that was found in front of the ranking."""

    def __init__(self, storage: ModelStorage, resource: Resource, phrases: Phrases | None = None) -> None:
        """Untrained without `phrases`."""
        self._storage = storage
        self._resource = resource
        self._phrases = phrases

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "DangerLayer":
        """An untrained layer."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **_: Any
    ) -> "DangerLayer":
        """The layer of a trained model."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, phrases_of(json.loads((folder / "danger.json").read_text(encoding="utf-8"))))

    def train(self, training_data: TrainingData) -> Resource:
        """Nothing is learnt: the phrases are checked and put into the model. Raises wolof.PhraseError, OSError."""
        data = load(LEXICON, "danger")
        phrases_of(data)
        with self._storage.write_to(self._resource) as folder:
            (Path(folder) / "danger.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message after it was classified."""
        for message in messages:
            assert self._phrases is not None
            ranking = message.get("intent_ranking") or []
            danger = judge(ranking, tokens_of(message), self._phrases, message.get("danger_threshold") or 0.5)
            ranking = honoured(ranking, danger)
            message.set("danger", danger, add_to_output=True)
            if ranking:
                message.set("intent_ranking", ranking, add_to_output=True)
                message.set("intent", ranking[0], add_to_output=True)
        return messages
