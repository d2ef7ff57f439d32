"""Flow and form files -> definitions. What is inside one file is checked here; what holds between files in `bot.engine.checks`."""

from bot.content.questions import read_question
from bot.content.reading import Section, nearest
from bot.engine.actions import ACTIONS, VALUES
from bot.engine.conditions import Condition, parse_condition
from bot.engine.definition import Do, Flow, FlowKind, Form, FormQuestion, Node, Route, Text, Trigger, Where, Words

KINDS: tuple[FlowKind, ...] = ("conversation", "answer", "interrupt")
TEXT_KEYS = (
    "yes no guess none_of_these offer_person confirm_place which_place resumed first_question cannot_skip our_fault stopped got_media "
    "got_voice got_image got_location got_sticker no_offer offer_in_check status_none status_new status_offered status_seen "
    "status_accepted status_contacted status_in_service status_closed status_declined status_revoked status_unreachable status_duplicate "
    "status_wrong status_locked told_accepted told_moved told_nobody told_closed told_unreachable told_joined told_missed "
    "back answer_elsewhere"
).split()


def read_flow(section: Section) -> Flow | None:
    """A flow from its file's section. Faults are noted in the section; None when nothing usable is left."""
    name = section.text("flow")
    kind: FlowKind = next(kind for kind in KINDS if kind == section.choice("kind", KINDS, "conversation"))
    triggers = tuple(_trigger(item, name, number) for number, item in enumerate(section.sections("triggers", "intent"), 1))
    nodes: dict[str, Node] = {}
    for item in section.sections("nodes"):
        node = _node(item, name)
        if node.name in nodes:
            item.fault("name", "duplicate_node", name=node.name)
        nodes[node.name] = node
    version, about = section.number("version", 1) or 1, section.text("about")
    section.finish()
    if not nodes:
        section.fault("nodes", "no_nodes")
        return None
    return Flow(name, version, about, kind, triggers, nodes, next(iter(nodes)), Where(section.file, section.line))


def read_form(section: Section) -> Form | None:
    """A form from its file's section."""
    name = section.text("form")
    questions = tuple(_form_question(item, name) for item in section.sections("questions"))
    nudge = _text(section, "nudge", f"form.{name}.nudge")
    form = Form(name, section.number("version", 1) or 1, section.text("about"), questions, nudge, Where(section.file, section.line))
    section.finish()
    if not questions:
        section.fault("questions", "no_questions")
        return None
    return form


def read_words(section: Section) -> Words | None:
    """The words that work everywhere, and the engine's own sentences."""
    commands, languages, texts = section.section("commands"), section.section("languages"), section.section("texts")
    yes, no = section.words("yes"), section.words("no")
    for key, found in (("commands", commands), ("languages", languages), ("texts", texts)):
        if found is None:
            section.fault(key, "missing_key", name=key)
    section.finish()
    if commands is None or languages is None or texts is None:
        return None
    sentences = {key: Text(texts.text(key), f"words.{key}", Where(texts.file, texts.line_of(key))) for key in TEXT_KEYS}
    texts.finish()
    return Words(
        {key: commands.words(key) for key in commands.keys},
        yes,
        no,
        {key: languages.words(key) for key in languages.keys},
        sentences,
    )


def _trigger(item: Section, flow: str, number: int) -> Trigger:
    intents = item.words("intent")
    keyword = item.section("keyword")
    keywords = {language: keyword.words(language) for language in keyword.keys} if keyword else {}
    sets = item.section("set")
    label = _text(item, "label", f"{flow}.trigger.{intents[0] if intents else number}")
    values = {key: sets.text(key) for key in sets.keys} if sets else {}
    item.finish()
    if not intents and not keywords:
        item.fault("intent", "empty_trigger")
    return Trigger(intents, keywords, values, label, Where(item.file, item.line))


def _node(item: Section, flow: str) -> Node:
    name = item.text("name")
    ask = item.section("ask")
    node = Node(
        name=name,
        do=tuple(_dos(item)),
        say=tuple(
            Text(scalar.text.strip(), f"{flow}.{name}.say" + (f".{number}" if number > 1 else ""), Where(item.file, scalar.line))
            for number, scalar in enumerate(item.scalars("say"), 1)
        ),
        ask=read_question(ask, f"{flow}.{name}", None) if ask else None,
        form=item.optional("form"),
        call=item.optional("call"),
        routes=tuple(_route(route) for route in item.sections("route", "go")),
        go=item.optional("go"),
        where=Where(item.file, item.line),
    )
    item.finish()
    if sum(part is not None for part in (node.ask, node.form, node.call)) > 1:
        item.fault("name", "too_much_in_node", name=name)
    if node.ask and not node.say:
        item.fault("ask", "question_without_text", name=name)
    return node


def _dos(item: Section) -> list[Do]:
    found = []
    for step in item.sections("do"):
        for action in step.keys:
            if action not in ACTIONS:
                step.fault(action, "unknown_action", nearest(action, ACTIONS), name=action)
                step.ignore(action)
                continue
            values = step.section(action)
            given = {key: _value(values, key) for key in values.keys} if values else {}
            if values:
                _check_values(values, action, given)
            found.append(Do(action, given, Where(step.file, step.line_of(action))))
        step.finish()
    return found


def _value(values: Section, key: str) -> str:
    return values.optional(key) or ""


def _check_values(values: Section, action: str, given: dict[str, str]) -> None:
    for key in given:
        if key not in VALUES[action]:
            values.fault(key, "unknown_value", nearest(key, VALUES[action]), name=key, action=action)
    for key, required in VALUES[action].items():
        if required and not given.get(key):
            values.fault(key, "missing_value", name=key, action=action)


_ROUTE_TESTS = ("answer", "intent", "word", "entity", "if", "timeout", "otherwise")


def _route(item: Section) -> Route:
    tests = [key for key in _ROUTE_TESTS if item.has(key)]
    if len(tests) != 1:
        item.fault(
            tests[1] if len(tests) > 1 else "go", "one_test_per_route", found=", ".join(tests) or "-", allowed=", ".join(_ROUTE_TESTS)
        )
    route = Route(
        go=item.text("go"),
        answer=item.optional("answer"),
        intents=item.words("intent"),
        words=item.words("word"),
        entity=item.optional("entity"),
        condition=_condition(item),
        timeout=item.flag("timeout"),
        otherwise=item.flag("otherwise"),
        where=Where(item.file, item.line),
    )
    item.finish()
    return route


def _condition(item: Section) -> Condition | None:
    source = item.optional("if")
    if source is None:
        return None
    try:
        return parse_condition(source)
    except ValueError as error:
        item.fault("if", "bad_condition", part=str(error))
        return None


def _form_question(item: Section, form: str) -> FormQuestion:
    name = item.text("name")
    question = read_question(item, f"form.{form}.{name}", name)
    asked = FormQuestion(
        name,
        Text(item.text("say"), f"form.{form}.{name}.say", Where(item.file, item.line_of("say"))),
        question,
        _condition(item),
        item.optional("field"),
        Where(item.file, item.line),
    )
    item.finish()
    return asked


def _text(section: Section, key: str, context: str) -> Text | None:
    source = section.optional(key)
    return Text(source, context, Where(section.file, section.line_of(key))) if source else None
