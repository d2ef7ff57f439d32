"""The flow language as data: every key of every part, what may stand there, and where its explanation is.

The schemas for editors and the reference of the guides are made of this; tests hold it against the loader.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.flowtools.wording import phrase

# word: one scalar. words: one or a list. texts: the same, to be read by people. parts: a list of another part. answers: what an
# answer may be. pairs: names with values. keywords: languages with words. actions: a list of actions with their values.
Shape = Literal[
    "word", "text", "words", "texts", "flag", "number", "span", "kind", "answer", "parts", "part", "pairs", "keywords", "actions"
]
PARTS = ("flow", "trigger", "node", "ask", "choice", "route", "form", "question")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a part. `of` names the part that a list holds; `refers` what a word must name, for completion in editors."""

    name: str
    shape: Shape
    required: bool = False
    of: str = ""
    refers: str = ""

    def explain(self, part: str, language: str | None = None) -> str:
        """What the key is for."""
        return phrase(f"doc_{part}_{self.name}", language)


_QUESTION = (
    Key("answer", "answer", required=True),
    Key("save_as", "word"),
    Key("choices", "parts", of="choice"),
    Key("reask", "text"),
    Key("wait", "span"),
    Key("optional", "flag"),
    Key("skip_known", "flag"),
    Key("min", "number"),
    Key("max", "number"),
)
KEYS: Mapping[str, tuple[Key, ...]] = {
    "flow": (
        Key("flow", "word", required=True),
        Key("version", "number"),
        Key("about", "text", required=True),
        Key("kind", "kind"),
        Key("triggers", "parts", of="trigger"),
        Key("nodes", "parts", required=True, of="node"),
    ),
    "trigger": (
        Key("intent", "words", refers="intent"),
        Key("keyword", "keywords"),
        Key("set", "pairs"),
        Key("label", "text"),
    ),
    "node": (
        Key("name", "word", required=True),
        Key("do", "actions"),
        Key("say", "texts"),
        Key("ask", "part", of="ask"),
        Key("form", "word"),
        Key("call", "word"),
        Key("route", "parts", of="route"),
        Key("go", "word"),
    ),
    "ask": _QUESTION,
    "choice": (
        Key("value", "word", required=True),
        Key("label", "text", required=True),
        Key("words", "words"),
        Key("intent", "words", refers="intent"),
        Key("go", "word"),
    ),
    "route": (
        Key("answer", "word"),
        Key("intent", "words", refers="intent"),
        Key("word", "words"),
        Key("entity", "word", refers="entity"),
        Key("if", "text"),
        Key("timeout", "flag"),
        Key("otherwise", "flag"),
        Key("go", "word", required=True),
    ),
    "form": (
        Key("form", "word", required=True),
        Key("version", "number"),
        Key("about", "text", required=True),
        Key("nudge", "text"),
        Key("questions", "parts", required=True, of="question"),
    ),
    "question": (
        Key("name", "word", required=True),
        Key("say", "text", required=True),
        *_QUESTION,
        Key("if", "text"),
        Key("field", "word"),
    ),
}
# Exactly one of these stands in a route.
ROUTE_TESTS = ("answer", "intent", "word", "entity", "if", "timeout", "otherwise")
# At most one of these stands in a node.
NODE_WAITS = ("ask", "form", "call")
