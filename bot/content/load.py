"""Loading all content of a folder, with every fault of every file at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from wolof.phrases import PhraseError, Phrases

from bot.content.assets import Content
from bot.content.directory import load_directory
from bot.content.files import Files, collect, laid_out, version_of
from bot.content.flows import read_flow, read_form, read_words
from bot.content.notices import Notices, read_notices
from bot.content.places import load_places
from bot.content.reading import Faults, nearest, read_file
from bot.content.templates import read_templates
from bot.domain.directory import NEEDS, Directory
from bot.domain.errors import ContentError
from bot.domain.places import PlaceIndex
from bot.engine.checks import Known, check
from bot.engine.definition import Flow, FlowSet, Form, Text, Words
from bot.engine.words import joined
from bot.translation import Catalogues, load_catalogues

WORDS_FILE, NOTICES_FILE = "words.yml", "notices.yml"
# Files below flows/ that are not flows.
_OTHERS = (WORDS_FILE, NOTICES_FILE)


def load_flows(folder: Path, faults: Faults) -> FlowSet | None:
    """The flow set of `<folder>/flows`. None when words.yml is unusable; flows that cannot be read are left out."""
    root = folder / "flows"
    flows: dict[str, Flow] = {}
    forms: dict[str, Form] = {}
    paths = sorted(path for path in root.glob("*.yml") if path.name not in _OTHERS)
    for path in paths:
        section = read_file(path, f"flows/{path.name}", faults)
        flow = read_flow(section) if section else None
        if flow and flow.name in flows:
            faults.add(f"flows/{path.name}", 1, "flow", "duplicate_flow", name=flow.name, first=flows[flow.name].where.file)
        elif flow:
            flows[flow.name] = flow
    form_paths = sorted((root / "forms").glob("*.yml"))
    for path in form_paths:
        section = read_file(path, f"flows/forms/{path.name}", faults)
        form = read_form(section) if section else None
        if form:
            forms[form.name] = form
    words = _load_words(root / WORDS_FILE, faults)
    if words is None:
        return None
    return FlowSet(flows, forms, words, version_of(collect(root)), labels(flows.values(), forms.values()))


def _load_words(path: Path, faults: Faults) -> Words | None:
    section = read_file(path, f"flows/{path.name}", faults)
    return read_words(section) if section else None


def _known_words(flows: FlowSet) -> frozenset[str]:
    """Every keyword and command word, folded."""
    words = [word for flow in flows.flows.values() for trigger in flow.triggers for said in trigger.keywords.values() for word in said]
    words += [word for said in flows.words.commands.values() for word in said] + [*flows.words.yes, *flows.words.no]
    return frozenset(joined(word) for word in words) - {""}


def labels(flows: Iterable[Flow], forms: Iterable[Form]) -> dict[tuple[str, str], Text]:
    """(result, value) -> the label of the choice, so that a kept answer can be shown in words."""
    questions = [node.ask for flow in flows for node in flow.nodes.values() if node.ask]
    questions += [asked.question for form in forms for asked in form.questions]
    return {(question.save_as, option.value): option.label for question in questions for option in question.options}


@dataclass(frozen=True, slots=True)
class Around:
    """What flows are used with, whatever their version: places, the directory, what the understanding service knows, danger words."""

    places: PlaceIndex
    directory: Directory
    intents: frozenset[str]
    entities: frozenset[str]
    danger: Phrases
    offer_texts: Catalogues


def around(content: Content) -> Around:
    """What the flows of this content are used with."""
    return Around(content.places, content.directory, content.intents, content.entities, content.danger, content.offer_texts)


def load_version(files: Files, beside: Around) -> Content:
    """The content of a version of flows/. Raises `ContentError` with every error of every file."""
    content, faults = read_version(files, beside)
    if faults.errors or content is None:
        raise ContentError(faults.errors)
    return content


def read_version(files: Files, beside: Around) -> tuple[Content | None, Faults]:
    """Like `read_content`, for files that are no folder."""
    faults = Faults()
    with laid_out(files) as folder:
        content = _read_said(folder, beside, _catalogues(folder, faults), faults)
        faults.found = [replace(fault, file=fault.file.removeprefix(f"{folder}/")) for fault in faults.found]
    return content, faults


def load_content(folder: Path, *, home: str = "diourbel", sandbox: bool = False) -> Content:
    """All content of the folder that holds flows/, config/ and nlu/. With `sandbox`, demonstration numbers of partners are added.

    Raises `ContentError` with every error of every file: the service refuses to start on broken content.
    """
    content, faults = read_content(folder, home=home, sandbox=sandbox)
    if faults.errors or content is None:
        raise ContentError(faults.errors)
    return content


def read_content(folder: Path, *, home: str = "diourbel", sandbox: bool = False) -> tuple[Content | None, Faults]:
    """The content, None when it cannot be used, with all its faults, warnings included."""
    faults = Faults()
    catalogues = _catalogues(folder, faults)
    beside = load_around(folder, faults, home=home, sandbox=sandbox, texts=catalogues)
    content = _read_said(folder, beside, catalogues, faults)
    read_templates(folder, faults)
    return content if home in beside.directory.country.regions else None, faults


def load_around(folder: Path, faults: Faults, *, home: str = "diourbel", sandbox: bool = False, texts: Catalogues | None = None) -> Around:
    """What flows are used with. `texts` translates offers; read from the folder when it is not given."""
    texts = texts or _catalogues(folder, Faults())
    places = load_places(folder / "config" / "places.csv", "config/places.csv", faults)
    directory = load_directory(folder / "config", places, faults, home=home, sandbox=sandbox)
    intents, entities = _load_contract(folder, faults)
    return Around(places, directory, intents, entities, _load_danger(folder, intents, faults), texts)


def _read_said(folder: Path, beside: Around, catalogues: Catalogues, faults: Faults) -> Content | None:
    """The flows and notices of the folder, with what they are used with. None when they cannot be used."""
    flows = load_flows(folder, faults)
    notices = _load_notices(folder, faults)
    if flows is None or notices is None:
        return None
    faults.found += check(flows, Known(beside.intents, beside.entities, catalogues.languages, NEEDS))
    return Content(
        flows,
        catalogues,
        beside.places,
        beside.directory,
        notices,
        beside.intents,
        beside.entities,
        beside.danger,
        _known_words(flows),
        beside.offer_texts,
    )


def _catalogues(folder: Path, faults: Faults) -> Catalogues:
    try:
        return load_catalogues(folder / "flows" / "translations")
    except ContentError as error:
        faults.found += error.faults
        # The languages are known all the same: one broken catalogue is one fault, not forty.
        return Catalogues({path.parent.parent.name: {} for path in (folder / "flows" / "translations").glob("*/LC_MESSAGES/*.po")})


def _load_notices(folder: Path, faults: Faults) -> Notices | None:
    section = read_file(folder / "flows" / NOTICES_FILE, f"flows/{NOTICES_FILE}", faults)
    return read_notices(section, NEEDS) if section else None


def _load_contract(folder: Path, faults: Faults) -> tuple[frozenset[str], frozenset[str]]:
    """The intents and entities that the understanding service knows."""
    section = read_file(folder / "nlu" / "domain.yml", "nlu/domain.yml", faults)
    if section is None:
        return frozenset(), frozenset()
    section.ignore("version")
    intents, entities = frozenset(section.words("intents")), frozenset(section.words("entities"))
    section.finish()
    return intents, entities


def _load_danger(folder: Path, intents: frozenset[str], faults: Faults) -> Phrases:
    """The words of danger, which must work when the understanding service does not."""
    name = "nlu/lexicon/danger.yml"
    section = read_file(folder / name, name, faults)
    phrases: dict[str, tuple[str, ...]] = {}
    unless: dict[str, tuple[str, ...]] = {}
    for intent in section.keys if section else ():
        part = section.section(intent) if section else None
        if part is None:
            continue
        if intent not in intents:
            part.fault("phrases", "unknown_intent", nearest(intent, intents), name=intent)
        part.optional("notes")
        phrases[intent], unless[intent] = part.words("phrases"), part.words("unless")
        part.finish()
    try:
        return Phrases(phrases, unless)
    except PhraseError as error:
        faults.add(name, 0, "", "bad_phrase", phrase=str(error))
        return Phrases({})
