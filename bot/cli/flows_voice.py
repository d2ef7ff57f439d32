"""`dellusi flows voice`: recordings and pictures that go with texts on WhatsApp."""

import getpass
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, get_args

import click

from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, print_json, usable
from bot.content import Content
from bot.domain.recordings import FileKind
from bot.flowtools import voices
from bot.flowtools.voices import Spoken, Unusable
from bot.flowtools.wording import phrase

Done = TypeVar("Done")
ONE = click.option("--language", required=True, help="The language that is spoken, for instance wo.")
BY = click.option("--by", default=getpass.getuser, show_default="who is logged in", help="Who listened to it and accepts it.")
KIND = click.option(
    "--kind", type=click.Choice(get_args(FileKind)), default="audio", show_default=True, help="What is heard, or what is seen."
)


@click.group()
def voice() -> None:
    """Recordings and pictures that go with texts on WhatsApp. On SMS nothing is sent.

    A recording belongs to the exact words of a text and of the choices below it: when these change, it is no longer sent until it is
    recorded anew, or accepted because it still says the same. People ask for voice with the word VOIX; pictures go to everybody.

    \b
    Example:
      dellusi flows voice status --language wo
      dellusi flows voice record merci.ogg --text thank_bye.bye.say --language wo
    """


@voice.command()
@FOLDER
@LANGUAGE
@AS_JSON
@click.option("--language", help="Only this language.  [default: each]")
@KIND
@click.option("--all", "everything", is_flag=True, help="Name also what has no recording, with the words to be read aloud.")
def status(content: Path, lang: str | None, language: str | None, kind: FileKind, *, as_json: bool, everything: bool) -> None:
    """Say which texts have a recording, which lost theirs because they changed, and which have none.

    \b
    Examples:
      dellusi flows voice status
      dellusi flows voice status --language wo --all > to_read_aloud.txt
    Exit codes: 0 every recording is current, 1 one is stale or its file is gone, 2 the content is broken.
    """
    loaded = usable(content, lang)
    languages = [language] if language else list(loaded.catalogues.languages)
    found = {one: list(voices.spoken(loaded, content, one, kind)) for one in languages}
    if as_json:
        print_json([asdict(text) for texts in found.values() for text in texts])
    else:
        for name, texts in found.items():
            _show(name, texts, lang, everything=everything)
    raise SystemExit(1 if any(text.state in ("stale", "lost") for texts in found.values() for text in texts) else 0)


def _show(language: str, texts: list[Spoken], lang: str | None, *, everything: bool) -> None:
    counts = Counter(text.state for text in texts)
    for text in texts:
        if text.state in ("stale", "lost") or (everything and text.state == "missing"):
            click.secho(
                phrase(f"voice_{text.state}", lang, name=text.text, language=language), fg=None if text.state == "missing" else "yellow"
            )
            click.echo("    " + "\n    ".join((text.words.replace("\n", "\n    "), *text.labels)))
    values = {state: counts[state] for state in ("current", "stale", "lost", "missing", "varies")}
    click.echo(phrase("voice_summary", lang, language=language, **values))


@voice.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--text", required=True, help="The text's name, as `flows voice status` lists it: flow.step.say.")
@ONE
@BY
@FOLDER
@LANGUAGE
def record(file: Path, text: str, language: str, by: str, content: Path, lang: str | None) -> None:
    """Bind FILE to a text: a recording (ogg/opus, mp3, amr; 16 MB) or a picture (jpg, png; 5 MB).

    The file is copied to flows/media under the hash of its content; FILE may then be thrown away.

    \b
    Example:
      dellusi flows voice record merci.ogg --text thank_bye.bye.say --language wo --by "Awa Ndiaye"
    Exit codes: 0 done, 2 the file or the text cannot be used.
    """
    loaded = _loaded(content, language, lang)
    made = _or_sentence(lambda: voices.record(loaded, content, file, text, language, by, datetime.now(UTC).date()), lang)
    click.echo(phrase("voice_recorded", lang, name=text, language=language, file=made.name))


@voice.command()
@click.argument("text")
@ONE
@KIND
@BY
@FOLDER
@LANGUAGE
def accept(text: str, language: str, kind: FileKind, by: str, content: Path, lang: str | None) -> None:
    """Keep the recording of TEXT although the text has changed: you listened, and it still says the same.

    \b
    Example:
      dellusi flows voice accept thank_bye.bye.say --language wo
    Exit codes: 0 done, 2 there is no such text or no recording of it.
    """
    loaded = _loaded(content, language, lang)
    _or_sentence(lambda: voices.accept(loaded, content, text, language, kind, by, datetime.now(UTC).date()), lang)
    click.echo(phrase("voice_accepted", lang, name=text, language=language))


@voice.command()
@click.argument("text")
@ONE
@KIND
@FOLDER
@LANGUAGE
def forget(text: str, language: str, kind: FileKind, content: Path, lang: str | None) -> None:
    """Send no recording with TEXT any more. The file stays in flows/media, for versions that name it.

    \b
    Example:
      dellusi flows voice forget thank_bye.bye.say --language wo
    """
    loaded = _loaded(content, language, lang)
    _or_sentence(lambda: voices.forget(loaded, content, text, language, kind), lang)
    click.echo(phrase("voice_forgotten", lang, name=text, language=language))


def _loaded(folder: Path, language: str, lang: str | None) -> Content:
    loaded = usable(folder, lang)
    if language not in loaded.catalogues.languages:
        click.echo(phrase("unknown_language", lang, name=language), err=True)
        raise SystemExit(2)
    return loaded


def _or_sentence(work: Callable[[], Done], lang: str | None) -> Done:
    try:
        return work()
    except Unusable as problem:
        values = {name: value for name, value in problem.values.items() if name != "hint"}
        hint = problem.values.get("hint")
        click.echo(phrase(problem.code, lang, **values) + (" " + phrase("hint", lang, hint=hint) if hint else ""), err=True)
        raise SystemExit(2) from None
