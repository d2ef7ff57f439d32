"""What must hold between the parts of a flow set. Every fault names file, line and key, and the nearest valid name."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bot.domain.errors import Fault
from bot.engine.definition import END, Flow, FlowSet, Form, Node, Question, Route, Text, Trigger, Where
from bot.engine.placeholders import names
from bot.engine.words import joined

# Carriers and Twilio take these single words on SMS and may answer themselves: nobody may need them in a conversation.
RESERVED = frozenset("stop stopall unsubscribe end quit revoke optout cancel start unstop yes help info".split())
# The engine starts these itself.
REQUIRED_FLOWS = ("fallback", "media")
BUTTONS, BUTTON_LENGTH = 3, 20
ENTRIES, ENTRY_LENGTH = 10, 24
_SCOPES = ("results", "contact", "referral", "region", "hotline", "partner", "status", "place", "answer")


@dataclass(frozen=True, slots=True)
class Known:
    """What flows may name: intents, entities, languages, needs."""

    intents: Collection[str]
    entities: Collection[str]
    languages: Collection[str]
    needs: Collection[str]


def check(flows: FlowSet, known: Known) -> list[Fault]:
    """All faults between files, errors and warnings, in the order of the files."""
    return [fault for one in _CHECKS for fault in one(flows, known)]


def _fault(where: Where, key: str, code: str, hint: str = "", severity: str = "error", **values: str) -> Fault:
    return Fault(where.file, where.line, key, code, tuple(values.items()), hint, severity)


def _nearest(word: str, allowed: Collection[str]) -> str:
    return next(iter(get_close_matches(word, list(allowed), n=1, cutoff=0.6)), "")


def _nodes(flows: FlowSet) -> Iterator[tuple[Flow, Node]]:
    for flow in flows.flows.values():
        for node in flow.nodes.values():
            yield flow, node


def _targets(node: Node) -> Iterator[tuple[str, Where]]:
    if node.go:
        yield node.go, node.where
    for route in node.routes:
        yield route.go, route.where
    for option in node.ask.options if node.ask else ():
        if option.go:
            yield option.go, option.where


def _check_targets(flows: FlowSet, known: Known) -> Iterator[Fault]:
    for flow, node in _nodes(flows):
        for target, where in _targets(node):
            if target != END and target not in flow.nodes:
                yield _fault(where, f"{flow.name}.{node.name}", "unknown_node", _nearest(target, [*flow.nodes, END]), name=target)
        if node.form and node.form not in flows.forms:
            yield _fault(node.where, f"{flow.name}.{node.name}.form", "unknown_form", _nearest(node.form, flows.forms), name=node.form)
        if node.call and node.call not in flows.flows:
            yield _fault(node.where, f"{flow.name}.{node.name}.call", "unknown_flow", _nearest(node.call, flows.flows), name=node.call)
    for name in REQUIRED_FLOWS:
        if name not in flows.flows:
            yield _fault(Where("flows", 0), name, "required_flow", name=name)


def _check_reach(flows: FlowSet, known: Known) -> Iterator[Fault]:
    for flow in flows.flows.values():
        reached, ahead = set(), [flow.first]
        while ahead:
            name = ahead.pop()
            if name in reached or name not in flow.nodes:
                continue
            reached.add(name)
            ahead += [target for target, _ in _targets(flow.nodes[name])]
        for node in flow.nodes.values():
            if node.name not in reached:
                yield _fault(node.where, f"{flow.name}.{node.name}", "unreachable_node", severity="warning", name=node.name)


def _check_loops(flows: FlowSet, known: Known) -> Iterator[Fault]:
    """A way that leads back to itself without ever waiting for the person would never end."""
    for flow in flows.flows.values():
        for node in flow.nodes.values():
            if _returns_without_wait(flow, node):
                yield _fault(node.where, f"{flow.name}.{node.name}", "loop_without_wait", name=node.name)


def _returns_without_wait(flow: Flow, start: Node) -> bool:
    seen: set[str] = set()
    ahead = [start.name]
    while ahead:
        node = flow.nodes.get(ahead.pop())
        if node is None or node.ask or node.form or node.call:
            continue
        for target, _ in _targets(node):
            if target == start.name:
                return True
            if target not in seen:
                seen.add(target)
                ahead.append(target)
    return False


def _check_meanings(flows: FlowSet, known: Known) -> Iterator[Fault]:
    for key, intents, where in _named_intents(flows):
        for intent in intents:
            if intent not in known.intents:
                yield _fault(where, key, "unknown_intent", _nearest(intent, known.intents), name=intent)
    for flow, node in _nodes(flows):
        for route in node.routes:
            if route.entity and route.entity not in known.entities:
                yield _fault(
                    route.where, f"{flow.name}.{node.name}", "unknown_entity", _nearest(route.entity, known.entities), name=route.entity
                )


def _named_intents(flows: FlowSet) -> Iterator[tuple[str, tuple[str, ...], Where]]:
    for flow in flows.flows.values():
        for trigger in flow.triggers:
            yield f"{flow.name}.triggers", trigger.intents, trigger.where
    for flow, node in _nodes(flows):
        for route in node.routes:
            yield f"{flow.name}.{node.name}", route.intents, route.where
    for key, question in _questions(flows):
        for option in question.options:
            yield f"{key}.choices", option.intents, option.where


def _questions(flows: FlowSet) -> Iterator[tuple[str, Question]]:
    for flow, node in _nodes(flows):
        if node.ask:
            yield f"{flow.name}.{node.name}", node.ask
    for form in flows.forms.values():
        for asked in form.questions:
            yield f"{form.name}.{asked.name}", asked.question


def _check_triggers(flows: FlowSet, known: Known) -> Iterator[Fault]:
    intents: dict[str, Flow] = {}
    keywords: dict[str, tuple[Flow, str]] = {}
    for flow in flows.flows.values():
        for trigger in flow.triggers:
            yield from _check_keyword_languages(flow, trigger, known)
            for intent in trigger.intents:
                if intent in intents:
                    yield _fault(trigger.where, f"{flow.name}.triggers", "intent_taken", name=intent, first=intents[intent].name)
                intents.setdefault(intent, flow)
            for keyword in (word for words in trigger.keywords.values() for word in words):
                yield from _check_keyword(flow, trigger, keyword, keywords)


def _check_keyword_languages(flow: Flow, trigger: Trigger, known: Known) -> Iterator[Fault]:
    for language in trigger.keywords:
        if language != "any" and language not in known.languages:
            hint = _nearest(language, [*known.languages, "any"])
            yield _fault(trigger.where, f"{flow.name}.triggers.keyword", "unknown_language", hint, name=language)


def _check_keyword(flow: Flow, trigger: Trigger, keyword: str, taken: dict[str, tuple[Flow, str]]) -> Iterator[Fault]:
    key = joined(keyword)
    holder, spelling = taken.setdefault(key, (flow, keyword))
    if holder.name != flow.name:
        yield _fault(trigger.where, f"{flow.name}.triggers.keyword", "keyword_taken", name=keyword, first=holder.name, spelling=spelling)
    if keyword.lower() in RESERVED and flow.name not in ("stop", "start"):
        yield _fault(trigger.where, f"{flow.name}.triggers.keyword", "reserved_word", severity="warning", name=keyword)


def _check_choices(flows: FlowSet, known: Known) -> Iterator[Fault]:
    for key, question in _questions(flows):
        count = len(question.options)
        longest = BUTTON_LENGTH if count <= BUTTONS else ENTRY_LENGTH
        if count > ENTRIES:
            yield _fault(question.where, f"{key}.choices", "too_many_choices", severity="warning", count=str(count), most=str(ENTRIES))
        for option in question.options:
            if len(option.label.source) > longest:
                yield _fault(
                    option.where, f"{key}.choices.{option.value}", "label_too_long", severity="warning",
                    label=option.label.source, length=str(len(option.label.source)), most=str(longest),
                )  # fmt: skip


def _check_placeholders(flows: FlowSet, known: Known) -> Iterator[Fault]:
    for text in texts(flows):
        for name in names(text.source):
            if name.partition(".")[0] not in _SCOPES:
                yield _fault(text.where, text.context, "unknown_placeholder", _nearest(name.partition(".")[0], _SCOPES), name=name)
        if "{{" in text.source and text.source.count("{{") != len(names(text.source)):
            yield _fault(text.where, text.context, "broken_placeholder")


def texts(flows: FlowSet) -> Iterator[Text]:
    """Every text of a flow set, in the order of the files: what catalogues must translate."""
    for flow in flows.flows.values():
        yield from (trigger.label for trigger in flow.triggers if trigger.label)
        for node in flow.nodes.values():
            yield from node.say
            yield from _question_texts(node.ask) if node.ask else ()
    for form in flows.forms.values():
        for asked in form.questions:
            yield asked.say
            yield from _question_texts(asked.question)
        yield from (form.nudge,) if form.nudge else ()
    yield from flows.words.texts.values()


def _question_texts(question: Question) -> Iterator[Text]:
    yield from (option.label for option in question.options)
    yield from (question.reask,) if question.reask else ()


def _check_values(flows: FlowSet, known: Known) -> Iterator[Fault]:
    """Literal values of actions and routes: needs, languages, and answers that the question can give."""
    for flow, node in _nodes(flows):
        for do in node.do:
            need, language = do.values.get("need", ""), do.values.get("language", "")
            if need and "{{" not in need and need not in known.needs:
                yield _fault(do.where, f"{flow.name}.{node.name}.{do.action}", "unknown_need", _nearest(need, known.needs), name=need)
            if language and "{{" not in language and language not in known.languages:
                hint = _nearest(language, known.languages)
                yield _fault(do.where, f"{flow.name}.{node.name}.{do.action}", "unknown_language", hint, name=language)
        yield from (fault for route in node.routes for fault in _check_answer(flow, node, route))


def _check_answer(flow: Flow, node: Node, route: Route) -> Iterator[Fault]:
    possible: Mapping[str, Collection[str]] = {
        "yes_no": ("yes", "no"),
        "choice": [option.value for option in node.ask.options] if node.ask else (),
    }
    if route.answer is None:
        return
    if node.ask is None:
        yield _fault(route.where, f"{flow.name}.{node.name}", "answer_without_question", name=route.answer)
    elif node.ask.answer in possible and route.answer not in possible[node.ask.answer]:
        hint = _nearest(route.answer, possible[node.ask.answer])
        yield _fault(route.where, f"{flow.name}.{node.name}", "impossible_answer", hint, name=route.answer)


def _check_dead_ends(flows: FlowSet, known: Known) -> Iterator[Fault]:
    """A question whose routes leave an answer without a way on would end the conversation silently."""
    for flow, node in _nodes(flows):
        conditional = [route for route in node.routes if not route.timeout and not route.intents and not route.words]
        covered = node.go or any(route.otherwise for route in conditional) or not conditional
        if node.ask and not covered and not _all_answers(node):
            yield _fault(node.where, f"{flow.name}.{node.name}.route", "answer_without_way", severity="warning", name=node.name)


def _all_answers(node: Node) -> bool:
    answered = {route.answer for route in node.routes if route.answer}
    if node.ask is None:
        return True
    if node.ask.answer == "yes_no":
        return {"yes", "no"} <= answered
    return bool(node.ask.options) and all(option.go or option.value in answered for option in node.ask.options)


def _check_forms(flows: FlowSet, known: Known) -> Iterator[Fault]:
    for form in flows.forms.values():
        yield from _check_form_conditions(form)


def _check_form_conditions(form: Form) -> Iterator[Fault]:
    """A condition may only look at answers of earlier questions, or of before the form."""
    later = {asked.question.save_as for asked in form.questions}
    for asked in form.questions:
        for name in asked.condition.names if asked.condition else ():
            if name.startswith("results.") and name.removeprefix("results.") in later:
                yield _fault(asked.where, f"{form.name}.{asked.name}.if", "asked_later", name=name)
        later.discard(asked.question.save_as)


_CHECKS: tuple[Callable[[FlowSet, Known], Iterator[Fault]], ...] = (
    _check_targets,
    _check_reach,
    _check_loops,
    _check_meanings,
    _check_triggers,
    _check_choices,
    _check_placeholders,
    _check_values,
    _check_dead_ends,
    _check_forms,
)
