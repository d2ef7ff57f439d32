"""Every way out of every node, with what takes it: what coverage counts, what pictures draw, what paths follow."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.engine.definition import END, Node, Route
from bot.flowtools.wording import phrase


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a node. `test` is what takes it: answer, intent, word, entity, if, timeout, otherwise, or go for the plain one."""

    node: str
    number: int
    test: str
    value: str
    go: str

    def describe(self, language: str | None = None) -> str:
        """What takes this way, in words: `réponse « yes »`, `silence`."""
        return phrase(f"way_{self.test}", language, value=self.value)


def ways_of(node: Node) -> tuple[Way, ...]:
    """The ways out of a node in the order in which they are tried. A node that just ends has one, to `end`."""
    found = [(test, value, go) for test, value, go in _written(node)]
    if not found:
        found = [("go", "", END)]
    return tuple(Way(node.name, number, test, value, go) for number, (test, value, go) in enumerate(found))


def _written(node: Node) -> Iterator[tuple[str, str, str]]:
    for option in node.ask.options if node.ask else ():
        if option.go:
            yield "answer", option.value, option.go
    for route in node.routes:
        test, value = test_of(route)
        yield test, value, route.go
    if node.go and plain_way_counts(node):
        yield "go", "", node.go


def plain_way_counts(node: Node) -> bool:
    """Whether `go` can be taken beside the routes: where they leave something open, or the question can be skipped."""
    return not any(route.otherwise for route in node.routes) or bool(node.ask and node.ask.optional)


def test_of(route: Route) -> tuple[str, str]:
    """The kind and the value of a route's test."""
    if route.answer is not None:
        return "answer", route.answer
    if route.condition is not None:
        return "if", route.condition.source
    if route.intents:
        return "intent", ", ".join(route.intents)
    if route.words:
        return "word", ", ".join(route.words)
    if route.entity:
        return "entity", route.entity
    return ("timeout", "") if route.timeout else ("otherwise", "")
