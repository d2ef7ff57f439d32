"""Answers that are used but never kept, and answers that on some way are used before they are.

An unknown value leaves a hole in a sentence and decides no condition: a mistyped name must not pass silently.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.content import Content
from bot.content.reading import nearest
from bot.domain.errors import Fault
from bot.engine.actions import KEEPS, VALUES
from bot.engine.definition import END, Do, Flow, FlowSet, Form, Node, Where
from bot.engine.placeholders import names
from bot.flowtools.ways import Way, ways_of

_RESULT, _FIELD = "results.", "contact."
# What the engine itself notes on a run.
_OWN = frozenset({"aside"})
# What is known of everybody.
_ALWAYS = frozenset({"channel"})


@dataclass(frozen=True, slots=True)
class _Use:
    """A place where `results.x` or `contact.x` is looked at. `needed`: a hole there is seen by the person or breaks the action."""

    name: str
    where: Where
    key: str
    needed: bool


def check_usage(content: Content) -> Iterator[Fault]:
    """Names that nothing keeps (errors); names that some way reaches without their answer (warnings)."""
    flows = content.flows
    fields = frozenset(_fields(flows)) | _ALWAYS
    for flow in flows.flows.values():
        kept = frozenset(_kept_around(flows, flow)) | frozenset(content.entities) | _OWN
        for node in flow.nodes.values():
            for use in _uses(flow, node):
                known, prefix = (kept, _RESULT) if use.name.startswith(_RESULT) else (fields | kept, _FIELD)
                short = use.name.removeprefix(prefix)
                if short not in known:
                    hint = nearest(short, known)
                    yield Fault(use.where.file, use.where.line, use.key, "never_kept", (("name", use.name),), hint and prefix + hint)
        yield from _too_early(flows, flow, frozenset(content.entities) | _OWN)
    for form in flows.forms.values():
        yield from _check_form(flows, form, fields)


def _check_form(flows: FlowSet, form: Form, fields: frozenset[str]) -> Iterator[Fault]:
    """What a form looks at was asked in it, or by a flow that uses it."""
    around = {name for flow in flows.flows.values() if _uses_form(flow, form.name) for name in _kept_around(flows, flow)}
    known = around | {asked.question.save_as for asked in form.questions} | fields
    for asked in form.questions:
        for name in (*(asked.condition.names if asked.condition else ()), *names(asked.say.source)):
            short = name.partition(".")[2]
            if name.startswith((_RESULT, _FIELD)) and short not in known:
                hint = nearest(short, known)
                scope = name.partition(".")[0]
                key = f"form.{form.name}.{asked.name}"
                yield Fault(asked.where.file, asked.where.line, key, "never_kept", (("name", name),), hint and f"{scope}.{hint}")


def _uses_form(flow: Flow, form: str) -> bool:
    return any(node.form == form for node in flow.nodes.values())


def _uses(flow: Flow, node: Node) -> Iterator[_Use]:
    key = f"{flow.name}.{node.name}"
    for text in (*node.say, *((node.ask.reask,) if node.ask and node.ask.reask else ())):
        yield from (_Use(name, text.where, text.context, needed=True) for name in _ours(names(text.source)))
    for do in node.do:
        yield from _action_uses(do, key)
    for route in node.routes:
        for name in route.condition.names if route.condition else ():
            yield _Use(name, route.where, key, needed=False)


def _action_uses(do: Do, key: str) -> Iterator[_Use]:
    for value, text in do.values.items():
        needed = VALUES.get(do.action, {}).get(value, False)
        yield from (_Use(name, do.where, f"{key}.{do.action}", needed=needed) for name in _ours(names(text)))


def _ours(found: Iterable[str]) -> Iterator[str]:
    return (name for name in found if name.startswith((_RESULT, _FIELD)))


def _fields(flows: FlowSet) -> Iterator[str]:
    """Every lasting attribute that something keeps."""
    for flow in flows.flows.values():
        for node in flow.nodes.values():
            yield from (do.values.get("name", "") for do in node.do if do.action == "set_field")
    for form in flows.forms.values():
        yield from (asked.field for asked in form.questions if asked.field)


def _kept_around(flows: FlowSet, flow: Flow) -> Iterator[str]:
    """What may be on a run of the flow: its own, its sub-flows', and that of the flows that call it."""
    for name in _closure(flow.name, {one.name: _called(one) for one in flows.flows.values()}):
        yield from _kept_by(flows, flows.flows[name])
    callers = {one.name: {other.name for other in flows.flows.values() if one.name in _called(other)} for one in flows.flows.values()}
    for name in _closure(flow.name, callers):
        yield from _kept_by(flows, flows.flows[name])


def _closure(start: str, ahead: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in found and name in ahead:
            found.add(name)
            waiting += ahead[name]
    return found


def _called(flow: Flow) -> set[str]:
    return {node.call for node in flow.nodes.values() if node.call}


def _kept_by(flows: FlowSet, flow: Flow) -> Iterator[str]:
    for trigger in flow.triggers:
        yield from trigger.sets
    for node in flow.nodes.values():
        for do in node.do:
            yield from KEEPS.get(do.action, ())
        if node.ask:
            yield node.ask.save_as
        form = flows.forms.get(node.form or "")
        yield from (asked.question.save_as for asked in form.questions) if form else ()


def _too_early(flows: FlowSet, flow: Flow, given: frozenset[str]) -> Iterator[Fault]:
    """Where a needed answer may be missing although this flow alone keeps it. What callers and triggers set is trusted."""
    callers = [one for one in flows.flows.values() if flow.name in _called(one)]
    trusted = given | {name for one in callers for name in _kept_around(flows, one)} | {n for t in flow.triggers for n in t.sets}
    certain = _certain(flows, flow)
    for node in flow.nodes.values():
        for use in _uses(flow, node):
            short = use.name.removeprefix(_RESULT)
            if not use.needed or not use.name.startswith(_RESULT) or short in trusted or node.name not in certain:
                continue
            own = short == (node.ask.save_as if node.ask else None) and use.key.endswith(".reask")
            if short not in certain[node.name] and not own and short in set(_kept_around(flows, flow)):
                yield Fault(use.where.file, use.where.line, use.key, "kept_too_late", (("name", use.name),), severity="warning")


def _certain(flows: FlowSet, flow: Flow) -> dict[str, frozenset[str]]:
    """For each node, the answers that are kept on every way to it."""
    certain: dict[str, frozenset[str]] = {flow.first: frozenset()}
    waiting = [flow.first]
    while waiting:
        node = flow.nodes.get(waiting.pop())
        for way in ways_of(node) if node else ():
            if node is None or way.go == END or way.go not in flow.nodes:
                continue
            after = certain[node.name] | _kept_on(flows, node, way)
            before = certain.get(way.go)
            merged = after if before is None else before & after
            if merged != before:
                certain[way.go] = merged
                waiting.append(way.go)
    return certain


def _kept_on(flows: FlowSet, node: Node, way: Way) -> frozenset[str]:
    """What is kept for certain on a way out of a node: not by silence, nor by a way that is no answer, nor by skipping."""
    if node.ask:
        answered = way.test in ("answer", "if", "otherwise") or (way.test == "go" and not node.ask.optional)
        return frozenset({node.ask.save_as}) if answered else frozenset()
    called = flows.flows.get(node.call or "")
    kept = set(_kept_by(flows, called)) if called else set()
    form = flows.forms.get(node.form or "")
    return frozenset(kept | {asked.question.save_as for asked in form.questions if not asked.question.optional} if form else kept)
