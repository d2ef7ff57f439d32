"""Which nodes were stood at and which ways were taken while conversations ran, language by language.

The engine is not asked to report. It runs flows whose targets remember which way they stand for, and whose nodes remember that
they were looked up: an engine that stands at a node must look it up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.content import Content
from bot.engine.definition import END, Flow, Node
from bot.engine.events import Event, MessageSaid
from bot.flowtools.ways import Way, ways_of

# `end` is looked up nowhere, so in watched flows it is a node without anything in it.
_END = Node("end")


class _Target(str):
    """The name of a node, and the number of the way that led there.

    A run that ends looks nothing up: the engine compares its target with `end`, and that is when such a way was taken.
    """

    way: tuple[str, int]
    taken: Callable[[], None]

    @classmethod
    def made(cls, name: str, node: str, number: int, taken: Callable[[], None]) -> "_Target":
        target = cls(name)
        target.way, target.taken = (node, number), taken
        return target

    def __eq__(self, other: object) -> bool:
        same = str.__eq__(self, other) is True
        if same and other == END:
            self.taken()
        return same

    __hash__ = str.__hash__


class _Watched(Mapping[str, Node]):
    """The nodes of a flow; whoever looks one up is noted."""

    def __init__(self, flow: str, nodes: Mapping[str, Node], ledger: "Ledger") -> None:
        self._flow, self._nodes, self._ledger = flow, nodes, ledger

    def __getitem__(self, name: str) -> Node:
        node = self._nodes[name]
        self._ledger.note(self._flow, name)
        return node

    def __contains__(self, name: object) -> bool:
        return name in self._nodes

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)


@dataclass(frozen=True, slots=True)
class Share:
    """How much of something was visited, with the names of the rest."""

    visited: int
    total: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Nodes (form questions included) and ways of one language."""

    language: str
    nodes: Share
    ways: Share


class Ledger:
    """What was visited so far. `watch` gives the content to run on, `settle` books a turn under its language."""

    def __init__(self) -> None:
        self._open: set[tuple[str, str]] = set()
        self._nodes: dict[str, set[str]] = {}
        self._ways: dict[str, set[tuple[str, str, int]]] = {}
        self._taken: set[tuple[str, str, int]] = set()
        self._content: Content | None = None

    def watch(self, content: Content) -> Content:
        """The same content with flows that note what is visited."""
        if self._content is None:
            flows = {name: self._flow(flow) for name, flow in content.flows.flows.items()}
            self._content = replace(content, flows=replace(content.flows, flows=flows))
        return self._content

    def note(self, flow: str, name: str) -> None:
        """A node was looked up."""
        if isinstance(name, _Target):
            self._taken.add((flow, *name.way))
        self._open.add((flow, str(name)))

    def settle(self, language: str, events: Iterable[Event], before: str | None = None) -> None:
        """Book what was visited since the last call; a turn that changed the language took its ways in the one `before` as well."""
        nodes = self._nodes.setdefault(language, set())
        nodes |= {f"{flow}.{name}" for flow, name in self._open}
        nodes |= {event.node.removesuffix(".say") for event in events if isinstance(event, MessageSaid) and event.node.startswith("form.")}
        for one in {language, before or language}:
            self._ways.setdefault(one, set()).update(self._taken)
        self._open, self._taken = set(), set()

    def _flow(self, flow: Flow) -> Flow:
        nodes = {name: _marked(node, lambda way: self._taken.add((flow.name, *way))) for name, node in flow.nodes.items()}
        return replace(flow, nodes=_Watched(flow.name, {**nodes, END: _END}, self))

    def report(self, content: Content, language: str, words: str | None = None) -> Coverage:
        """What was visited in a language; what was not is named in the author's language `words`."""
        return Coverage(language, self._node_share(content, language), self._way_share(content, language, words))

    def _node_share(self, content: Content, language: str) -> Share:
        every = [f"{flow.name}.{node}" for flow in content.flows.flows.values() for node in flow.nodes]
        every += [f"form.{form.name}.{asked.name}" for form in content.flows.forms.values() for asked in form.questions]
        visited = self._nodes.get(language, set())
        missing = tuple(name for name in every if name not in visited)
        return Share(len(every) - len(missing), len(every), missing)

    def _way_share(self, content: Content, language: str, words: str | None) -> Share:
        taken = self._ways.get(language, set())
        every = [(flow.name, way) for flow in content.flows.flows.values() for node in flow.nodes.values() for way in ways_of(node)]
        every = [(flow, way) for flow, way in every if way.test != "go" or way.go != END]
        missing = tuple(_written(flow, way, words) for flow, way in every if (flow, way.node, way.number) not in taken)
        return Share(len(every) - len(missing), len(every), missing)


def _written(flow: str, way: Way, words: str | None) -> str:
    return f"{flow}.{way.node} -> {way.go} ({way.describe(words)})"


def _marked(node: Node, taken: Callable[[tuple[str, int]], None]) -> Node:
    """The node with targets that remember their way. Ways are numbered as `ways_of` numbers them."""
    numbers = iter(range(len(ways_of(node)) + 1))

    def target(name: str) -> str:
        way = (node.name, next(numbers))
        return _Target.made(name, *way, lambda: taken(way))

    ask = node.ask and replace(
        node.ask, options=tuple(replace(option, go=target(option.go)) if option.go else option for option in node.ask.options)
    )
    routes = tuple(replace(route, go=target(route.go)) for route in node.routes)
    return replace(node, ask=ask, routes=routes, go=target(node.go) if node.go else None)
