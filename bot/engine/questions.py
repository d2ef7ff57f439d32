"""Asking, asking again, and the numbered choices that go with a question."""

from bot.domain.messages import Choice
from bot.engine.definition import FormQuestion, Node, Question, Text
from bot.engine.events import NotUnderstood
from bot.engine.state import Frame
from bot.engine.turn import FlowFault, Stage
from bot.engine.words import folded

# After so many misses in a row, a person is offered.
MISSES_BEFORE_HELP = 2


def node_of(stage: Stage, frame: Frame) -> Node:
    """The node at which a run stands."""
    flow = stage.flows.flows.get(frame.name)
    node = flow.nodes.get(frame.at) if flow else None
    if node is None:
        raise FlowFault("unknown_node")
    return node


def form_question_of(stage: Stage, frame: Frame) -> FormQuestion:
    """The question at which a form stands."""
    form = stage.flows.forms.get(frame.name)
    for question in form.questions if form else ():
        if question.name == frame.at:
            return question
    raise FlowFault("unknown_question")


def waiting_question(stage: Stage, frame: Frame) -> tuple[Question, Text | None]:
    """The question that a run waits at, with its text."""
    if frame.kind == "form":
        asked = form_question_of(stage, frame)
        return asked.question, asked.say
    node = node_of(stage, frame)
    if node.ask is None:
        raise FlowFault("not_a_question")
    return node.ask, node.say[-1] if node.say else None


def choices_of(stage: Stage, question: Question) -> tuple[Choice, ...]:
    """The numbered choices of a question in the person's language; none for an open question."""
    words = stage.flows.words.texts
    if question.answer == "yes_no":
        pairs = [("yes", words["yes"]), ("no", words["no"])]
    else:
        pairs = [(option.value, option.label) for option in question.options]
    return tuple(Choice(value, stage.assets.translate(label, stage.language)) for value, label in pairs)


def ask(stage: Stage, question: Question, text: Text | None) -> None:
    """Say the question with its choices and wait."""
    if text is not None:
        stage.say(text, choices_of(stage, question))
    stage.session.wait_seconds = int(question.wait.total_seconds())


def keep_waiting(stage: Stage) -> None:
    """Wait for the waiting question as long as it may take, without a word."""
    question, _ = waiting_question(stage, stage.frame)
    stage.session.wait_seconds = int(question.wait.total_seconds())


def ask_again(stage: Stage) -> None:
    """Ask the waiting question as it was asked, after something else was answered."""
    stage.frame.quiet = False
    question, text = waiting_question(stage, stage.frame)
    ask(stage, question, text)


def not_understood(stage: Stage) -> None:
    """Ask differently; after two misses in a row offer a person as well."""
    frame = stage.frame
    if frame.clarify:
        _clarify(stage)
        return
    frame.misses += 1
    question, text = waiting_question(stage, frame)
    stage.state(NotUnderstood(f"{frame.name}.{frame.at}"))
    again = question.reask or text
    if again is not None:
        stage.say(again, choices_of(stage, question))
    if frame.misses >= MISSES_BEFORE_HELP:
        stage.say(stage.word("offer_person"))
        frame.misses = 0
    stage.session.wait_seconds = int(question.wait.total_seconds())


def _clarify(stage: Stage) -> None:
    choices = tuple(Choice(code, label) for code, label in stage.frame.clarify.items())
    if len(choices) == 1:
        stage.values["place.name"] = choices[0].label
        words = stage.flows.words.texts
        yes_no = (
            Choice(choices[0].id, stage.assets.translate(words["yes"], stage.language)),
            Choice("", stage.assets.translate(words["no"], stage.language)),
        )
        stage.say(stage.word("confirm_place"), yes_no)
    else:
        stage.say(stage.word("which_place"), choices)


def clarified(stage: Stage, text: str, payload: str | None, number: int | None) -> str | None:
    """The value picked among the readings of the last answer, None when none was; the readings are then forgotten."""
    frame = stage.frame
    codes = list(frame.clarify)
    frame.clarify = {}
    words = stage.flows.words
    if payload is not None:
        return payload if payload in codes else None
    if number is not None and 1 <= number <= len(codes):
        return codes[number - 1]
    if len(codes) == 1 and folded(text) in {folded(word) for word in words.yes}:
        return codes[0]
    return None
