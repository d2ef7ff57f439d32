"""`dellusi flows test --nlu real`: what the understanding service makes of the test conversations, and how that is told."""

from dataclasses import asdict

import click

from bot.content import Content
from bot.domain.understanding import Understanding
from bot.flowtools.hearing import Comparison, NotHeard, compare, hear, texts_of
from bot.flowtools.scripts import Script
from bot.flowtools.wording import phrase
from bot.settings import PROJECT
from bot.supervisor.borrowed import understanding
from bot.supervisor.environment import inherited
from bot.supervisor.processes import StartError
from bot.understanding import PhraseLayer, RasaUnderstander

# Nobody waits at a phone: a busy machine may take its time.
TIMEOUT = 10.0


def ask(
    scripts: list[Script], content: Content, url: str | None, token: str, lang: str | None
) -> tuple[dict[str, Understanding], Comparison]:
    """What the service hears in these conversations, beside what was given. Without a service the command ends with code 2."""
    texts = texts_of(scripts, content)
    try:
        with understanding(PROJECT, inherited(), url, token) as service:
            click.echo(phrase("nlu_started" if service.own else "nlu_running", lang, url=service.url, count=len(texts)), err=True)
            understander = RasaUnderstander(service.url, service.token, TIMEOUT, PhraseLayer(content.danger_in), content.intents)
            heard = hear(texts, understander.parse)
    except StartError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    except NotHeard as error:
        click.echo(phrase("nlu_silent", lang, count=str(error)), err=True)
        raise SystemExit(2) from None
    return heard, compare(scripts, content, heard)


def show(comparison: Comparison, lang: str | None) -> None:
    """Every text that is read otherwise, and how many are not."""
    for one in comparison.differences:
        values = {name: value for name, value in asdict(one).items() if name != "share"} | {"share": f"{one.share:.2f}"}
        click.secho(phrase(f"nlu_reads_{one.kind}", lang, **values), fg="yellow")
    kinds = [one.kind for one in comparison.differences]
    click.secho(
        phrase(
            "nlu_summary",
            lang,
            compared=comparison.compared,
            same=comparison.same,
            other=kinds.count("other"),
            unsure=kinds.count("unsure"),
            entity=kinds.count("entity"),
        ),
        fg="yellow" if kinds else "green",
    )


def data(comparison: Comparison) -> dict[str, object]:
    """The same for machines."""
    return {"compared": comparison.compared, "same": comparison.same, "differences": [asdict(one) for one in comparison.differences]}
