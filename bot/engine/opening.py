"""A text when nothing waits: the flow it starts, guesses when it is unclear, the fallback when it is hopeless."""

from bot.engine import commands
from bot.engine.answers import pick
from bot.engine.events import NotUnderstood
from bot.engine.routing import Found, find_trigger, guesses, trigger_of
from bot.engine.runner import play, push_flow
from bot.engine.state import Frame
from bot.engine.turn import Heard, Stage
from bot.engine.words import number_of, word_count

FALLBACK = "fallback"
GUESS = "guess"
GUESS_WAIT = 3 * 24 * 3600


def open_session(stage: Stage, heard: Heard, found: Found | None) -> None:
    """Start what was asked for, or the best there is."""
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


def start_over(stage: Stage, heard: Heard, found: Found | None) -> None:
    """Leave what waited, for good. What comes now is today's, whichever version the session began with."""
    stage.session.frames.clear()
    open_session(stage, heard, find_trigger(stage.flows, heard) if stage.renew() else found)


def guessed(stage: Stage, heard: Heard, found: Found | None) -> None:
    """Go on after a list of guesses: with the one that was picked, or with what is said instead."""
    intents = stage.frame.guesses
    picked = pick(heard, tuple((intent, commands.guess_label(stage, intent)) for intent in intents))
    number = number_of(heard.text)
    stage.session.frames.pop()
    if stage.renew():
        found = find_trigger(stage.flows, heard)
    if picked:
        chosen = trigger_of(stage.flows, picked)
        open_session(stage, heard, chosen)
    elif number == len(intents) + 1 or heard.payload == "none":
        _play_named(stage, FALLBACK)
    else:
        open_session(stage, heard, found)


def _play_named(stage: Stage, flow: str) -> None:
    stage.session.frames.append(Frame("flow", flow, stage.flows.flows[flow].first))
    play(stage)
