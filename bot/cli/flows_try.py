"""`dellusi flows try`: a talk with the draft on disk."""

import contextlib
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click

from bot.cli.flows_options import FOLDER, LANGUAGE, usable
from bot.domain.addresses import CHANNEL_TYPES, ChannelType
from bot.domain.contacts import Contact
from bot.flowtools.playing import Line
from bot.flowtools.talking import Meaning, Talk
from bot.flowtools.wording import phrase
from bot.understanding import PhraseLayer, RasaUnderstander

NLU = "http://127.0.0.1:5005"
_SIGNS = {"bot": ("<", "green"), "note": ("*", "cyan"), "person": (">", None)}


@click.command("try")
@FOLDER
@LANGUAGE
@click.option("--language", default="fr", show_default=True, help="The language the person begins in.")
@click.option("--channel", type=click.Choice(CHANNEL_TYPES), default="sms", show_default=True)
@click.option("--nlu", default=NLU, show_default=True, help="Where the understanding service is; without it keywords and numbers work.")
@click.option("--nlu-token", default="", help="Its token, when it wants one.")
def try_command(content: Path, lang: str | None, language: str, channel: str, nlu: str, nlu_token: str) -> None:
    """Talk to the flows as they are on disk now: nothing is sent, nothing is kept, no database is needed.

    \b
    Type what a person would type. Also:
      /tap LABEL    tap a button         /wait 2d      let time pass
      /voice /photo /document /sticker /place /empty   send something else
      /as INTENT TEXT   say TEXT and have it understood as INTENT
      /state        where the conversation stands
      /reload       read the files again, and begin anew
      /test         the talk as a test conversation, to copy into flows/tests/
      /quit
    """
    talk = _begin(content, lang, language, channel, nlu, nlu_token)
    for typed in _typed():
        if typed.startswith("/quit"):
            return
        if typed.startswith("/reload"):
            talk = _begin(content, lang, language, channel, nlu, nlu_token)
            continue
        for line in talk.take(typed) if typed.strip() else ():
            _show(line)


def _begin(folder: Path, lang: str | None, language: str, channel: str, nlu: str, token: str) -> Talk:
    loaded = usable(folder, lang)
    if language not in loaded.catalogues.languages:
        click.echo(phrase("unknown_language", lang, name=language), err=True)
        raise SystemExit(2)
    phrases = PhraseLayer(loaded.danger_in)
    understander = RasaUnderstander(nlu, token, 1.5, phrases, loaded.intents)
    there = _answers(nlu) and understander.parse("bonjour").source == "nlu"
    click.secho(phrase("try_nlu" if there else "try_no_nlu", lang, url=nlu), fg="cyan")
    click.secho(phrase("try_help", lang), fg="cyan")
    meaning: Meaning = understander.parse if there else phrases.parse
    on: ChannelType = next(one for one in CHANNEL_TYPES if one == channel)
    return Talk(loaded, Contact(on, language), meaning, lang)


def _answers(url: str) -> bool:
    """Whether anything listens there."""
    address = urlsplit(url)
    try:
        with socket.create_connection((address.hostname or "", address.port or 80), timeout=0.5):
            return True
    except (OSError, ValueError):
        return False


def _typed() -> Iterator[str]:
    """Lines from the terminal, or from a file or another program."""
    if not sys.stdin.isatty():
        yield from (line.rstrip("\n") for line in sys.stdin)
        return
    with contextlib.suppress(click.Abort):
        while True:
            yield click.prompt(">", prompt_suffix=" ", default="", show_default=False)


def _show(line: Line) -> None:
    sign, colour = _SIGNS[line.who]
    text = line.text.replace("\n", "\n  ")
    click.secho(f"{sign} {text}" + "".join(f"\n  {choice}" for choice in line.choices), fg=colour)
