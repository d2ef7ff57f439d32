"""Where a waiting conversation would stand in another version of the flows, and whether it would be asked anything twice."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.engine.definition import Flow, FlowSet, Node, Question, Text
from bot.engine.opening import GUESS
from bot.engine.state import Frame, Session
from bot.flowtools.ways import ways_of

# same: the question that was asked stands there, word for word. changed: another one, which is asked before an answer counts.
# repeats: something that was answered already would be asked again. gone: its step does not exist.
Kind = Literal["same", "changed", "repeats", "gone"]

# `flow.node` or `form.question` -> its new name; `flow` -> the new name of a flow or form whose steps kept theirs.
Map = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Landing:
    """The outcome: the session at its new place where it has one, and whether the map led it there."""

    kind: Kind
    session: Session | None = None
    mapped: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as people read it."""

    question: Question
    text: Text | None

    def like(self, other: "_Asked") -> bool:
        return self._read() == other._read()

    def _read(self) -> tuple[object, ...]:
        question = self.question
        options = tuple((option.value, option.label.source) for option in question.options)
        said = self.text.source if self.text else ""
        return said, question.answer, question.save_as, options, question.minimum, question.maximum


def land(session: Session, old: FlowSet | None, new: FlowSet, moves: Map) -> Landing:
    """The session on `new`. `old` is the version that it began with; None when that is no longer kept."""
    moved = session.copy()
    moved.flows = new.version
    if moved.top.name == GUESS:
        return Landing("same", moved)
    mapped = any([_place(frame, new, moves) for frame in moved.frames])
    top = moved.top
    if mapped and top.kind == "flow" and session.top.kind == "form":
        # Out of a form into a flow: what waited below belongs to the form.
        moved.frames = [replace(top, digression=False)]
    if not _stands(new, moved.frames):
        return Landing("gone", mapped=mapped)
    if _repeats(session, old, moved, new):
        return Landing("repeats", mapped=mapped)
    kind: Kind = "same"
    for frame, before in _asking(moved.frames, session.frames):
        now, then = _asked(new, frame), _asked(old, before) if old else None
        if now is not None and (then is None or not now.like(then)):
            frame.quiet, frame.clarify, kind = True, {}, "changed"
    return Landing(kind, moved, mapped)


def _place(frame: Frame, new: FlowSet, moves: Map) -> bool:
    """Give a run the names that the map has for it. Whether it has any."""
    target = moves.get(f"{frame.name}.{frame.at}")
    if target is not None:
        name, _, at = target.partition(".")
        if name not in new.forms or (frame.kind == "flow" and name in new.flows):
            frame.kind = "flow"
        frame.name, frame.at = name, at
        return True
    if frame.name in moves:
        frame.name = moves[frame.name]
        return True
    return False


def _stands(new: FlowSet, frames: list[Frame]) -> bool:
    """Whether every run is somewhere, and each leads to the one above it."""
    above: Frame | None = None
    for frame in reversed(frames):
        asks = above is None or above.digression
        if asks and _asked(new, frame) is None:
            return False
        if above is not None and not asks:
            node = _node(new, frame)
            if node is None or above.name != (node.form if above.kind == "form" else node.call):
                return False
        above = frame
    return True


def _asking(frames: list[Frame], before: list[Frame]) -> Iterator[tuple[Frame, Frame]]:
    """The runs that wait with a question, each with what it was: the one at the top, and those that something aside lies on."""
    behind = before[-len(frames) :]
    for number, frame in enumerate(frames):
        if number == len(frames) - 1 or frames[number + 1].digression:
            yield frame, behind[number]


def _node(flows: FlowSet, frame: Frame) -> Node | None:
    flow = flows.flows.get(frame.name)
    return flow.nodes.get(frame.at) if flow else None


def _asked(flows: FlowSet, frame: Frame) -> _Asked | None:
    if frame.kind == "form":
        form = flows.forms.get(frame.name)
        return next((_Asked(asked.question, asked.say) for asked in form.questions if asked.name == frame.at), None) if form else None
    node = _node(flows, frame)
    return _Asked(node.ask, node.say[-1] if node.say else None) if node and node.ask else None


def _repeats(session: Session, old: FlowSet | None, moved: Session, new: FlowSet) -> bool:
    """Whether a question that was answered would be asked again although the old version would not have asked it."""
    waits = {asked.question.save_as for frame in session.frames if old and (asked := _asked(old, frame))}
    finished = {name for frame in session.frames for name in frame.results} - waits
    landed = _asked(new, moved.top)
    here = {landed.question.save_as} if landed and _is_asked_again(landed.question) else set()
    ahead = _ahead(new, moved.frames) - (_ahead(old, session.frames) if old else set())
    return bool(finished & (here | ahead))


def _is_asked_again(question: Question) -> bool:
    """A question with `skip_known` is passed over when its answer is there."""
    return not question.skip_known


def _ahead(flows: FlowSet, frames: Iterable[Frame]) -> set[str]:
    """The answers that may still be asked for, after the questions that wait now."""
    found: set[str] = set()
    for frame in frames:
        if frame.kind == "form":
            found |= _later(flows, frame)
        elif frame.name in flows.flows:
            found |= set(_reached(flows, flows.flows[frame.name], [frame.at], {frame.name}))
    return found


def _later(flows: FlowSet, frame: Frame) -> set[str]:
    questions = flows.forms[frame.name].questions if frame.name in flows.forms else ()
    names = [asked.name for asked in questions]
    after = questions[names.index(frame.at) + 1 :] if frame.at in names else ()
    return {asked.question.save_as for asked in after if _is_asked_again(asked.question)}


def _reached(flows: FlowSet, flow: Flow, start: list[str], visited: set[str]) -> Iterator[str]:
    """What is asked on the ways out of these nodes, forms and sub-flows included."""
    ahead, seen = [way.go for name in start if name in flow.nodes for way in ways_of(flow.nodes[name])], set[str]()
    while ahead:
        name = ahead.pop()
        if name in seen or name not in flow.nodes:
            continue
        seen.add(name)
        node = flow.nodes[name]
        ahead += [way.go for way in ways_of(node)]
        yield from _asked_in(flows, node, visited)


def _asked_in(flows: FlowSet, node: Node, visited: set[str]) -> Iterator[str]:
    if node.ask and _is_asked_again(node.ask):
        yield node.ask.save_as
    form = flows.forms.get(node.form or "")
    if form:
        yield from (asked.question.save_as for asked in form.questions if _is_asked_again(asked.question))
    called = flows.flows.get(node.call or "")
    if called and called.name not in visited:
        yield from _asked_in(flows, called.nodes[called.first], visited | {called.name})
        yield from _reached(flows, called, [called.first], visited | {called.name})
