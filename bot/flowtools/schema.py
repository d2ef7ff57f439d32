"""JSON Schemas of flow and form files, for completion and checking in editors. Draft 7: what editors' YAML plug-ins read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.content.flows import KINDS
from bot.content.questions import ANSWERS
from bot.engine.actions import VALUES
from bot.flowtools.language import KEYS, NODE_WAITS, ROUTE_TESTS, Key
from bot.flowtools.wording import phrase

Schema = dict[str, Any]

_INSIDE: Mapping[str, tuple[str, ...]] = {"flow": ("trigger", "node", "ask", "choice", "route"), "form": ("question", "choice")}

# Every scalar is a word to our loader; editors see numbers and booleans where YAML has them.
_WORD: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_FLAG: Schema = {"enum": ["yes", "no", "oui", "non", "true", "false", "1", "0", True, False, 1, 0]}
_NUMBER: Schema = {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 999_999_999}, {"type": "string", "pattern": r"^\d{1,9}$"}]}
_SPAN: Schema = {"type": "string", "pattern": r"^\d{1,4}\s*(m|min|h|d|j|w)$"}


@dataclass(frozen=True, slots=True)
class Names:
    """What editors may complete: the intents, entities and languages of the project."""

    intents: Collection[str] = ()
    entities: Collection[str] = ()
    languages: Collection[str] = ()


def schema(part: str, names: Names, language: str = "fr") -> Schema:
    """The schema of a `flow` or `form` file, explained in a language."""
    parts = {name: _part(name, names, language) for name in _INSIDE[part]}
    title = phrase(f"schema_{part}", language)
    top = _part(part, names, language)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        **top,
        "definitions": {**parts, **({"do": _actions()} if part == "flow" else {})},
    }


def _part(part: str, names: Names, language: str) -> Schema:
    keys = KEYS[part]
    made: Schema = {
        "type": "object",
        "properties": {key.name: {**_value(key, names), "description": key.explain(part, language)} for key in keys},
        "additionalProperties": False,
        **({"required": required} if (required := [key.name for key in keys if key.required]) else {}),
    }
    return {**made, **_RULES.get(part, {})}


def _value(key: Key, names: Names) -> Schema:
    simple: Mapping[str, Schema] = {
        "word": _WORD,
        "text": _WORD,
        "flag": _FLAG,
        "number": _NUMBER,
        "span": _SPAN,
        "kind": {"enum": list(KINDS)},
        "answer": {"enum": list(ANSWERS)},
        "part": {"$ref": f"#/definitions/{key.of}"},
        "parts": {"type": "array", "items": {"$ref": f"#/definitions/{key.of}"}},
        "pairs": {"type": "object", "additionalProperties": _WORD},
        "keywords": _keywords(names),
        "actions": {"type": "array", "items": {"$ref": "#/definitions/do"}},
    }
    known = {"intent": names.intents, "entity": names.entities}.get(key.refers, ())
    if key.shape in ("words", "texts"):
        return _words(known)
    if key.shape == "word" and known:
        return {"enum": sorted(known)}
    if key.required and key.shape == "parts":
        return {**simple["parts"], "minItems": 1}
    return simple[key.shape]


def _words(known: Collection[str] = ()) -> Schema:
    one: Schema = {"enum": sorted(known)} if known else _WORD
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _keywords(names: Names) -> Schema:
    return {
        "type": "object",
        "properties": {language: _words() for language in (*names.languages, "any")},
        "additionalProperties": _words(),
    }


def _actions() -> Schema:
    return {
        "type": "object",
        "properties": {
            action: {
                "type": "object",
                "properties": dict.fromkeys(values, _WORD),
                "additionalProperties": False,
                "required": [name for name, required in values.items() if required],
            }
            for action, values in VALUES.items()
        },
        "additionalProperties": False,
    }


def _has(*keys: str) -> Schema:
    return {"required": list(keys)}


_CHOICES: Schema = {
    "if": {"properties": {"answer": {"const": "choice"}}},
    "then": {"required": ["choices"], "properties": {"choices": {"minItems": 2}}},
    "else": {"properties": {"choices": {"maxItems": 0}}},
}
_RULES: Mapping[str, Schema] = {
    "trigger": {
        "anyOf": [
            {**_has("intent"), "properties": {"intent": {"minItems": 1}}},
            {**_has("keyword"), "properties": {"keyword": {"minProperties": 1}}},
        ]
    },
    "node": {
        "dependencies": {"ask": {"required": ["say"], "properties": {"say": {"minItems": 1}}}},
        "not": {"anyOf": [_has(one, other) for number, one in enumerate(NODE_WAITS) for other in NODE_WAITS[number + 1 :]]},
    },
    "route": {"oneOf": [_has(test) for test in ROUTE_TESTS]},
    "ask": _CHOICES,
    "question": _CHOICES,
}
