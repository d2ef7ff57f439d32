"""`dellusi flows translate`: the translators' files."""

from dataclasses import asdict
from pathlib import Path

import click
from babel import Locale, UnknownLocaleError

from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, print_json, usable
from bot.flowtools.catalogues import FOLDER as TRANSLATIONS
from bot.flowtools.catalogues import Standing, read_files, standing
from bot.flowtools.extraction import template, written
from bot.flowtools.updating import Update, update
from bot.flowtools.wording import phrase
from bot.translation import DOMAIN, SOURCE

ONE = click.option("--language", help="Only this language; a new one gets its file, for instance ff.")


@click.group()
def translate() -> None:
    """Prepare, refresh and count translations. Translators work in Poedit or any editor of .po files.

    \b
    Example: after changing French texts
      dellusi flows translate update
      dellusi flows translate status
    """


@translate.command()
@FOLDER
@LANGUAGE
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write.  [default: flows/translations/flows.pot]")
def extract(content: Path, lang: str | None, output: Path | None) -> None:
    """Write the template: every French text with its purpose, the text before it and its SMS budget."""
    usable(content, lang)
    path = output or content / TRANSLATIONS / f"{DOMAIN}.pot"
    catalogue = template(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written(catalogue), encoding="utf-8")
    click.echo(phrase("translate_extracted", lang, count=len(catalogue), file=path))


@translate.command("update")
@FOLDER
@LANGUAGE
@AS_JSON
@ONE
@click.option("--check", "only_check", is_flag=True, help="Change nothing; end with 1 when something would change.")
def update_command(content: Path, lang: str | None, language: str | None, *, as_json: bool, only_check: bool) -> None:
    """Bring the languages' files up to date. Changed texts become fuzzy; no translation or comment is ever lost.

    \b
    Exit codes: 0 done, 1 with --check: something would change, 2 the content is broken or the language unknown.
    """
    usable(content, lang)
    catalogue = template(content)
    updates = [update(content, one, catalogue) for one in _languages(content, language, lang)]
    for made in updates:
        if not only_check and not made.same:
            made.path.parent.mkdir(parents=True, exist_ok=True)
            made.path.write_text(made.text, encoding="utf-8")
    _tell_updates(updates, content, lang, as_json=as_json)
    raise SystemExit(1 if only_check and any(not made.same for made in updates) else 0)


@translate.command()
@FOLDER
@LANGUAGE
@AS_JSON
@ONE
def status(content: Path, lang: str | None, language: str | None, *, as_json: bool) -> None:
    """How far each language is.

    \b
    Exit codes: 0 every language is complete, 1 one is not, 2 the content is broken.
    """
    loaded = usable(content, lang)
    found = [standing(loaded, file) for file in read_files(content) if language in (None, file.language)]
    if as_json:
        print_json([asdict(one) | {"complete": one.complete} for one in found])
    else:
        _table(found, lang)
    raise SystemExit(0 if all(one.complete for one in found) else 1)


def _languages(folder: Path, wanted: str | None, lang: str | None) -> list[str]:
    if wanted is None:
        return [file.language for file in read_files(folder)]
    try:
        known = Locale.parse(wanted)
    except (UnknownLocaleError, ValueError):
        known = None
    if known is None or wanted == SOURCE:
        click.echo(phrase("translate_unknown", lang, name=wanted), err=True)
        raise SystemExit(2)
    return [wanted]


def _tell_updates(updates: list[Update], folder: Path, lang: str | None, *, as_json: bool) -> None:
    counts = [
        {key: getattr(made, key) for key in ("language", "added", "changed", "moved", "gone")} | {"file": str(made.path), "same": made.same}
        for made in updates
    ]
    if as_json:
        print_json(counts)
        return
    for count, made in zip(counts, updates, strict=True):
        name = made.path.relative_to(folder)
        click.echo(phrase("translate_same" if made.same else "translate_updated", lang, **{**count, "file": name}))


def _table(found: list[Standing], lang: str | None) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for code in ("language", "translated", "fuzzy", "missing", "unused", "unreviewed"):
        table.add_column(phrase(f"status_{code}", lang))
    for one in found:
        share = f"{one.translated}/{one.total} ({100 * one.translated // max(1, one.total)} %)"
        table.add_row(one.language, share, str(one.fuzzy), str(one.missing), str(one.unused), str(one.unreviewed))
    Console().print(table)
