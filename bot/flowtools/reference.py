"""The reference of the flow language, written from the code: what the loader, the engine and the tools really know."""

from collections.abc import Iterator
from inspect import getdoc

from bot.content import Content
from bot.content.flows import KINDS
from bot.content.questions import ANSWERS
from bot.domain.directory import NEEDS
from bot.engine.actions import ACTIONS, VALUES
from bot.engine.checks import BUTTON_LENGTH, BUTTONS, ENTRIES, ENTRY_LENGTH, RESERVED
from bot.flowtools.costs import STEP_BUDGET
from bot.flowtools.language import KEYS, PARTS, ROUTE_TESTS, Key
from bot.flowtools.pathcosts import PATH_BUDGET
from bot.flowtools.scripts import VERBS
from bot.flowtools.wording import phrase

BEGIN, END = "<!-- reference: written by `dellusi flows reference` -->", "<!-- end of the reference -->"
CONDITIONS = ("results.need is job", "results.need is not job", "results.need in job, training", "results.age < 18", "results.age > 60")
KNOWN = ("contact.place is known", "contact.place is not known")
PLACEHOLDERS = ("results.x", "contact.x", "referral.code", "referral.partner", "region.name", "hotline.samu", "partner.caosp")


def reference(content: Content, commands: dict[str, str], language: str) -> str:
    """The reference as Markdown in a language. `commands` are the names of `dellusi flows` with their lines of help."""
    sections = (
        _commands(commands, language),
        *(_part(part, language) for part in PARTS),
        _answers(language),
        _actions(language),
        _conditions(language),
        _placeholders(content, language),
        _conversations(language),
        _names(content, language),
        _limits(language),
    )
    return "\n\n".join("\n".join(section) for section in sections)


def insert(document: str, text: str) -> str:
    """The document with the reference between its marks. Raises `ValueError` when it has none."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the document has no place for the reference")
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"


def _commands(commands: dict[str, str], language: str) -> Iterator[str]:
    yield f"### {phrase('ref_commands', language)}"
    yield ""
    for name, line in commands.items():
        yield f"- `dellusi flows {name}`: {line}"


def _part(part: str, language: str) -> Iterator[str]:
    yield f"### {phrase(f'ref_part_{part}', language)}"
    yield ""
    yield f"| {phrase('ref_key', language)} | {phrase('ref_value', language)} | {phrase('ref_meaning', language)} |"
    yield "| --- | --- | --- |"
    for key in KEYS[part]:
        name = f"`{key.name}`" + (f" ({phrase('ref_required', language)})" if key.required else "")
        yield f"| {name} | {_shape(key, language)} | {key.explain(part, language)} |"
    if part == "route":
        yield ""
        yield phrase("ref_route_tests", language, tests=", ".join(f"`{test}`" for test in ROUTE_TESTS))


def _shape(key: Key, language: str) -> str:
    if key.shape == "kind":
        return ", ".join(f"`{kind}`" for kind in KINDS)
    if key.shape == "answer":
        return phrase("ref_shape_answer", language)
    if key.of:
        return phrase(f"ref_shape_{key.shape}", language, of=phrase(f"ref_part_{key.of}", language).lower())
    return phrase(f"ref_shape_{key.shape}", language)


def _answers(language: str) -> Iterator[str]:
    yield f"### {phrase('ref_answers', language)}"
    yield ""
    for answer in ANSWERS:
        yield f"- `{answer}`: {phrase(f'answer_{answer}', language)}. {phrase(f'ref_answer_{answer}', language)}"


def _actions(language: str) -> Iterator[str]:
    yield f"### {phrase('ref_actions', language)}"
    for name in sorted(ACTIONS):
        yield ""
        yield f"**`{name}`** {phrase(f'doc_action_{name}', language)}"
        required = [value for value, needed in VALUES[name].items() if needed]
        if required:
            yield phrase("ref_action_needs", language, values=", ".join(f"`{value}`" for value in required))
        yield ""
        yield "```yaml"
        yield (getdoc(ACTIONS[name]) or "").strip()
        yield "```"


def _conditions(language: str) -> Iterator[str]:
    yield f"### {phrase('ref_conditions', language)}"
    yield ""
    yield phrase("ref_conditions_text", language)
    yield ""
    yield from (f"    {example}" for example in (*CONDITIONS, *KNOWN))
    yield "    results.need is job and contact.place is known"
    yield "    results.need is job or results.urgent is yes"


def _placeholders(content: Content, language: str) -> Iterator[str]:
    yield f"### {phrase('ref_placeholders', language)}"
    yield ""
    yield phrase("ref_placeholders_text", language)
    yield ""
    yield ", ".join(f"`{{{{ {name} }}}}`" for name in PLACEHOLDERS)
    yield ""
    hotlines = sorted(content.directory.country.hotlines)
    yield phrase("ref_hotlines", language, names=", ".join(f"`hotline.{name}`" for name in hotlines))


def _conversations(language: str) -> Iterator[str]:
    yield f"### {phrase('ref_conversations', language)}"
    yield ""
    for verb in VERBS:
        yield f"- `{verb}`: {phrase(f'doc_verb_{verb}', language)}"


def _names(content: Content, language: str) -> Iterator[str]:
    yield f"### {phrase('ref_names', language)}"
    yield ""
    lists = {
        "ref_needs": NEEDS,
        "ref_intents": sorted(content.intents),
        "ref_entities": sorted(content.entities),
        "ref_word_commands": sorted(content.flows.words.commands),
        "ref_languages": sorted(content.catalogues.languages),
    }
    for code, names in lists.items():
        yield f"- {phrase(code, language)}: {', '.join(f'`{name}`' for name in names)}"


def _limits(language: str) -> Iterator[str]:
    yield f"### {phrase('ref_limits', language)}"
    yield ""
    yield f"- {phrase('ref_limit_buttons', language, few=BUTTONS, short=BUTTON_LENGTH, most=ENTRIES, long=ENTRY_LENGTH)}"
    yield f"- {phrase('ref_limit_sms', language, step=STEP_BUDGET, path=PATH_BUDGET)}"
    yield f"- {phrase('ref_limit_words', language, words=', '.join(sorted(word.upper() for word in RESERVED)))}"
