"""One turn from the outside: start a session, or resume the waiting one with what was heard, or with silence."""

from bot.domain.contacts import Contact
from bot.engine import commands, forms
from bot.engine.answers import SURE, pick, read_answer
from bot.engine.events import LanguageChanged, MessageSaid, NotUnderstood, SessionEnded, SessionFailed
from bot.engine.questions import ask_again, clarified, node_of, not_understood, waiting_question
from bot.engine.routing import Found, find_trigger, guesses, next_node, side_route, trigger_of
from bot.engine.runner import TURNS_PER_SESSION, after_form_answer, go_on, play, push_flow
from bot.engine.state import Frame, Session
from bot.engine.turn import Assets, FlowFault, Given, Heard, Stage, Turn
from bot.engine.words import number_of, word_count

FALLBACK = "fallback"
GUESS = "guess"
# Open answers (a place, a name, any text) take almost everything; a clear question of this many words is no answer.
QUESTION_WORDS = 4
GUESS_WAIT = 3 * 24 * 3600
_OPEN = ("place", "name", "text", "date")


def start(assets: Assets, contact: Contact, heard: Heard, given: Given) -> Turn:
    """The turn for a text when no session waits."""
    return _turn(assets, contact, Session(assets.flows.version), heard, given)


def resume(assets: Assets, contact: Contact, session: Session, heard: Heard, given: Given) -> Turn:
    """The turn for a text while `session` waits. The given session is not changed."""
    return _turn(assets, contact, session.copy(), heard, given)


def begin(assets: Assets, contact: Contact, flow: str, given: Given) -> Turn:
    """The turn that starts a flow by name: a schedule or a member of staff asked for it."""
    stage = Stage(assets, contact, Session(assets.flows.version), None, given)
    try:
        stage.session.frames.append(Frame("flow", flow, stage.flows.flows[flow].first))
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
    found = find_trigger(stage.flows, heard)
    _follow_language(stage, heard, found)
    try:
        _hear(stage, heard, found)
    except FlowFault as fault:
        _fail(stage, fault)
    return _finish(stage)


def _hear(stage: Stage, heard: Heard, found: Found | None) -> None:
    if found and found.flow.kind == "interrupt":
        _interrupt(stage, found)
    elif not stage.session.frames:
        _open(stage, heard, found)
    elif stage.session.turns > TURNS_PER_SESSION:
        stage.session.frames.clear()
        stage.state(SessionEnded("limit"))
        _open(stage, heard, found)
    elif stage.frame.kind == "flow" and stage.frame.name == GUESS:
        _guessed(stage, heard, found)
    else:
        _continue(stage, heard, found)


def _interrupt(stage: Stage, found: Found) -> None:
    """Before everything. What waited keeps its place, and is asked again before any answer counts for it."""
    while stage.session.frames and (stage.frame.digression or stage.frame.name == GUESS):
        stage.session.frames.pop()
    if stage.session.frames:
        stage.frame.quiet = True
    push_flow(stage, found, digression=bool(stage.session.frames))
    play(stage)


def _open(stage: Stage, heard: Heard, found: Found | None) -> None:
    if found:
        push_flow(stage, found)
        play(stage)
        return
    options = guesses(stage.flows, heard)
    if options and heard.kind == "text" and word_count(heard.text) > 1:
        stage.state(NotUnderstood(GUESS))
        stage.session.frames.append(Frame("flow", GUESS, GUESS, guesses=[intent for intent, _ in options]))
        commands.say_guesses(stage, tuple(label for _, label in options))
        stage.session.wait_seconds = GUESS_WAIT
        return
    stage.state(NotUnderstood(FALLBACK))
    _play_named(stage, FALLBACK if heard.kind in ("text", "button", "empty") else commands.flow_for_media(stage, heard))


def _guessed(stage: Stage, heard: Heard, found: Found | None) -> None:
    intents = stage.frame.guesses
    picked = pick(heard, tuple((intent, commands.guess_label(stage, intent)) for intent in intents))
    number = number_of(heard.text)
    stage.session.frames.pop()
    if picked:
        chosen = trigger_of(stage.flows, picked)
        _open(stage, heard, chosen)
    elif number == len(intents) + 1 or heard.payload == "none":
        _play_named(stage, FALLBACK)
    else:
        _open(stage, heard, found)


def _play_named(stage: Stage, flow: str) -> None:
    stage.session.frames.append(Frame("flow", flow, stage.flows.flows[flow].first))
    play(stage)


def _continue(stage: Stage, heard: Heard, found: Found | None) -> None:
    """What was heard at a waiting question, by the first of these that takes it."""
    if stage.frame.quiet:
        _after_interruption(stage, found)
        return
    if commands.obey(stage, heard):
        return
    for listen in (_clears_up, _asks_aside, _answers, _takes_side_route, _changes_subject, _is_guessed, _sends_a_file):
        if listen(stage, heard, found):
            return
    not_understood(stage)


def _clears_up(stage: Stage, heard: Heard, found: Found | None) -> bool:
    """A pick among the readings of the last answer."""
    if not stage.frame.clarify:
        return False
    value = clarified(stage, heard.text, heard.payload, number_of(heard.text))
    if value is not None:
        _answered(stage, value)
    return value is not None


def _asks_aside(stage: Stage, heard: Heard, found: Found | None) -> bool:
    """A clear question where almost any words would do as an answer."""
    question, _ = waiting_question(stage, stage.frame)
    if found is None or question.answer not in _OPEN or heard.payload is not None:
        return False
    if found.language is None:
        asking = "?" in heard.text or (word_count(heard.text) >= QUESTION_WORDS and question.answer != "text")
        if not asking or heard.understanding.confidence < SURE:
            return False
    # A keyword (`aide` where a first name is asked) is a call for that flow, never a name.
    _aside(stage, found)
    return True


def _answers(stage: Stage, heard: Heard, found: Found | None) -> bool:
    question, _ = waiting_question(stage, stage.frame)
    value = read_answer(stage, question, heard)
    if value is not None:
        _answered(stage, value)
    return value is not None


def _takes_side_route(stage: Stage, heard: Heard, found: Found | None) -> bool:
    side = side_route(node_of(stage, stage.frame), heard) if stage.frame.kind == "flow" else None
    if side is None or stage.frame.clarify:
        return False
    go_on(stage, side)
    return True


def _changes_subject(stage: Stage, heard: Heard, found: Found | None) -> bool:
    if found is None or stage.frame.clarify:
        return False
    _aside(stage, found)
    return True


def _is_guessed(stage: Stage, heard: Heard, found: Found | None) -> bool:
    """An unclear text outside a form: better three guesses than the same question again."""
    worth = word_count(heard.text) >= QUESTION_WORDS and guesses(stage.flows, heard)
    if _in_form(stage) or stage.frame.clarify or heard.kind != "text" or not worth:
        return False
    stage.session.frames.clear()
    _open(stage, heard, None)
    return True


def _sends_a_file(stage: Stage, heard: Heard, found: Found | None) -> bool:
    if heard.kind in ("text", "button", "empty"):
        return False
    commands.thank_for_media(stage, heard)
    ask_again(stage)
    return True


def _after_interruption(stage: Stage, found: Found | None) -> None:
    """The first text after an interruption is never taken for an answer to a question of before it."""
    stage.frame.quiet = False
    if found and found.flow.name not in {frame.name for frame in stage.session.frames}:
        _aside(stage, found)
        return
    stage.say(stage.word("resumed"))
    ask_again(stage)


def _answered(stage: Stage, value: str) -> None:
    stage.frame.clarify = {}
    if stage.frame.kind == "form":
        after_form_answer(stage, waits=forms.keep(stage, value))
        return
    node = node_of(stage, stage.frame)
    if node.ask:
        stage.frame.results[node.ask.save_as] = value
    go_on(stage, next_node(stage, node, value, stage.heard))


def _aside(stage: Stage, found: Found | None) -> None:
    """Something else was asked. In the middle of a form it is answered and the form goes on; elsewhere it takes over."""
    if found is None:
        return
    if found.flow.name in {frame.name for frame in stage.session.frames} and _in_form(stage):
        ask_again(stage)
        return
    if "greet" in found.trigger.intents and _in_form(stage):
        stage.say(stage.word("resumed"))
        ask_again(stage)
        return
    if _in_form(stage):
        while stage.frame.digression:
            stage.session.frames.pop()
        push_flow(stage, found, digression=True)
    else:
        stage.session.frames.clear()
        push_flow(stage, found)
    play(stage)


def _in_form(stage: Stage) -> bool:
    return any(frame.kind == "form" for frame in stage.session.frames)


def _silence(stage: Stage) -> None:
    frame = stage.frame
    if frame.kind == "form":
        form = stage.flows.forms.get(frame.name)
        if form and form.nudge and not frame.nudged:
            frame.nudged = True
            stage.say(form.nudge)
            stage.session.wait_seconds = commands.FORM_KEPT
            return
    elif frame.name != GUESS:
        target = next_node(stage, node_of(stage, frame), None, None, timed_out=True)
        if target is not None and target != node_of(stage, frame).go:
            go_on(stage, target)
            return
    stage.session.frames.clear()
    stage.state(SessionEnded("expired"))


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
    by_keyword = found is not None and found.language is not None
    if stage.contact.language is None or by_keyword or word_count(heard.text) >= QUESTION_WORDS:
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
    return Turn(session, tuple(stage.events))
