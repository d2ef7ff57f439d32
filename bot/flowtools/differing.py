"""What changed between two versions of the flows, in an author's words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.content import Content
from bot.engine.definition import Flow, FlowSet, Form, FormQuestion, Node, Question
from bot.flowtools.describing import answer_words, do_words, trigger_words
from bot.flowtools.sources import sources
from bot.flowtools.ways import ways_of
from bot.flowtools.wording import phrase

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `place` is a flow, a step or a text's context; `code` with `values` says what happened to it."""

    place: str
    code: str
    values: tuple[tuple[str, str], ...] = ()

    def describe(self, lang: str | None = None) -> str:
        """The change in a sentence."""
        return f"{self.place}: {phrase(self.code, lang, **dict(self.values))}"


def changes(old: Content, new: Content, lang: str | None = None) -> Iterator[Change]:
    """All changes from one version to another, in the order of the files: flows, forms, words, translations."""
    yield from _named(old.flows.flows, new.flows.flows, "{}", "flow", lambda place, one, other: _flow(place, one, other, lang))
    yield from _named(old.flows.forms, new.flows.forms, "form.{}", "form", lambda place, one, other: _form(place, one, other, lang))
    yield from _words(old.flows, new.flows)
    yield from _translations(old, new)


def _named(
    old: Mapping[str, _T], new: Mapping[str, _T], place: str, kind: str, inside: Callable[[str, _T, _T], Iterator[Change]]
) -> Iterator[Change]:
    """Things with names: gone, new, or changed inside."""
    for name in old:
        if name not in new:
            yield Change(place.format(name), f"diff_{kind}_gone")
    for name, thing in new.items():
        if name in old:
            yield from inside(place.format(name), old[name], thing)
        else:
            yield Change(place.format(name), f"diff_{kind}_new")


def _lines(place: str, kind: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Lines without names: one for one when there is one of each, else those that went and those that came."""
    gone, come = [line for line in old if line not in new], [line for line in new if line not in old]
    if len(gone) == len(come) == 1:
        yield Change(place, f"diff_{kind}_changed", (("old", gone[0]), ("new", come[0])))
        return
    for line in gone:
        yield Change(place, f"diff_{kind}_gone", (("old", line),))
    for line in come:
        yield Change(place, f"diff_{kind}_new", (("new", line),))


def _flow(place: str, old: Flow, new: Flow, lang: str | None) -> Iterator[Change]:
    yield from _lines(place, "kind", [old.kind], [new.kind])
    yield from _lines(place, "about", [old.about], [new.about])
    yield from _lines(
        place, "trigger", [trigger_words(one, lang) for one in old.triggers], [trigger_words(one, lang) for one in new.triggers]
    )
    labels = [[one.label.source for one in flow.triggers if one.label] for flow in (old, new)]
    yield from _lines(place, "label", labels[0], labels[1])
    yield from _lines(place, "first", [old.first], [new.first])
    yield from _named(old.nodes, new.nodes, place + ".{}", "node", lambda at, one, other: _node(at, one, other, lang))


def _node(place: str, old: Node, new: Node, lang: str | None) -> Iterator[Change]:
    yield from _lines(place, "do", [do_words(do) for do in old.do], [do_words(do) for do in new.do])
    yield from _lines(place, "say", [text.source for text in old.say], [text.source for text in new.say])
    yield from _question(place, old.ask, new.ask, lang)
    for kind, one, other in (("uses_form", old.form, new.form), ("call", old.call, new.call)):
        yield from _lines(place, kind, [one] if one else [], [other] if other else [])
    yield from _lines(place, "way", _ways(old, lang), _ways(new, lang))


def _ways(node: Node, lang: str | None) -> list[str]:
    return [f"{way.describe(lang)} → {way.go}" for way in ways_of(node)]


def _question(place: str, old: Question | None, new: Question | None, lang: str | None) -> Iterator[Change]:
    sides = [_asked(old, lang), _asked(new, lang)]
    for kind in ("asks", "choice", "reask", "wait"):
        yield from _lines(place, kind, sides[0][kind], sides[1][kind])


def _asked(question: Question | None, lang: str | None) -> dict[str, list[str]]:
    if question is None:
        return {"asks": [], "choice": [], "reask": [], "wait": []}
    words = [", ".join(filter(None, (option.label.source, *option.words))) for option in question.options]
    return {
        "asks": [answer_words(question, lang)],
        "choice": [f"{option.value} ({said})" for option, said in zip(question.options, words, strict=True)],
        "reask": [question.reask.source] if question.reask else [],
        "wait": [str(question.wait)],
    }


def _form(place: str, old: Form, new: Form, lang: str | None) -> Iterator[Change]:
    nudges = [[form.nudge.source] if form.nudge else [] for form in (old, new)]
    yield from _lines(place, "nudge", nudges[0], nudges[1])
    before, after = ({asked.name: asked for asked in form.questions} for form in (old, new))
    yield from _named(before, after, place + ".{}", "question", lambda at, one, other: _form_question(at, one, other, lang))
    kept = [[name for name in one if name in other] for one, other in ((before, after), (after, before))]
    if kept[0] != kept[1]:
        yield Change(place, "diff_order_changed", (("new", ", ".join(after)),))


def _form_question(place: str, old: FormQuestion, new: FormQuestion, lang: str | None) -> Iterator[Change]:
    yield from _lines(place, "say", [old.say.source], [new.say.source])
    yield from _question(place, old.question, new.question, lang)
    conditions = [[asked.condition.source] if asked.condition else [] for asked in (old, new)]
    yield from _lines(place, "condition", conditions[0], conditions[1])
    fields = [[asked.field] if asked.field else [] for asked in (old, new)]
    yield from _lines(place, "field", fields[0], fields[1])


def _words(old: FlowSet, new: FlowSet) -> Iterator[Change]:
    groups = {"yes": (old.words.yes, new.words.yes), "no": (old.words.no, new.words.no)}
    for kind, one, other in (
        ("commands", old.words.commands, new.words.commands),
        ("languages", old.words.languages, new.words.languages),
    ):
        groups |= {f"{kind}.{name}": (one.get(name, ()), other.get(name, ())) for name in {**one, **other}}
    for name, (before, after) in groups.items():
        yield from _lines(f"words.{name}", "word", before, after)
    for key, text in new.words.texts.items():
        yield from _lines(f"words.{key}", "say", [old.words.texts[key].source], [text.source])


def _translations(old: Content, new: Content) -> Iterator[Change]:
    """Translations that changed while their French stayed; languages that came or went."""
    before, after = old.catalogues.languages, new.catalogues.languages
    yield from _lines("translations", "language", before, after)
    known = {(source.text.context, source.text.source) for source in sources(old)}
    for source in sources(new):
        if (source.text.context, source.text.source) in known:
            for language in (one for one in after if one in before):
                said = old.translate(source.text, language), new.translate(source.text, language)
                yield from _lines(f"{source.text.context} [{language}]", "say", [said[0]], [said[1]])
