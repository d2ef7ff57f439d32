"""Words that work at every question (back, skip, menu, again), and the engine's own short answers."""

from bot.domain.messages import Choice
from bot.engine import forms
from bot.engine.definition import Text
from bot.engine.questions import ask_again, waiting_question
from bot.engine.routing import trigger_of
from bot.engine.runner import after_form_answer, go_on
from bot.engine.turn import Heard, Stage
from bot.engine.words import is_one_of

# An unfinished intake is kept for seven days after its one reminder.
FORM_KEPT = 6 * 24 * 3600
MEDIA_FLOW = "media"


def obey(stage: Stage, heard: Heard) -> bool:
    """Carry out a command word. False when the text is none, or means nothing here."""
    words = stage.flows.words.commands
    if is_one_of(heard.text, words.get("back", ())):
        return _back(stage)
    if is_one_of(heard.text, words.get("skip", ())):
        return _skip(stage)
    if is_one_of(heard.text, words.get("again", ())):
        ask_again(stage)
        return True
    return False


def _back(stage: Stage) -> bool:
    if stage.frame.digression and stage.frame.kind == "flow":
        stage.session.frames.pop()
        ask_again(stage)
        return True
    if stage.frame.kind != "form":
        return False
    stage.frame.clarify = {}
    if not forms.back(stage):
        stage.say(stage.word("first_question"))
        ask_again(stage)
    return True


def _skip(stage: Stage) -> bool:
    question, _ = waiting_question(stage, stage.frame)
    if not question.optional:
        stage.say(stage.word("cannot_skip"))
        ask_again(stage)
        return True
    stage.frame.clarify = {}
    if stage.frame.kind == "form":
        after_form_answer(stage, waits=forms.keep(stage, None))
    else:
        go_on(stage, stage.flows.flows[stage.frame.name].nodes[stage.frame.at].go)
    return True


def guess_label(stage: Stage, intent: str) -> str:
    """The words for an intent in a list of guesses."""
    found = trigger_of(stage.flows, intent)
    return stage.assets.translate(found.trigger.label, stage.language) if found and found.trigger.label else intent


def say_guesses(stage: Stage, labels: tuple[Text, ...]) -> None:
    """At most three numbered guesses, and "none of these"."""
    choices = [
        Choice(intent, stage.assets.translate(label, stage.language)) for intent, label in zip(stage.frame.guesses, labels, strict=True)
    ]
    none = Choice("none", stage.assets.translate(stage.word("none_of_these"), stage.language))
    stage.say(stage.word("guess"), (*choices, none))


def flow_for_media(stage: Stage, heard: Heard) -> str:
    """The flow that answers a voice note, a photo, a location or a sticker when nothing was asked."""
    named = f"{MEDIA_FLOW}_{heard.kind}"
    return named if named in stage.flows.flows else MEDIA_FLOW


def thank_for_media(stage: Stage, heard: Heard) -> None:
    """A word on a file that came in the middle of a question, which is then asked again."""
    key = f"got_{heard.kind}"
    stage.say(stage.word(key if key in stage.flows.words.texts else "got_media"))
