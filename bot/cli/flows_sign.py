"""`dellusi flows sign`: somebody who reads a path approves it."""

from pathlib import Path

import click

from bot.cli.asking import agreed
from bot.cli.flows_options import FOLDER, LANGUAGE, usable
from bot.cli.flows_publish import opened
from bot.domain.addresses import CHANNEL_TYPES
from bot.flowtools.wording import phrase
from bot.publishing import signing
from bot.settings import load
from bot.storage import flow_versions


@click.command()
@click.argument("names", nargs=-1, metavar="[FLOW]...")
@FOLDER
@LANGUAGE
@click.option("--by", "signer", help="The name of whoever read and approves.")
@click.option("--language", help="Only paths in this language, for instance wo.")
@click.option("--channel", type=click.Choice(CHANNEL_TYPES), help="Only paths on this channel.")
@click.option("--status", is_flag=True, help="Only name the paths that nobody signed.")
@click.option("--yes", is_flag=True, help="Do not ask before signing.")
def sign(
    names: tuple[str, ...],
    content: Path,
    lang: str | None,
    signer: str | None,
    language: str | None,
    channel: str | None,
    *,
    status: bool,
    yes: bool,
) -> None:
    """Record that somebody read and approves the paths of FLOW (or of all flows), as `dellusi flows paths` writes them.

    A signature holds for what was read. Where a text changes, the paths that show it, and no others, need a new one.

    \b
    Examples:
      dellusi flows paths register --language wo     read first
      dellusi flows sign register --language wo --by "Fatou Ndiaye"
      dellusi flows sign --status
    Exit codes: 0 signed (with --status: everything is), 1 with --status: something is not, 2 wrong use or broken content.
    """
    loaded = usable(content, lang)
    unknown = next((name for name in names if name not in loaded.flows.flows), None)
    if unknown is not None or not (status or signer):
        click.echo(phrase("unknown_flow", lang, name=unknown) if unknown else phrase("sign_by_whom", lang), err=True)
        raise SystemExit(2)
    pages = signing.pages(loaded, names, language, channel)
    with opened(load(), lang) as database:
        with database.reading() as tx:
            signed = flow_versions.signed(tx)
        missing = [page for page in pages if page.mark not in signed]
        if status:
            for page in missing:
                click.echo(f"{page.mark}  {page.path.flow} {page.path.number}  {page.language}  {page.channel}")
            click.echo(phrase("sign_status", lang, missing=len(missing), count=len(pages)))
            raise SystemExit(1 if missing else 0)
        if not yes:
            agreed(phrase("sign_confirm", lang, name=signer, count=len(pages)))
        click.echo(phrase("sign_done", lang, name=signer, count=signing.sign(database, str(signer), pages)))
