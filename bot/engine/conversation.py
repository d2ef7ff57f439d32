"""One turn from the outside: start a session, or resume the waiting one with what was heard, or with silence."""

from collections.abc import Mapping

from bot.domain.contacts import Contact
from bot.engine import commands
from bot.engine.events import LanguageChanged, MessageSaid, SessionEnded, SessionFailed
from bot.engine.listening import QUESTION_WORDS, as_name, listen, picks, plays
from bot.engine.opening import GUESS, guessed, open_session, start_over
from bot.engine.questions import keep_waiting, node_of
from bot.engine.routing import Found, find_trigger
from bot.engine.runner import TURNS_PER_SESSION, go_on, leave_asides, play, push_flow
from bot.engine.state import Frame, Session
from bot.engine.turn import Assets, FlowFault, Given, Heard, Stage, Turn
from bot.engine.words import word_count


def start(assets: Assets, contact: Contact, heard: Heard, given: Given) -> Turn:
    """The turn for a text when no session waits."""
    return _turn(assets, contact, Session(assets.flows.version), heard, given)


def resume(assets: Assets, contact: Contact, session: Session, heard: Heard, given: Given) -> Turn:
    """The turn for a text while `session` waits. The given session is not changed."""
    return _turn(assets, contact, session.copy(), heard, given)


def begin(assets: Assets, contact: Contact, flow: str, given: Given, results: Mapping[str, str] | None = None) -> Turn:
    """The turn that starts a flow by name, with these results: a schedule or a member of staff asked for it."""
    stage = Stage(assets, contact, Session(assets.flows.version), None, given)
    try:
        stage.session.frames.append(Frame("flow", flow, stage.flows.flows[flow].first, results=dict(results or {})))
        play(stage)
    except (FlowFault, KeyError) as fault:
        _fail(stage, fault)
    return _finish(stage)


def time_out(assets: Assets, contact: Contact, session: Session, given: Given) -> Turn:
    """The turn for silence: the timeout route, or one reminder of a form, or the end."""
    stage = Stage(assets, contact, session.copy(), None, given)
    try:
        _silence(stage)
    except FlowFault as fault:
        _fail(stage, fault)
    return _finish(stage)


def _turn(assets: Assets, contact: Contact, session: Session, heard: Heard, given: Given) -> Turn:
    stage = Stage(assets, contact, session, heard, given)
    session.turns += 1
    stage.heard = heard = as_name(stage, heard)
    found = _asked_for(stage, heard)
    _follow_language(stage, heard, found)
    try:
        _hear(stage, heard, found)
    except FlowFault as fault:
        _fail(stage, fault)
    return _finish(stage)


def _asked_for(stage: Stage, heard: Heard) -> Found | None:
    """The flow that was asked for. A danger that only today's version knows ends an older session: it cannot wait."""
    found = find_trigger(stage.flows, heard)
    today = find_trigger(stage.newest.flows, heard) if stage.flows is not stage.newest.flows else None
    if today and today.flow.kind == "interrupt" and not (found and found.flow.kind == "interrupt"):
        stage.session.frames.clear()
        stage.renew()
        return today
    return found


def _hear(stage: Stage, heard: Heard, found: Found | None) -> None:
    if found and found.flow.kind == "interrupt" and not plays(stage, found) and not _only_picks(stage, heard, found):
        _interrupt(stage, found)
    elif not stage.session.frames:
        open_session(stage, heard, found)
    elif stage.session.turns > TURNS_PER_SESSION:
        stage.state(SessionEnded("limit"))
        start_over(stage, heard, found)
    elif stage.frame.kind == "flow" and stage.frame.name == GUESS:
        guessed(stage, heard, found)
    else:
        listen(stage, heard, found)


def _only_picks(stage: Stage, heard: Heard, found: Found) -> bool:
    """Whether what sounds like an interruption is a pick among the choices that wait."""
    return bool(stage.session.frames) and stage.frame.name != GUESS and picks(stage, heard, found)


def _interrupt(stage: Stage, found: Found) -> None:
    """Before everything. What waited keeps its place, and is asked again before any answer counts for it."""
    leave_asides(stage)
    if stage.session.frames and stage.frame.name == GUESS:
        stage.session.frames.pop()
    if not stage.session.frames:
        start_over(stage, stage.heard or Heard(), found)
        return
    stage.frame.quiet = True
    push_flow(stage, found, digression=True)
    play(stage)


def _silence(stage: Stage) -> None:
    frame, many = stage.frame, len(stage.session.frames)
    if not _is_urgent(stage):
        leave_asides(stage)
    if len(stage.session.frames) < many:
        # The silence was on something aside; what waits below keeps its place and its own reminder.
        keep_waiting(stage)
        return
    if frame.kind == "form":
        form = stage.flows.forms.get(frame.name)
        if form and form.nudge and not frame.nudged:
            frame.nudged = True
            stage.say(form.nudge)
            stage.session.wait_seconds = commands.FORM_KEPT
            return
    elif frame.name != GUESS:
        route = next((route for route in node_of(stage, frame).routes if route.timeout), None)
        if route is not None:
            go_on(stage, route.go)
            return
    stage.session.frames.clear()
    stage.state(SessionEnded("expired"))


def _is_urgent(stage: Stage) -> bool:
    """Whether an interrupting flow waits and has a way for silence: who fell silent in danger is not left alone."""
    flow = stage.flows.flows.get(stage.frame.name) if stage.frame.kind == "flow" else None
    return bool(flow and flow.kind == "interrupt" and any(route.timeout for route in node_of(stage, stage.frame).routes))


def _follow_language(stage: Stage, heard: Heard, found: Found | None) -> None:
    """Answer in the language that is written. One odd short text does not switch; a word for it (`wolof`) does for good."""
    if stage.contact.language_fixed:
        return
    written = found.language if found and found.language else heard.understanding.language
    known = set(stage.flows.words.languages)
    if written == "mixed" and stage.contact.language is None:
        written = "wo"
    if written not in known or written == stage.contact.language:
        return
    if stage.contact.language is None or word_count(heard.text) >= QUESTION_WORDS:
        stage.state(LanguageChanged(written, fixed=False))


def _fail(stage: Stage, fault: FlowFault | KeyError) -> None:
    """The flow is at fault, never the person: they hear so, and staff hear where."""
    frame = stage.session.frames[-1] if stage.session.frames else None
    code = fault.code if isinstance(fault, FlowFault) else "unknown_flow"
    stage.session.frames.clear()
    stage.state(SessionFailed(code, f"{frame.name}.{frame.at}" if frame else ""))
    stage.events.append(MessageSaid(stage.assets.translate(stage.word("our_fault"), stage.language), "words.our_fault"))


def _finish(stage: Stage) -> Turn:
    session = stage.session if stage.session.frames else None
    if session is None and not any(isinstance(event, SessionEnded | SessionFailed) for event in stage.events):
        stage.state(SessionEnded("done"))
    return Turn(session, tuple(stage.events), stage.flows.version)
