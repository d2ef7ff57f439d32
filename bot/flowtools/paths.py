"""Every path through a flow: what the person may do at each step, and where it leads.

A path takes no way twice, so a loop is walked once and the set is finite. A sub-flow and a form are one step of their own; what
they leave behind is not known, so a condition on it is followed both ways, with the assumption named. A condition on an answer
of the same path is decided. Choices that lead the same way, and that nothing later looks at, are one path.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.engine.actions import KEEPS
from bot.engine.conditions import Condition, Test
from bot.engine.definition import END, Flow, Node, Question, Route

# More would not be read by anybody; a flow that has more is named, and should be cut into sub-flows.
MOST_PATHS = 400

Known = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a path: at `node` the person does `by` (answer, skip, timeout, intent, word, entity, or nothing: go) with `values`."""

    node: str
    by: str
    values: tuple[str, ...]
    go: str
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """One way through a flow from its first node to an end."""

    flow: str
    number: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Paths:
    """The paths of a flow; `complete` is False where there are more than are listed."""

    found: tuple[Path, ...]
    complete: bool


def paths_of(flow: Flow) -> Paths:
    """All paths, in the order of the file."""
    found: list[Path] = []
    for moves in _walk(flow, flow.first, {}, ()):
        if len(found) == MOST_PATHS:
            return Paths(tuple(found), complete=False)
        found.append(Path(flow.name, len(found) + 1, moves))
    return Paths(tuple(found), complete=True)


def _walk(flow: Flow, at: str, known: Known, behind: tuple[Move, ...]) -> Iterator[tuple[Move, ...]]:
    node = flow.nodes.get(at)
    if node is None:
        yield behind
        return
    fresh = [(move, after) for move, after in _moves(flow, node, known) if replace(move, assumed=()) not in _bare(behind)]
    if not fresh:
        yield behind
    for move, after in fresh:
        if move.go == END:
            yield (*behind, move)
        else:
            yield from _walk(flow, move.go, after, (*behind, move))


def _bare(moves: tuple[Move, ...]) -> set[Move]:
    return {replace(move, assumed=()) for move in moves}


def _moves(flow: Flow, node: Node, known: Known) -> Iterator[tuple[Move, Known]]:
    """What may happen at a node, with what is known afterwards."""
    # What an action keeps it keeps anew.
    kept_anew = {name for do in node.do for name in KEEPS.get(do.action, ())}
    known = {name: value for name, value in known.items() if name not in kept_anew}
    if node.ask is None:
        # A sub-flow or a form may change any result: what was known before counts no more.
        kept = {} if node.call or node.form else known
        yield from _onward(node, "go", (), kept)
        return
    for values in _groups(flow, node, node.ask, known):
        yield from _onward(node, "answer", values, {**known, node.ask.save_as: values[0]} if values else known)
    if node.ask.optional:
        yield Move(node.name, "skip", (), node.go or END), known
    yield from _side_moves(node, known)


def _side_moves(node: Node, known: Known) -> Iterator[tuple[Move, Known]]:
    for route in node.routes:
        if route.timeout:
            yield Move(node.name, "timeout", (), route.go), known
        elif route.intents:
            yield Move(node.name, "intent", route.intents, route.go), known
        elif route.words:
            yield Move(node.name, "word", route.words, route.go), known
        elif route.entity:
            yield Move(node.name, "entity", (route.entity,), route.go), known


def _groups(flow: Flow, node: Node, question: Question, known: Known) -> Iterator[tuple[str, ...]]:
    """The answers to a question; those that lead the same way together, unless a condition tells them apart later."""
    if question.answer == "yes_no":
        yield from (("yes",), ("no",))
        return
    if not question.options:
        yield ()
        return
    looked_at = any(name == f"results.{question.save_as}" for name in _looked_at(flow))
    groups: dict[object, list[str]] = {}
    for option in question.options:
        onward = tuple(move.go for move, _ in _onward(node, "answer", (option.value,), {**known, question.save_as: option.value}))
        groups.setdefault((option.value,) if looked_at else onward, []).append(option.value)
    yield from (tuple(values) for values in groups.values())


def _looked_at(flow: Flow) -> Iterator[str]:
    for node in flow.nodes.values():
        for route in node.routes:
            yield from route.condition.names if route.condition else ()


def _onward(node: Node, by: str, values: tuple[str, ...], known: Known) -> Iterator[tuple[Move, Known]]:
    """Where an answer (or none) leads; a condition that cannot be decided is followed both ways."""
    answer = values[0] if values else None
    chosen = next((option.go for option in node.ask.options if option.value == answer and option.go), None) if node.ask else None
    if chosen:
        yield Move(node.name, by, values, chosen), known
        return
    assumed: tuple[str, ...] = ()
    for route in node.routes:
        holds = _leads(route, answer, known)
        if holds is not False:
            supposed = (route.condition.source,) if route.condition else ()
            yield Move(node.name, by, values, route.go, (*assumed, *supposed)), _supposing(route.condition, known)
        if holds is True:
            return
        if holds is None and route.condition:
            assumed = (*assumed, f"! {route.condition.source}")
    yield Move(node.name, by, values, node.go or END, assumed), known


def _leads(route: Route, answer: str | None, known: Known) -> bool | None:
    """Whether a route takes this answer; None when its condition cannot be decided. Side routes and silence are no answers."""
    if route.condition is not None:
        return judge(route.condition, known)
    if route.answer is not None:
        return route.answer == answer
    return route.otherwise


def judge(condition: Condition, known: Known) -> bool | None:
    """Whether a condition holds; None when what is known does not decide it."""
    alternatives = [[_judge_test(test, known) for test in tests] for tests in condition.alternatives]
    if any(all(one is True for one in tests) for tests in alternatives):
        return True
    return False if all(any(one is False for one in tests) for tests in alternatives) else None


def _judge_test(test: Test, known: Known) -> bool | None:
    name = test.name.removeprefix("results.")
    if name not in known:
        return None
    return Condition(((test,),), "").holds(lambda _: known[name])


def _supposing(condition: Condition | None, known: Known) -> Known:
    """What is known when a condition is supposed to hold: the value that it demands, where it demands one."""
    if condition is None:
        return known
    demanded = {
        test.name.removeprefix("results."): test.values[0]
        for test in (condition.alternatives[0] if len(condition.alternatives) == 1 else ())
        if test.comparison == "is" and test.name.startswith("results.")
    }
    return {**known, **demanded}
