"""`dellusi simulate`: a phone in the terminal."""

import json
import random
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from bot.sandbox.chat import Chat
from bot.sandbox.remote import RemotePhone, Shown, Unreachable
from bot.sandbox.scripts import Line, ScriptError, read_script

GREETINGS = {"fr": "Bonjour", "wo": "Salaam aleekum"}
THINGS: dict[str, dict[str, Any]] = {
    "/voice": {"media": "voice"},
    "/photo": {"media": "photo"},
    "/sticker": {"media": "sticker"},
    "/place": {"location": {"latitude": 14.8586, "longitude": -15.8758, "label": "Touba"}},
    "/empty": {"text": ""},
}
HELP = "Type a text. /tap Oui presses a button; /voice, /photo, /sticker, /place, /empty send other things; /quit ends."


@click.command()
@click.option("--language", type=click.Choice(list(GREETINGS)), help="Begin with a greeting in this language (without a script).")
@click.option("--channel", type=click.Choice(["sms", "whatsapp"]), default="sms", show_default=True)
@click.option("--as", "number", help="The number of the phone, or on WhatsApp an id like SN.awa1.  [default: a new number]")
@click.option("--script", type=click.Path(path_type=Path), help="Replay this conversation instead of typing.")
@click.option("--url", default="http://127.0.0.1:8008", show_default=True, help="Where the sandbox is.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=15.0, show_default=True, help="Seconds an expected text may take.")
@click.option("--json", "as_json", is_flag=True, help="Print the conversation as JSON when it ends.")
def simulate(
    language: str | None, channel: str, number: str | None, script: Path | None, url: str, timeout: float, *, as_json: bool
) -> None:
    """Be a phone in the terminal, or replay a script.

    \b
    Examples:
      dellusi simulate --language wo --channel sms
      dellusi simulate --channel whatsapp --as +221770000001 --script consent.txt

    \b
    A script has one step a line (or the same as YAML: a list of send, expect, tap, wait):
      > what I send
      < a fragment that must come, in any case, with or without accents
      tap Oui
      wait 2s
      # a comment

    \b
    Exit codes: 0 every expectation was met, 1 one was not, 2 no sandbox answers or the script cannot be read.
    """
    person = number or f"+22177{random.randrange(10**7):07d}"
    try:
        steps = read_script(script) if script else None
        chat = Chat(RemotePhone(url, person, channel), _quiet if as_json else _show)
        chat.phone.begin()
        missed = chat.play(steps, timeout) if steps else None
        if steps is None:
            _talk(chat, GREETINGS.get(language or ""))
    except Unreachable:
        _stop(f"No sandbox answers at {url}. Start one first: `dellusi run`.")
    except (ScriptError, ValueError) as problem:
        _stop(str(problem))
    _finish(chat, person, channel, missed, as_json=as_json)


def _stop(reason: str) -> None:
    click.echo(reason, err=True)
    raise SystemExit(2)


def _finish(chat: Chat, person: str, channel: str, missed: Line | None, *, as_json: bool) -> None:
    theirs = [message for message in chat.messages if not message.mine]
    if as_json:
        failed = None if missed is None else {"line": missed.number, "verb": missed.verb, "text": missed.text}
        document = {"met": missed is None, "failed": failed, "from": person, "channel": channel}
        messages = [asdict(message) for message in chat.messages]
        click.echo(json.dumps(document | {"segments": sum(m.segments for m in theirs), "messages": messages}, ensure_ascii=False))
    elif missed is not None:
        click.secho(f"✗ line {missed.number}: {_reason(chat, missed)}", fg="red", err=True)
    raise SystemExit(0 if missed is None else 1)


def _reason(chat: Chat, missed: Line) -> str:
    if missed.verb == "expect":
        return f"this did not come: {missed.text}"
    if missed.verb == "tap":
        return f"there was no such button: {missed.text}"
    return f"the service did not take this ({chat.not_taken[-1]} tries): {missed.text}"


def _quiet(_: Shown) -> None:
    """Nothing is shown as it comes when a machine reads."""


def _show(message: Shown) -> None:
    """One message, with what it cost."""
    if message.mine:
        click.secho(f"> {message.text}", fg="cyan")
        return
    first, *rest = message.text.split("\n")
    click.echo("< " + "\n  ".join([first, *rest]))
    if message.buttons:
        click.secho("  " + "  ".join(f"[{title}]" for _, title in message.buttons), fg="blue")
    click.secho(f"  {_cost(message)}", dim=True)


def _cost(message: Shown) -> str:
    if message.kind or message.error_code:
        return f"failed, {message.error_code}" if message.error_code else "WhatsApp"
    return f"{message.segments} segment{'s' if message.segments > 1 else ''}, {message.encoding}, {message.units} units"


def _talk(chat: Chat, greeting: str | None) -> None:
    """Type and read until the input ends. On a terminal answers appear whenever they come."""
    click.secho(HELP, dim=True, err=True)
    if greeting:
        _warn(chat, chat.say({"text": greeting}))
    if sys.stdin.isatty():
        _talk_at_the_terminal(chat)
        return
    for line in sys.stdin:
        chat.settle()
        if not _command(chat, line.rstrip("\n")):
            break
    chat.settle()


def _talk_at_the_terminal(chat: Chat) -> None:
    over, one_at_a_time = threading.Event(), threading.Lock()
    listener = threading.Thread(target=_listen, args=(chat, over, one_at_a_time), daemon=True)
    listener.start()
    while not over.is_set():
        try:
            line = input()
        except (EOFError, KeyboardInterrupt):
            break
        with one_at_a_time:
            # The terminal has echoed what was typed; the message itself is shown as it was sent.
            click.echo("\033[A\033[K", nl=False)
            if not _command(chat, line):
                break
    over.set()


def _listen(chat: Chat, over: threading.Event, one_at_a_time: threading.Lock) -> None:
    while not over.wait(0.15):
        with one_at_a_time:
            try:
                chat.listen(0)
            except Unreachable:
                click.secho("The sandbox is gone; press Enter.", fg="red", err=True)
                over.set()


def _command(chat: Chat, line: str) -> bool:
    """Do what one typed line says; False to end."""
    word, _, rest = line.strip().partition(" ")
    if word == "/quit":
        return False
    try:
        if word == "/tap":
            _tap(chat, rest)
        elif word.startswith("/") and word not in THINGS:
            click.secho(HELP, dim=True, err=True)
        elif word:
            _warn(chat, chat.say(THINGS.get(word, {"text": line.strip()})))
    except ValueError as problem:
        click.secho(str(problem), fg="yellow", err=True)
    return True


def _tap(chat: Chat, title: str) -> None:
    if not chat.tap(title):
        click.secho(f"There is no button {title}.", fg="yellow", err=True)


def _warn(chat: Chat, taken: bool) -> None:  # noqa: FBT001 (what say() answered)
    if not taken:
        click.secho(f"The service did not take this ({chat.not_taken[-1]} tries).", fg="yellow", err=True)
