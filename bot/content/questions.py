"""Questions as flows and forms write them."""

from datetime import timedelta

from bot.content.reading import Section
from bot.engine.definition import AnswerType, Option, Question, Text, Where

ANSWERS: tuple[AnswerType, ...] = ("yes_no", "choice", "number", "date", "place", "phone", "name", "text", "media")
_DAY = 86_400


def read_question(section: Section, context: str, name: str | None) -> Question:
    """The question below `ask:`, or a form's question, whose answer is kept under its name unless `save_as` says otherwise."""
    answer = section.choice("answer", ANSWERS)
    kind: AnswerType = next((known for known in ANSWERS if known == answer), "text")
    save_as = section.optional("save_as") or name or "answer"
    options = tuple(_option(item, context) for item in section.sections("choices", "value"))
    reask = section.optional("reask")
    question = Question(
        answer=kind,
        save_as=save_as,
        options=options,
        reask=Text(reask, f"{context}.reask", Where(section.file, section.line_of("reask"))) if reask else None,
        wait=timedelta(seconds=section.span("wait", _DAY)),
        optional=section.flag("optional"),
        skip_known=section.flag("skip_known"),
        minimum=section.number("min"),
        maximum=section.number("max"),
        where=Where(section.file, section.line),
    )
    if name is None:
        section.finish()
    if kind == "choice" and len(options) < 2:
        section.fault("choices", "too_few_choices")
    if kind != "choice" and options:
        section.fault("choices", "choices_without_choice", answer=answer)
    for value in sorted({option.value for option in options if [o.value for o in options].count(option.value) > 1}):
        section.fault("choices", "duplicate_choice", value=value)
    return question


def _option(item: Section, context: str) -> Option:
    value = item.text("value")
    option = Option(
        value,
        Text(item.text("label"), f"{context}.choice.{value}", Where(item.file, item.line_of("label"))),
        item.words("words"),
        item.words("intent"),
        item.optional("go"),
        Where(item.file, item.line),
    )
    item.finish()
    return option
