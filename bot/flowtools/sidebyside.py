"""The reviewer's table: every text in every language side by side, with the state of its review."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from bot.content import Content
from bot.flowtools.catalogues import REVIEW, CatalogueFile
from bot.flowtools.sources import Source, sources
from bot.translation import SOURCE

NAMES: Mapping[str, str] = {"fr": "Français", "wo": "Wolof"}
_STATES = {"waiting": "à relire", "read": "relu", "missing": "à traduire"}
_HEAD = """# Tous les textes, côte à côte

Ce tableau est écrit par `dellusi content texts --write` ; ne le corrigez pas ici. Le français se corrige dans `flows/` et
`config/offers/`, les autres langues dans `flows/translations/`. Un texte est « relu » quand une personne dont c'est la langue l'a lu et
que la mention « awaiting a native reviewer » a été retirée de son entrée. Ce qui est entre {{ }} est remplacé au moment de l'envoi.
"""


def side_by_side(content: Content, files: Sequence[CatalogueFile]) -> str:
    """The table in Markdown, one part per flow, form or offer."""
    waiting = {file.language: _waiting(file) for file in files}
    every = list(sources(content))
    lines = [_HEAD, _counts(content, every, waiting)]
    for part, group in groupby(every, key=lambda source: _part(source.text.context)):
        lines += [f"\n## {part}\n", *_table(content, list(group), waiting)]
    return "\n".join(lines) + "\n"


def _waiting(file: CatalogueFile) -> frozenset[str]:
    return frozenset(str(message.context) for message in file.catalogue if message.id and REVIEW in _remarks(message))


def _remarks(message: object) -> str:
    return " ".join((*getattr(message, "auto_comments", ()), *getattr(message, "user_comments", ())))


def _part(context: str) -> str:
    pieces = context.split(".")
    return ".".join(pieces[:2]) if pieces[0] in ("form", "offer", "partner") else pieces[0]


def _table(content: Content, group: Sequence[Source], waiting: Mapping[str, frozenset[str]]) -> Iterator[str]:
    others = [language for language in content.catalogues.languages if language != SOURCE]
    titles = ["Texte", NAMES[SOURCE]]
    for language in others:
        titles += [NAMES.get(language, language), "Relecture"]
    yield _row(titles)
    yield _row(["---"] * len(titles))
    for source in group:
        cells = [f"`{source.text.context}`", source.text.source]
        for language in others:
            cells += [_said(content, source, language), _STATES[state(content, source, language, waiting.get(language, frozenset()))]]
        yield _row(cells)


def state(content: Content, source: Source, language: str, waiting: frozenset[str]) -> str:
    """`missing`, `waiting` for a native reader, or `read`."""
    if not content.catalogues.has(source.text.source, source.text.context, language):
        return "missing"
    return "waiting" if source.text.context in waiting else "read"


def _said(content: Content, source: Source, language: str) -> str:
    known = content.catalogues.has(source.text.source, source.text.context, language)
    return content.translate(source.text, language) if known else ""


def _counts(content: Content, every: Sequence[Source], waiting: Mapping[str, frozenset[str]]) -> str:
    lines = []
    for language in content.catalogues.languages:
        if language != SOURCE:
            states = [state(content, source, language, waiting.get(language, frozenset())) for source in every]
            counted = ", ".join(f"{states.count(key)} {word}" for key, word in _STATES.items())
            lines.append(f"{NAMES.get(language, language)} : {len(states)} textes, {counted}.")
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", "<br>") for cell in cells) + " |"
