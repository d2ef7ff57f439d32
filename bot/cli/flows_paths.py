"""`dellusi flows paths`: the book of paths."""

import json
from pathlib import Path

import click

from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, usable
from bot.content import Content
from bot.domain.addresses import CHANNEL_TYPES, ChannelType
from bot.flowtools.book import Book, Page, written
from bot.flowtools.paths import MOST_PATHS, paths_of
from bot.flowtools.wording import phrase


@click.command("paths")
@click.argument("names", nargs=-1, metavar="[FLOW]...")
@FOLDER
@LANGUAGE
@AS_JSON
@click.option("--language", help="Only this language, for instance wo.")
@click.option("--channel", type=click.Choice(CHANNEL_TYPES), help="Only this channel.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the book to this file (Markdown, or JSON with --json)."
)
@click.option(
    "--since", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Only what an earlier book (--json) did not have."
)
def paths_command(
    names: tuple[str, ...],
    content: Path,
    lang: str | None,
    language: str | None,
    channel: str | None,
    output: Path | None,
    since: Path | None,
    *,
    as_json: bool,
) -> None:
    """Write every path of every flow (or of FLOW...) as a readable conversation, in each language, on each channel.

    No way is taken twice on a path, so loops are walked once. Sub-flows have pages of their own. A page's mark changes when, and
    only when, something that is read on it changes.

    \b
    Examples:
      dellusi flows paths register --language wo --channel sms
      dellusi flows paths --json --output signed.json
      dellusi flows paths --since signed.json
    Exit codes: 0 written, 1 a flow has too many paths to list, 2 wrong use or broken content.
    """
    loaded = usable(content, lang)
    pages = _pages(loaded, names, language, channel, lang)
    if since:
        known = _marks(since, lang)
        pages = [page for page in pages if page.mark not in known]
    text = json.dumps([_data(page) for page in pages], ensure_ascii=False, indent=2) if as_json else _markdown(pages, lang)
    if output:
        output.write_text(text + "\n", encoding="utf-8")
        click.echo(phrase("book_written", lang, count=len(pages), file=output))
    else:
        click.echo(text)
    long = [flow.name for flow in loaded.flows.flows.values() if not paths_of(flow).complete]
    for name in long:
        click.echo(phrase("book_too_many", lang, name=name, most=MOST_PATHS), err=True)
    raise SystemExit(1 if long else 0)


def _pages(loaded: Content, names: tuple[str, ...], language: str | None, channel: str | None, lang: str | None) -> list[Page]:
    unknown = [name for name in names if name not in loaded.flows.flows]
    unknown_language = language is not None and language not in loaded.catalogues.languages
    if unknown or unknown_language:
        code, name = ("unknown_flow", unknown[0]) if unknown else ("unknown_language", language)
        click.echo(phrase(code, lang, name=name), err=True)
        raise SystemExit(2)
    flows = [loaded.flows.flows[name] for name in names] or list(loaded.flows.flows.values())
    channels: list[ChannelType] = [one for one in CHANNEL_TYPES if channel in (None, one)]
    books = [Book(loaded, one, on, lang) for one in loaded.catalogues.languages if language in (None, one) for on in channels]
    return [page for flow in flows for book in books for page in book.pages(flow)]


def _marks(path: Path, lang: str | None) -> set[str]:
    try:
        return {str(page["mark"]) for page in json.loads(path.read_text(encoding="utf-8"))}
    except (ValueError, KeyError, TypeError):
        click.echo(phrase("book_unreadable", lang, file=path), err=True)
        raise SystemExit(2) from None


def _markdown(pages: list[Page], lang: str | None) -> str:
    head = [f"# {phrase('book_title', lang)}", "", phrase("book_intro", lang, count=len(pages)), ""]
    return "\n".join([*head, *written(iter(pages), lang)]).rstrip()


def _data(page: Page) -> dict[str, object]:
    return {
        "flow": page.path.flow,
        "path": page.path.number,
        "language": page.language,
        "channel": page.channel,
        "mark": page.mark,
        "nodes": [move.node for move in page.path.moves],
        "lines": [{"who": who, "text": text} for who, text in page.lines],
    }
