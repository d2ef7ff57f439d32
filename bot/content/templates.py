"""config/templates.yml: the messages that WhatsApp lets through outside its window."""

from pathlib import Path

from bot.content.reading import Faults, Section, read_file
from bot.domain.errors import ContentError
from bot.domain.templates import NO_TEMPLATES, PURPOSES, Template, TemplateBook, TemplatePurpose, problems

FILE = "config/templates.yml"
_CATEGORIES = ("UTILITY", "MARKETING")


def load_templates(folder: Path) -> TemplateBook:
    """The templates of the folder that holds config/; none without the file. Raises `ContentError` with every mistake of it."""
    faults = Faults()
    book = read_templates(folder, faults)
    if faults.errors:
        raise ContentError(faults.errors)
    return book


def read_templates(folder: Path, faults: Faults) -> TemplateBook:
    """Like `load_templates`; its faults are noted, and what has one is left out."""
    path = folder / FILE
    section = read_file(path, FILE, faults) if path.exists() else None
    if section is None:
        return NO_TEMPLATES
    found: dict[tuple[TemplatePurpose, str], Template] = {}
    for part in section.sections("templates", "purpose"):
        for template in _templates(part):
            found[template.purpose, template.language] = template
    section.finish()
    return TemplateBook(found)


def _templates(part: Section) -> list[Template]:
    written = part.choice("purpose", PURPOSES)
    purpose = next((known for known in PURPOSES if known == written), None)
    category = part.choice("category", _CATEGORIES)
    read = [_template(text, purpose, category) for text in part.sections("texts", "language")]
    part.finish()
    return [template for template in read if template is not None]


def _template(text: Section, purpose: TemplatePurpose | None, category: str) -> Template | None:
    language, code, body = text.text("language"), text.text("code"), text.text("body")
    button, samples = text.optional("button") or "", text.words("samples")
    text.choice("review", ("done", "pending"))
    text.finish()
    if purpose is None or not (language and code and body):
        return None
    template = Template(purpose, language, code, category, body, button, samples)
    broken = problems(template)
    for problem in broken:
        text.fault("body", problem)
    return None if broken else template
