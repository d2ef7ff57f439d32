"""What a whole conversation costs at most: the dearest way through each flow, sub-flows, forms and told offers included.

An upper bound: texts of one turn that go out together cost less, and a person who is known is asked less.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.content import Content
from bot.domain.errors import Fault
from bot.engine.actions.tell_offers import MOST_OFFERS
from bot.engine.definition import END, Do, Flow, Node
from bot.flowtools.costs import Prices
from bot.flowtools.sources import Source, node_sources, sources
from bot.flowtools.ways import ways_of

# Segments from the first answer to the last: an intake with everything that may come before it.
PATH_BUDGET = 40


@dataclass(frozen=True, slots=True)
class PathCost:
    """The dearest way through a flow in one language. `nodes` names the steps of this flow on that way."""

    flow: str
    language: str
    dearest_step: str
    step_segments: int
    segments: int
    messages: int
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sum:
    segments: int = 0
    messages: int = 0
    nodes: tuple[str, ...] = ()


class PathCosts:
    """The dearest ways of all flows of a content."""

    def __init__(self, content: Content, prices: Prices | None = None) -> None:
        self._content = content
        self._prices = prices or Prices(content)
        self._by_context = {source.text.context: source for source in sources(content)}
        self._known: dict[tuple[str, str], _Sum] = {}

    def all(self) -> Iterator[PathCost]:
        """Every flow in every language."""
        for language in self._content.catalogues.languages:
            for flow in self._content.flows.flows.values():
                yield self._of(flow, language)

    def _of(self, flow: Flow, language: str) -> PathCost:
        found = self._flow(flow.name, language, ())
        step, segments = "", 0
        for node in flow.nodes.values():
            for source in node_sources(self._content.flows, node, flow.about):
                if source.kind == "message" and (cost := self._prices.of(source, language).cost.segments) > segments:
                    step, segments = source.text.context.removeprefix(f"{flow.name}."), cost
        return PathCost(flow.name, language, step, segments, found.segments, found.messages, found.nodes)

    def _flow(self, name: str, language: str, above: tuple[str, ...]) -> _Sum:
        flow = self._content.flows.flows.get(name)
        if flow is None or name in above:
            return _Sum()
        if (name, language) not in self._known:
            self._known[(name, language)] = self._from(flow, flow.first, language, (*above, name), ())
        return self._known[(name, language)]

    def _from(self, flow: Flow, at: str, language: str, above: tuple[str, ...], behind: tuple[str, ...]) -> _Sum:
        """The dearest way on; a node is passed once, so that loops count once."""
        node = flow.nodes.get(at)
        if node is None or at == END or at in behind:
            return _Sum()
        here = self._node(node, language, above)
        ahead = max(
            (self._from(flow, way.go, language, above, (*behind, at)) for way in ways_of(node)),
            key=lambda found: found.segments,
        )
        return _Sum(here.segments + ahead.segments, here.messages + ahead.messages, (at, *ahead.nodes))

    def _node(self, node: Node, language: str, above: tuple[str, ...]) -> _Sum:
        said = [self._by_context[text.context] for text in node.say if text.context in self._by_context]
        said += [source for do in node.do for source in self._done(do, language)]
        form = self._content.flows.forms.get(node.form or "")
        said += [self._by_context[asked.say.context] for asked in form.questions] if form else []
        below = self._flow(node.call, language, above) if node.call else _Sum()
        return _Sum(below.segments + sum(self._segments(one, language) for one in said), below.messages + len(said))

    def _done(self, do: Do, language: str) -> list[Source]:
        """What an action says at most."""
        if do.action == "tell_offers":
            need = do.values.get("need", "")
            offers = [one for one in self._content.directory.offer_list if "{{" in need or need in one.needs]
            found = [self._by_context[f"offer.{one.id}.text"] for one in offers]
            return sorted(found, key=lambda source: -self._segments(source, language))[:MOST_OFFERS]
        if do.action == "tell_status":
            states = [source for context, source in self._by_context.items() if context.startswith("words.status_")]
            return [max(states, key=lambda source: self._segments(source, language))]
        return [self._by_context["words.stopped"]] if do.action == "stop_contact" else []

    def _segments(self, source: Source, language: str) -> int:
        return self._prices.of(source, language).cost.segments


def check_paths(content: Content, costs: PathCosts, budget: int = PATH_BUDGET) -> Iterator[Fault]:
    """Flows whose dearest way is over the budget."""
    for cost in costs.all():
        if cost.segments > budget:
            where = content.flows.flows[cost.flow].where
            values = {"segments": str(cost.segments), "limit": str(budget), "way": " > ".join(cost.nodes)}
            yield Fault(where.file, where.line, f"{cost.flow} [{cost.language}]", "path_too_dear", tuple(values.items()))
