"""A flow as an indented text, from its first node on, each node once."""

from collections.abc import Iterator

from bot.engine.definition import END, Flow
from bot.flowtools.describing import Translate, node_lines, title, trigger_words
from bot.flowtools.ways import Way, ways_of
from bot.flowtools.wording import phrase


def tree(flow: Flow, translate: Translate, lang: str | None = None) -> Iterator[str]:
    """The lines of the tree; a node that is met again is only named."""
    yield title(flow, lang)
    for trigger in flow.triggers:
        yield phrase("tree_starts", lang, words=trigger_words(trigger, lang))
    yield ""
    yield from _branch(flow, flow.first, translate, lang, "", set())


def _branch(flow: Flow, name: str, translate: Translate, lang: str | None, indent: str, shown: set[str]) -> Iterator[str]:
    node = flow.nodes[name]
    shown.add(name)
    ways = [way for way in ways_of(node) if way.go == END or way.go in flow.nodes]
    for _, line in node_lines(node, translate, lang):
        yield f"{indent}│  {line}"
    for number, way in enumerate(ways, 1):
        last = number == len(ways)
        yield f"{indent}{'└' if last else '├'}─ {_way_words(way, shown, lang)}"
        if way.go != END and way.go not in shown:
            yield from _branch(flow, way.go, translate, lang, indent + ("   " if last else "│  "), shown)


def _way_words(way: Way, shown: set[str], lang: str | None) -> str:
    if way.go == END:
        target = phrase("tree_end", lang)
    elif way.go in shown:
        target = phrase("tree_seen", lang, name=way.go)
    else:
        target = way.go
    return target if way.test == "go" and way.go == END else f"{way.describe(lang)} → {target}"
