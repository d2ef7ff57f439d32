"""`dellusi flows show`: a flow as text and as a picture."""

from pathlib import Path

import click

from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, print_json, usable
from bot.content import Content
from bot.content.reading import nearest
from bot.engine.definition import Flow, Text
from bot.flowtools.describing import node_lines
from bot.flowtools.picture import picture
from bot.flowtools.tree import tree
from bot.flowtools.ways import ways_of
from bot.flowtools.wording import phrase
from bot.translation import SOURCE


@click.command()
@click.argument("flow", required=False)
@FOLDER
@LANGUAGE
@AS_JSON
@click.option("--language", default=SOURCE, show_default=True, help="Show the texts in this language.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Write a picture that any browser opens.")
def show(flow: str | None, content: Path, lang: str | None, language: str, svg: Path | None, *, as_json: bool) -> None:
    """Show FLOW as a tree; without FLOW, list the flows.

    \b
    Examples:
      dellusi flows show
      dellusi flows show register --language wo
      dellusi flows show register --svg register.svg
    Exit codes: 0 shown, 2 there is no such flow or the content is broken.
    """
    loaded = usable(content, lang)
    if flow is None:
        _list(loaded, lang, as_json=as_json)
        return
    found = _find(loaded, flow, lang)

    def translate(text: Text) -> str:
        return loaded.translate(text, language)

    if svg:
        svg.write_text(picture(found, translate, lang), encoding="utf-8")
        click.echo(phrase("show_written", lang, file=svg))
    elif as_json:
        print_json(_data(found, loaded, language, lang))
    else:
        click.echo("\n".join(tree(found, translate, lang)))


def _find(loaded: Content, name: str, lang: str | None) -> Flow:
    found = loaded.flows.flows.get(name)
    if found is None:
        close = nearest(name, loaded.flows.flows)
        click.echo(phrase("unknown_flow", lang, name=name) + (" " + phrase("hint", lang, hint=close) if close else ""), err=True)
        raise SystemExit(2)
    return found


def _list(loaded: Content, lang: str | None, *, as_json: bool) -> None:
    flows = loaded.flows.flows.values()
    if as_json:
        print_json([{"flow": flow.name, "kind": flow.kind, "about": flow.about, "nodes": len(flow.nodes)} for flow in flows])
        return
    for flow in flows:
        click.echo(f"{flow.name:<20} {phrase('kind_' + flow.kind, lang):<14} {flow.about}")


def _data(flow: Flow, loaded: Content, language: str, lang: str | None) -> dict[str, object]:
    return {
        "flow": flow.name,
        "kind": flow.kind,
        "about": flow.about,
        "first": flow.first,
        "nodes": [
            {
                "name": node.name,
                "line": node.where.line,
                "what": [line for _, line in node_lines(node, lambda text: loaded.translate(text, language), lang)],
                "ways": [{"test": way.test, "value": way.value, "go": way.go, "words": way.describe(lang)} for way in ways_of(node)],
            }
            for node in flow.nodes.values()
        ],
    }
