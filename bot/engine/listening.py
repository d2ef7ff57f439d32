"""What a text means at a waiting question: an answer, a command, something aside, or a change of subject."""

from dataclasses import replace

from bot.domain.understanding import DANGER
from bot.engine import commands, forms
from bot.engine.answers import SURE, picked_in_words, read_answer
from bot.engine.opening import start_over
from bot.engine.questions import ask_again, clarified, node_of, not_understood, waiting_question
from bot.engine.routing import Found, guesses, next_node, side_route
from bot.engine.runner import after_form_answer, go_on, keep_named, leave_asides, play, push_flow, registration
from bot.engine.turn import FlowFault, Heard, Stage
from bot.engine.words import number_of, word_count

# Open answers (a place, a name, any text) take almost everything; a clear question of this many words is no answer.
QUESTION_WORDS = 4
_LONGEST_NAME = 3
_OPEN = ("place", "name", "text", "date")


def listen(stage: Stage, heard: Heard, found: Found | None) -> None:
    """What was heard at a waiting question, by the first of these that takes it."""
    if stage.frame.quiet:
        _after_interruption(stage, found)
        return
    if commands.obey(stage, heard):
        return
    for takes in (_clears_up, _asks_aside, _answers, _takes_side_route, _changes_subject, _is_guessed, _sends_a_file):
        if takes(stage, heard, found):
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
    if not found.by_keyword:
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
    if not plays(stage, found):
        _aside(stage, found)
        return True
    if found.by_keyword:
        ask_again(stage)
    return found.by_keyword


def _is_guessed(stage: Stage, heard: Heard, found: Found | None) -> bool:
    """An unclear text outside a form: better three guesses than the same question again."""
    worth = word_count(heard.text) >= QUESTION_WORDS and guesses(stage.flows, heard)
    if _in_form(stage) or stage.frame.clarify or heard.kind != "text" or not worth:
        return False
    start_over(stage, heard, None)
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
    if stage.heard and node.ask and node.ask.answer == "choice":
        keep_named(stage, stage.heard, stage.frame.results)
    go_on(stage, next_node(stage, node, value))


def _aside(stage: Stage, found: Found | None) -> None:
    """Something else was asked. In the middle of a form it is answered and the form goes on; elsewhere it takes over."""
    if found is None:
        return
    if "greet" in found.trigger.intents and _in_form(stage):
        stage.say(stage.word("resumed"))
        ask_again(stage)
        return
    if not _in_form(stage):
        start_over(stage, stage.heard or Heard(), found)
        return
    leave_asides(stage)
    if found.flow.name in {frame.name for frame in stage.session.frames[registration(stage) :]}:
        # It is the registration itself that was asked for, and that waits. What leads to it (the menu) may be seen again.
        ask_again(stage)
        return
    push_flow(stage, found, digression=True)
    play(stage)


def as_name(stage: Stage, heard: Heard) -> Heard:
    """Where we asked for a name, up to three words are one, and what they resemble does not count: Fatou is near `faatu`, to die, and
    Dieng near a word for illness. Words of the list of dangers always count, and a longer answer is a story."""
    if not stage.session.frames or heard.kind != "text" or word_count(heard.text) > _LONGEST_NAME:
        return heard
    if heard.understanding.danger and heard.understanding.named:
        return heard
    try:
        question, _ = waiting_question(stage, stage.frame)
    except FlowFault:
        # A step that is gone: said where it would be answered.
        return heard
    if question.answer != "name":
        return heard
    return replace(heard, understanding=heard.understanding.without_meaning())


def picks(stage: Stage, heard: Heard, found: Found) -> bool:
    """Whether the text picks one of the choices that wait, so that its likeness to something else does not count: `une femme`
    where we asked by whom to be called is no request for a person. A keyword and a danger always count."""
    waits = stage.session.frames and not stage.frame.quiet and not stage.frame.clarify
    if not waits or found.by_keyword or heard.understanding.danger or any(one.startswith(DANGER) for one in found.trigger.intents):
        return False
    question, _ = waiting_question(stage, stage.frame)
    return question.answer == "choice" and picked_in_words(stage, question, heard) is not None


def _in_form(stage: Stage) -> bool:
    """Whether a registration is under way."""
    return registration(stage) is not None


def plays(stage: Stage, found: Found) -> bool:
    """Whether the flow is on top already: the same danger said again goes on with it, and opens nothing twice."""
    return bool(stage.session.frames) and stage.frame.name == found.flow.name
