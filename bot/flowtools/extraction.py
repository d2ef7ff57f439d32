"""A Babel extractor for our YAML: every text with its context, and what its translator must know.

It is a Babel extraction method like any other, so `pybabel extract` can use it too:

    [bot.flowtools.extraction:extract: flows/**.yml]
"""

from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract as babel_extract
from babel.messages.pofile import write_po

from bot.content.directory import read_offer
from bot.content.flows import TEXT_KEYS, read_flow, read_form, read_words
from bot.content.notices import read_notices
from bot.content.reading import Faults, Section, read_text
from bot.domain.directory import NEEDS
from bot.engine.checks import BUTTON_LENGTH, BUTTONS, ENTRY_LENGTH
from bot.engine.definition import FlowSet, Text, Words
from bot.engine.placeholders import names
from bot.flowtools.costs import STEP_BUDGET
from bot.flowtools.sources import Source, notice_sources, offer_sources, spoken
from bot.translation import DOMAIN

METHOD = "bot.flowtools.extraction:extract"
KEYWORDS: Mapping[str, Any] = {"pgettext": ((1, "c"), 2)}
# Letters of the SMS alphabet in one message, and in each part of a longer one.
_ALONE, _JOINED = 160, 153
_NO_WORDS = Words({}, (), (), {}, {key: Text("", f"words.{key}") for key in TEXT_KEYS})
_HEADER = """# Tous les textes de flows/ et config/offers/, en français, avec ce qu'il faut savoir pour les traduire.
msgid ""
msgstr ""
"Project-Id-Version: dellusi\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

Found = tuple[int, str, tuple[str, str], list[str]]


def extract(fileobj: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]) -> Iterator[Found]:
    """The texts of one file of flows/ or config/offers/ as (line, pgettext, (context, text), comments)."""
    section = read_text(fileobj.read(), "", Faults())
    for source in _sources(section) if section else ():
        if source.text.source:
            yield source.text.where.line, "pgettext", (source.text.context, source.text.source), list(comments(source))


def _sources(section: Section) -> Iterator[Source]:
    if section.has("flow") and (flow := read_flow(section)):
        yield from spoken(FlowSet({flow.name: flow}, {}, _NO_WORDS, ""))
    elif section.has("form") and (form := read_form(section)):
        yield from spoken(FlowSet({}, {form.name: form}, _NO_WORDS, ""))
    elif section.has("commands") and (words := read_words(section)):
        yield from spoken(FlowSet({}, {}, words, ""))
    elif section.has("notices"):
        yield from notice_sources(read_notices(section, NEEDS))
    elif section.has("offer"):
        yield from offer_sources(read_offer(section), section.line_of("title"), section.line_of("text"))


def comments(source: Source) -> Iterator[str]:
    """What a translator must know, in French: the purpose, the text before it, how long it may be."""
    yield f"Sert à : {source.about}"
    if source.before:
        yield f"Avant : « {source.before} »"
    if source.kind == "label":
        yield f"Choix ou titre : {BUTTON_LENGTH} lettres au plus ({ENTRY_LENGTH} dans une liste de plus de {BUTTONS})"
    elif source.kind == "name":
        yield "Ce mot entre dans un autre texte : minuscules, le plus court possible"
    else:
        yield f"SMS : {STEP_BUDGET} au plus ; 1 SMS = {_ALONE} lettres, {STEP_BUDGET} SMS = {STEP_BUDGET * _JOINED}, choix compris"
    if names(source.text.source):
        yield "Gardez chaque valeur entre {{ }} telle quelle"


def template(folder: Path) -> Catalog:
    """The catalogue of every text of the folder, without translations."""
    catalogue = Catalog(locale=None, domain=DOMAIN, project="dellusi", charset="utf-8")
    for path in files(folder):
        name = path.relative_to(folder).as_posix()
        for line, message, noted, context in babel_extract(METHOD, BytesIO(path.read_bytes()), KEYWORDS):
            catalogue.add(message, None, [(name, line)], auto_comments=noted, context=context)
            _plain_flags(catalogue, message, context)
    return catalogue


def written(catalogue: Catalog) -> str:
    """The template as a file: no dates and no names, so that the same texts give the same file."""
    body = BytesIO()
    write_po(body, catalogue, width=100_000, omit_header=True)
    return _HEADER + body.getvalue().decode().strip() + "\n"


def _plain_flags(catalogue: Catalog, message: str | tuple[str, ...], context: str | None) -> None:
    """`5 % de` is no format string, whatever Babel thinks."""
    added = catalogue.get(message, context)
    if added:
        added.flags -= {"python-format", "python-brace-format"}


def files(folder: Path) -> list[Path]:
    """The files that hold texts, in the order in which catalogues list them."""
    flows = folder / "flows"
    last = [flows / "words.yml", flows / "notices.yml"]
    first = [path for path in sorted(flows.glob("*.yml")) if path not in last]
    return [*first, *sorted((flows / "forms").glob("*.yml")), *last, *sorted((folder / "config" / "offers").glob("*.yml"))]
