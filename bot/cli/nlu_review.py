"""`dellusi nlu review`: what was not understood, in groups, and the labels that people give it."""

import getpass
import sys
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

import click
from wolof.spelling import fold_text

from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, print_json
from bot.cli.flows_publish import opened
from bot.cli.nlu_words import say
from bot.content.load import load_around
from bot.content.reading import Faults, nearest
from bot.domain.unclear import Cluster, UnclearText, clusters
from bot.settings import load
from bot.storage import unclear_texts
from bot.storage.database import Database, Transaction

BY = click.option("--by", default=getpass.getuser, show_default="who is logged in", help="Who decides, for the record.")
DELETE, OUT_OF_SCOPE = "delete", "out_of_scope"
_GUESSES = 5
_ID = 8
Decide = Callable[[Sequence[UnclearText], str], None]


@click.command()
@FOLDER
@LANGUAGE
@AS_JSON
@BY
@click.option("--language", "written_in", type=click.Choice(("fr", "wo", "mixed", "other")), help="Only texts of this language.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many groups, the largest first.")
@click.option("--label", "labels", multiple=True, metavar="ID=INTENT", help="Label one text (or ID=delete). May be repeated; all or none.")
@click.option("--ask/--no-ask", default=None, help="Ask for a label, group by group.  [default: on a terminal]")
def review(
    content: Path,
    lang: str | None,
    by: str,
    written_in: str | None,
    limit: int,
    labels: tuple[str, ...],
    *,
    as_json: bool,
    ask: bool | None,
) -> None:
    """Look at what was not understood in the last 30 days, and say what it means.

    Names, numbers, addresses and small places were replaced before a text was kept. Where one still points to a person, delete it.
    Nothing is kept of people in danger, nor of those who stopped us or withdrew an agreement.

    \b
    Examples:
      dellusi nlu review --language wo
      dellusi nlu review --json --limit 50
      dellusi nlu review --by Fatou --label 3f2a81c0=find_offer --label 9b1d07aa=delete
    Then: dellusi nlu export
    Exit codes: 0 shown or labelled, 2 wrong use or the database does not answer.
    """
    settings = load()
    intents = load_around(content, Faults(), home=settings.region, sandbox=settings.sandbox).intents
    with opened(settings, lang) as database:
        if labels:
            _label(database, [_pair(label, intents, lang) for label in labels], by, lang)
            return
        with database.reading() as tx:
            found = clusters(unclear_texts.unlabelled(tx, written_in))
        if as_json:
            print_json({"texts": sum(len(one.texts) for one in found), "clusters": [_data(one) for one in found[:limit]]})
            return
        asking = sys.stdin.isatty() if ask is None else ask
        _walk(found, limit, partial(_ask, intents, partial(_decide, database, by, lang), lang) if asking else None, lang)


def _pair(label: str, intents: Collection[str], lang: str | None) -> tuple[str, str]:
    """(beginning of an id, intent or `delete`)."""
    beginning, separator, intent = (part.strip() for part in label.partition("="))
    if not separator or len(beginning) < _ID:
        raise click.UsageError(say("bad_label", lang, label=label))
    if intent != DELETE and intent not in intents:
        raise click.UsageError(_no_intent(intent, intents, lang))
    return beginning, intent


def _no_intent(intent: str, intents: Collection[str], lang: str | None) -> str:
    hint = nearest(intent, sorted(intents))
    return say("unknown_intent", lang, intent=intent) + (" " + say("hint", lang, hint=hint) if hint else "")


def _label(database: Database, pairs: Sequence[tuple[str, str]], by: str, lang: str | None) -> None:
    with database.writing() as tx:
        named = [(_text_id(tx, beginning, lang), intent) for beginning, intent in pairs]
        counts: Counter[str] = Counter()
        for text_id, intent in named:
            counts[intent] += _apply(tx, [text_id], intent, by)
    for intent, count in counts.items():
        _told(count, intent, lang)


def _text_id(tx: Transaction, beginning: str, lang: str | None) -> UUID:
    found = unclear_texts.starting_with(tx, beginning)
    if len(found) != 1:
        raise click.UsageError(say("ambiguous_id" if found else "unknown_id", lang, id=beginning))
    return found[0]


def _apply(tx: Transaction, ids: Sequence[UUID], intent: str, by: str) -> int:
    return unclear_texts.delete(tx, ids, by) if intent == DELETE else unclear_texts.label(tx, ids, intent, by)


def _told(count: int, intent: str, lang: str | None) -> None:
    click.echo(say("deleted" if intent == DELETE else "labelled", lang, count=count, intent=intent))


def _decide(database: Database, by: str, lang: str | None, texts: Sequence[UnclearText], intent: str) -> None:
    with database.writing() as tx:
        count = _apply(tx, [text.id for text in texts], intent, by)
    _told(count, intent, lang)


def _walk(found: Sequence[Cluster], limit: int, ask: Callable[[Cluster], bool] | None, lang: str | None) -> None:
    if not found:
        click.echo(say("nothing", lang))
        return
    click.echo(say("summary", lang, texts=sum(len(one.texts) for one in found), groups=len(found)))
    for number, cluster in enumerate(found[:limit], 1):
        _show(number, cluster, lang)
        if ask and not ask(cluster):
            return
    if len(found) > limit:
        click.echo(say("more", lang, count=len(found) - limit, limit=len(found)))


def _show(number: int, cluster: Cluster, lang: str | None) -> None:
    guesses = ", ".join(f"{one.intent} {one.confidence:.0%}" for one in cluster.guesses[:3]) or say("no_guess", lang)
    language, day = cluster.texts[0].language, f"{cluster.newest:%Y-%m-%d}"
    click.secho(say("group", lang, number=number, count=len(cluster.texts), language=language, day=day, guesses=guesses), bold=True)
    times = Counter(fold_text(text.text) for text in cluster.texts)
    for text in {fold_text(text.text): text for text in reversed(cluster.texts)}.values():
        count = times[fold_text(text.text)]
        click.echo(f"   {str(text.id)[:_ID]}  {text.text}" + (f"  (x {count})" if count > 1 else ""))


def _ask(intents: Collection[str], decide: Decide, lang: str | None, cluster: Cluster) -> bool:
    """Ask for the meaning of one group. False when the person wants to finish."""
    options = {str(number): one.intent for number, one in enumerate(cluster.guesses[:_GUESSES], 1) if one.intent in intents}
    click.echo("   " + ", ".join([*(f"{number} = {intent}" for number, intent in options.items()), say("keys", lang)]))
    options |= {"o": OUT_OF_SCOPE, "x": DELETE}
    while True:
        key = click.prompt("   " + say("ask", lang), default="s").strip().lower()
        if key in ("s", "q"):
            return bool(key == "s")
        if key == "u":
            return _one_by_one(intents, decide, lang, cluster)
        intent = click.prompt("   " + say("which", lang)).strip() if key == "i" else options.get(key)
        if intent in intents or intent == DELETE:
            decide(cluster.texts, str(intent))
            return True
        click.echo("   " + (say("unknown_key", lang, key=key) if intent is None else _no_intent(intent, intents, lang)))


def _one_by_one(intents: Collection[str], decide: Decide, lang: str | None, cluster: Cluster) -> bool:
    for number, text in enumerate(cluster.texts, 1):
        alone = Cluster((text,))
        _show(number, alone, lang)
        if not _ask(intents, decide, lang, alone):
            return False
    return True


def _data(cluster: Cluster) -> dict[str, object]:
    return {
        "language": cluster.texts[0].language,
        "count": len(cluster.texts),
        "newest": f"{cluster.newest:%Y-%m-%d}",
        "guesses": [{"intent": guess.intent, "confidence": round(guess.confidence, 3)} for guess in cluster.guesses[:_GUESSES]],
        "texts": [{"id": str(text.id), "text": text.text, "node": text.node, "at": f"{text.at:%Y-%m-%d}"} for text in cluster.texts],
    }
