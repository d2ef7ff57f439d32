"""`dellusi nlu export`: labelled messages become training sentences that say where they come from."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import click

from bot.cli.flows_options import AS_JSON, FOLDER, LANGUAGE, print_json
from bot.cli.flows_publish import opened
from bot.cli.nlu_hands import LANGUAGES, Known, addition, append, file_name, sentences
from bot.cli.nlu_review import BY
from bot.cli.nlu_words import say
from bot.content.load import load_around
from bot.content.reading import Faults
from bot.domain.unclear import UnclearText, says_the_same, words_of
from bot.settings import load
from bot.storage import unclear_texts

# Two words may mean two things (`ok`, `waaw`); the same limit as `dellusi nlu check`.
_CONTRADICTS_FROM = 3


@dataclass(slots=True)
class Sorted:
    """What becomes of labelled texts: sentences by language (texts of the same words are one), known ones, refused ones."""

    taken: dict[str, dict[tuple[frozenset[str], str], list[UnclearText]]] = field(default_factory=lambda: defaultdict(dict))
    known: list[UnclearText] = field(default_factory=list)
    refused: list[tuple[UnclearText, str, str]] = field(default_factory=list)


@click.command()
@FOLDER
@LANGUAGE
@AS_JSON
@BY
@click.option("--write", "writing", is_flag=True, help="Write the files and note that the texts were handed on.")
def export(content: Path, lang: str | None, by: str, *, as_json: bool, writing: bool) -> None:
    """Make training sentences of what was labelled: nlu/data/<language>/reviewed_<year>_<month>.yml.

    Each file says how many messages it comes from, who labelled them and when. A sentence that is there to measure with
    (nlu/development) is refused, and so is one whose words have another intent. Read the sentences before you write them.

    \b
    Examples:
      dellusi nlu export
      dellusi nlu export --write --by Fatou
    Then: dellusi nlu check, dellusi nlu train
    Exit codes: 0 done, 1 some texts are refused, 2 wrong use or the database does not answer.
    """
    settings = load()
    around = load_around(content, Faults(), home=settings.region, sandbox=settings.sandbox)
    regions = [place.name for place in around.places.places.values() if place.level == "region"]
    data = content / "nlu" / "data"
    with opened(settings, lang) as database, database.writing() as tx:
        found = _sort(unclear_texts.to_export(tx), list(sentences(content / "nlu/development")), list(sentences(data)))
        additions = _additions(found, data, regions, tx.now, by)
        if writing:
            # First the files: a text that is in them and was not noted is found there the next time, and written once.
            _write(additions, data, lang)
            done = [text.id for groups in found.taken.values() for group in groups.values() for text in group]
            unclear_texts.mark_exported(tx, [*done, *(text.id for text in found.known)], by)
    if as_json:
        print_json(_data(found, additions, written=writing))
    else:
        _show(found, additions, lang, written=writing)
    raise SystemExit(1 if found.refused else 0)


def _write(additions: dict[str, tuple[str, int]], data: Path, lang: str | None) -> None:
    try:
        for name, (text, _) in additions.items():
            append(data / name, text)
    except OSError as error:
        click.echo(say("cannot_write", lang, folder=data, reason=error.strerror), err=True)
        raise SystemExit(2) from None


def _sort(texts: Sequence[UnclearText], development: Sequence[Known], training: Sequence[Known]) -> Sorted:
    found = Sorted()
    labels: dict[frozenset[str], set[str]] = defaultdict(set)
    for text in texts:
        labels[words_of(text.text)].add(str(text.label))
    intents = {known.words: known for known in training}
    for text in texts:
        words, label = words_of(text.text), str(text.label)
        measured = next((known.where for known in development if says_the_same(known.words, words)), None)
        there = intents.get(words)
        if text.language not in LANGUAGES:
            found.refused.append((text, "language", text.language))
        elif measured:
            found.refused.append((text, "development", measured))
        elif there and there.intent == label:
            found.known.append(text)
        elif len(words) >= _CONTRADICTS_FROM and (there or len(labels[words]) > 1):
            found.refused.append((text, "contradiction", there.where if there else ", ".join(sorted(labels[words] - {label}))))
        else:
            found.taken[text.language].setdefault((words, label), []).append(text)
    return found


def _additions(found: Sorted, data: Path, regions: Sequence[str], now: datetime, by: str) -> dict[str, tuple[str, int]]:
    """File below nlu/data -> what is added to it, and how many sentences that is."""
    additions: dict[str, tuple[str, int]] = {}
    for language, grouped in sorted(found.taken.items()):
        name, groups = file_name(language, now), [tuple(texts) for texts in grouped.values()]
        additions[name] = (addition(groups, regions, now, by, new=not (data / name).exists()), len(groups))
    return additions


def _show(found: Sorted, additions: dict[str, tuple[str, int]], lang: str | None, *, written: bool) -> None:
    for name, (text, count) in additions.items():
        file = f"nlu/data/{name}"
        click.echo(say("written", lang, file=file, count=count) if written else say("would_write", lang, file=file) + "\n" + text)
    if found.known:
        click.echo(say("known", lang, count=len(found.known)))
    for one, why, where in found.refused:
        short = str(one.id)[:8]
        reason = say(f"why_{why}", lang, where=where, id=short)
        click.secho(say("refused", lang, id=short, label=one.label, why=reason), fg="red")
    if not (additions or found.known or found.refused):
        click.echo(say("nothing_to_export", lang))
    elif not written:
        click.echo(say("not_written", lang))


def _data(found: Sorted, additions: dict[str, tuple[str, int]], *, written: bool) -> dict[str, object]:
    refused = [{"id": str(text.id), "label": text.label, "why": why, "where": where} for text, why, where in found.refused]
    files = [{"file": f"nlu/data/{name}", "sentences": count, "text": text} for name, (text, count) in additions.items()]
    return {"written": written, "files": files, "known": len(found.known), "refused": refused}
