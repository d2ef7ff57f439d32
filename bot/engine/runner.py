"""Playing nodes until the session waits, ends or fails."""

from enum import Enum, auto

from bot.engine import actions, forms
from bot.engine.definition import END, Node, Question
from bot.engine.events import SessionEnded
from bot.engine.questions import ask, ask_again, keep_waiting, node_of
from bot.engine.routing import Found, next_node
from bot.engine.state import Frame
from bot.engine.turn import FlowFault, Heard, Stage
from bot.engine.words import word_count

# Hard limits: a flow that passes them is at fault, whatever its author meant.
STEPS_PER_TURN = 60
DEPTH = 8
TURNS_PER_SESSION = 500
PLACE = "place"


class Outcome(Enum):
    """How a step left the session: waiting for the person, with a new run on top, or ready for the next step."""

    WAITS = auto()
    PUSHED = auto()
    DONE = auto()


def push_flow(stage: Stage, found: Found, *, digression: bool = False) -> None:
    """Put a run of the flow on the stack, with the results it begins with: what its trigger sets and what was named."""
    results = dict(found.trigger.sets)
    if stage.heard:
        keep_named(stage, stage.heard, results)
    if digression:
        # A flow that is visited in the middle of another may end sooner: it must not offer a second registration.
        results["aside"] = "yes"
    _push(stage, Frame("flow", found.flow.name, found.flow.first, results, digression=digression))


def keep_named(stage: Stage, heard: Heard, results: dict[str, str]) -> None:
    """Keep what a text names besides its meaning: nobody should be asked for a place they have just written."""
    if word_count(heard.text) <= 1:
        return
    for entity in heard.understanding.entities:
        if entity.name != PLACE:
            results.setdefault(entity.name, entity.canonical or entity.value)
    named = heard.understanding.entity(PLACE)
    # Without the understanding service, places are still read, but only those named exactly.
    reading = stage.assets.read_place(named.value if named else heard.text, stage.language)
    if reading.certain:
        results.setdefault(PLACE, reading.options[0][0])


def registration(stage: Stage) -> int | None:
    """Where on the stack a registration begins: a form, or the flow that leads to one (its consent question). None without one."""
    flows = stage.flows.flows
    for number, frame in enumerate(stage.session.frames):
        if frame.kind == "form" or (frame.name in flows and any(node.form for node in flows[frame.name].nodes.values())):
            return number
    return None


def leave_asides(stage: Stage) -> None:
    """Drop what was asked aside, with all that it led to. What waits below keeps its place, a registration before everything."""
    frames, first = stage.session.frames, (registration(stage) or 0) + 1
    aside = next((number for number in range(first, len(frames)) if frames[number].digression), len(frames))
    del frames[aside:]


def play(stage: Stage) -> None:
    """Play from the top run's place on."""
    for _ in range(STEPS_PER_TURN):
        if not stage.session.frames or stage.finished:
            _end(stage)
            return
        if _step(stage) is Outcome.WAITS:
            return
    raise FlowFault("too_many_steps")


def go_on(stage: Stage, target: str | None) -> None:
    """Take a way out of the node at the top and play on."""
    if _move(stage, target) or _resume_parent(stage) is not Outcome.WAITS:
        play(stage)


def _step(stage: Stage) -> Outcome:
    outcome = _enter(stage)
    if outcome is not Outcome.DONE or stage.finished:
        return outcome
    node = node_of(stage, stage.frame)
    answer = stage.frame.results.get(node.ask.save_as) if node.ask else None
    if _move(stage, next_node(stage, node, answer)):
        return Outcome.DONE
    return _resume_parent(stage)


def _enter(stage: Stage) -> Outcome:
    """Play what stands at the top: the first question of a form, or one node."""
    if stage.frame.kind == "form":
        if forms.begin(stage):
            return Outcome.WAITS
        _complete_form(stage)
        return Outcome.DONE
    node = node_of(stage, stage.frame)
    for do in node.do:
        actions.perform(stage, do)
    if stage.finished:
        return Outcome.DONE
    if node.ask:
        return _ask(stage, node, node.ask)
    for text in node.say:
        stage.say(text)
    child = _child_of(stage, node)
    if child is None:
        return Outcome.DONE
    _push(stage, child)
    return Outcome.PUSHED


def _ask(stage: Stage, node: Node, question: Question) -> Outcome:
    if _known(stage, question):
        return Outcome.DONE
    for text in node.say[:-1]:
        stage.say(text)
    ask(stage, question, node.say[-1] if node.say else None)
    return Outcome.WAITS


def _child_of(stage: Stage, node: Node) -> Frame | None:
    """The run that a node puts on top of itself: a form or a sub-flow, with the results so far."""
    if node.form:
        return Frame("form", node.form, "", dict(stage.frame.results))
    if node.call is None:
        return None
    flow = stage.flows.flows.get(node.call)
    if flow is None:
        raise FlowFault("unknown_flow")
    return Frame("flow", flow.name, flow.first, dict(stage.frame.results))


def _move(stage: Stage, target: str | None) -> bool:
    """Stand at the target. False when the run is over."""
    if target is None or target == END:
        return False
    stage.frame.at = target
    stage.frame.misses = 0
    node_of(stage, stage.frame)
    return True


def _resume_parent(stage: Stage) -> Outcome:
    """End the top run and go on with the one below."""
    ended = stage.session.frames.pop()
    if not stage.session.frames:
        return Outcome.DONE
    if ended.digression:
        if stage.frame.quiet:
            keep_waiting(stage)
        else:
            ask_again(stage)
        return Outcome.WAITS
    stage.frame.results.update(ended.results)
    node = node_of(stage, stage.frame)
    return Outcome.DONE if _move(stage, next_node(stage, node, None)) else _resume_parent(stage)


def _complete_form(stage: Stage) -> None:
    forms.complete(stage)
    ended = stage.session.frames.pop()
    if not stage.session.frames:
        raise FlowFault("form_without_flow")
    stage.frame.results.update(ended.results)


def _push(stage: Stage, frame: Frame) -> None:
    if len(stage.session.frames) >= DEPTH:
        raise FlowFault("too_deep")
    stage.session.frames.append(frame)


def _known(stage: Stage, question: Question) -> bool:
    """Whether a question is answered already. The answer then counts as given on this run."""
    value = stage.frame.results.get(question.save_as) or stage.contact.fields.get(question.save_as)
    if not question.skip_known or value is None:
        return False
    stage.frame.results[question.save_as] = value
    return True


def after_form_answer(stage: Stage, *, waits: bool) -> None:
    """Go on after a form's answer was kept: wait for the next one, or complete the form and play its node's way on."""
    if waits:
        return
    _complete_form(stage)
    go_on(stage, next_node(stage, node_of(stage, stage.frame), None))


def _end(stage: Stage) -> None:
    stage.session.frames.clear()
    if not any(isinstance(event, SessionEnded) for event in stage.events):
        stage.state(SessionEnded("done"))
