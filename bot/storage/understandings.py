"""What was understood of a text, as JSON: entities hold pieces of the text, so it is sealed like the text itself."""

import json

from bot.domain.understanding import Entity, Guess, Understanding


def dump_understanding(understanding: Understanding) -> str:
    """As JSON: entities hold pieces of the text, so it is sealed like the text itself."""
    return json.dumps(
        {
            "ranking": [[guess.intent, guess.confidence] for guess in understanding.ranking],
            "entities": [[e.name, e.value, e.start, e.end, e.canonical] for e in understanding.entities],
            "language": understanding.language,
            "danger": understanding.danger,
            "source": understanding.source,
        },
        ensure_ascii=False,
    )


def load_understanding(saved: str) -> Understanding:
    """What `dump_understanding` gave."""
    value = json.loads(saved)
    return Understanding(
        ranking=tuple(Guess(intent, confidence) for intent, confidence in value["ranking"]),
        entities=tuple(Entity(*entity) for entity in value["entities"]),
        language=value["language"],
        danger=value["danger"],
        source=value["source"],
    )
