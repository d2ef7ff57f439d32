"""The book of paths: every path of every flow as a conversation that somebody who does not program can read and approve.

Each path carries a mark made of exactly what is read, in one language on one channel: a text that changes changes the marks of
the paths that show it, and of no other.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.content import Content
from bot.domain.addresses import ChannelType
from bot.domain.messages import Choice
from bot.domain.segments import render_for_sms
from bot.engine.definition import Flow, Node, Question, Text
from bot.engine.placeholders import fill
from bot.flowtools.chat import FIRST_CODE
from bot.flowtools.describing import do_words
from bot.flowtools.paths import Known, Move, Path, paths_of
from bot.flowtools.sources import shown_options
from bot.flowtools.wording import phrase

# What a person answers to an open question, in the book.
_ANSWERS = {"number": "25", "date": "2025", "place": "Bambey", "phone": "77 000 00 00", "name": "Awa", "text": "...", "media": "[...]"}
_EXAMPLES = {"referral.code": FIRST_CODE, "referral.partner": "BAOS", "contact.place": "Bambey", "results.place": "Bambey"}


@dataclass(frozen=True, slots=True)
class Page:
    """One path as it reads. Lines are (who, text): person, bot or note."""

    path: Path
    language: str
    channel: ChannelType
    lines: tuple[tuple[str, str], ...]

    @property
    def mark(self) -> str:
        """Twelve hexadecimal digits that stand for what is read here."""
        read = "\n".join(f"{who}\t{text}" for who, text in self.lines)
        return hashlib.sha256(f"{self.path.flow}\0{self.language}\0{self.channel}\0{read}".encode()).hexdigest()[:12]


class Book:
    """Writes pages in one language, on one channel."""

    def __init__(self, content: Content, language: str, channel: ChannelType, lang: str | None = None) -> None:
        self._content = content
        self._language = language
        self._channel = channel
        self._lang = lang

    def pages(self, flow: Flow) -> Iterator[Page]:
        """The pages of a flow."""
        for path in paths_of(flow).found:
            yield Page(path, self._language, self._channel, tuple(self._lines(flow, path)))

    def _lines(self, flow: Flow, path: Path) -> Iterator[tuple[str, str]]:
        known: dict[str, str] = {}
        for move in path.moves:
            node = flow.nodes[move.node]
            yield from self._happens(node, known)
            yield from self._moves(node, move)
            if node.ask and move.by == "answer" and move.values:
                known[node.ask.save_as] = move.values[0]

    def _happens(self, node: Node, known: Known) -> Iterator[tuple[str, str]]:
        for do in node.do:
            yield "note", phrase("line_do", self._lang, name=do_words(do))
        options = shown_options(self._content.flows, node.ask) if node.ask else ()
        for number, text in enumerate(node.say, 1):
            yield "bot", self._message(text, options if number == len(node.say) else (), known)
        if node.call:
            yield "note", phrase("line_call", self._lang, name=node.call)
        if node.form and node.form in self._content.flows.forms:
            yield from self._form(node.form, known)

    def _form(self, name: str, known: Known) -> Iterator[tuple[str, str]]:
        form = self._content.flows.forms[name]
        yield "note", phrase("line_form", self._lang, name=name)
        for asked in form.questions:
            if asked.condition:
                yield "note", phrase("way_if", self._lang, value=asked.condition.source)
            yield "bot", self._message(asked.say, shown_options(self._content.flows, asked.question), known)
            yield "person", self._answer(asked.question, ())

    def _moves(self, node: Node, move: Move) -> Iterator[tuple[str, str]]:
        """What the person does, or the silence, or what is supposed."""
        if node.ask and move.by == "answer":
            yield "person", self._answer(node.ask, move.values)
        elif move.by == "skip":
            yield "person", phrase("book_skips", self._lang)
        elif move.by == "timeout":
            yield "note", phrase("way_timeout", self._lang)
        elif move.by != "go":
            yield "person", phrase(f"way_{move.by}", self._lang, value=", ".join(move.values))
        for source in move.assumed:
            code = "book_unless" if source.startswith("! ") else "way_if"
            yield "note", phrase(code, self._lang, value=source.removeprefix("! "))

    def _answer(self, question: Question, values: tuple[str, ...]) -> str:
        if question.answer not in ("yes_no", "choice"):
            return _ANSWERS[question.answer]
        values = values or (question.options[0].value if question.options else "yes",)
        options = shown_options(self._content.flows, question)
        ids = ("yes", "no") if question.answer == "yes_no" else tuple(option.value for option in question.options)
        labels = dict(zip(ids, (self._translate(option) for option in options), strict=True))
        return phrase("book_or", self._lang).join(labels[value] for value in values)

    def _message(self, text: Text, options: tuple[Text, ...], known: Known) -> str:
        said = fill(self._translate(text), lambda name: self._value(name, known))
        choices = tuple(Choice("", self._translate(option)) for option in options)
        if self._channel == "whatsapp":
            return "\n".join((said, *(f"[{choice.label}]" for choice in choices)))
        return render_for_sms("\n".join((said, *(f"{n} {choice.label}" for n, choice in enumerate(choices, 1)))), self._language)

    def _value(self, name: str, known: Known) -> str:
        key = name.partition(".")[2]
        label = self._content.flows.labels.get((key, known.get(key, "")))
        if label is not None:
            return self._translate(label)
        return self._content.value(name, self._language) or _EXAMPLES.get(name) or f"({key})"

    def _translate(self, text: Text) -> str:
        return self._content.translate(text, self._language)


_SIGNS: Mapping[str, str] = {"person": "> **{text}**", "bot": "> {text}", "note": "> *({text})*"}


def written(pages: Iterator[Page], lang: str | None = None) -> Iterator[str]:
    """Pages as Markdown."""
    for page in pages:
        values = {"flow": page.path.flow, "number": page.path.number, "language": page.language, "channel": page.channel, "mark": page.mark}
        yield f"### {phrase('book_page', lang, **values)}"
        yield ""
        for who, text in page.lines:
            yield _SIGNS[who].format(text=text.replace("\n", "  \n> "))
            yield ">"
        yield ""
