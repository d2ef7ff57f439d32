"""A flow's parts in an author's words: what a node does, asks and says. Shared by the tree, the picture, the book and the diff."""

from collections.abc import Callable, Iterator

from bot.engine.definition import Do, Flow, Node, Question, Text, Trigger
from bot.flowtools.wording import phrase

Translate = Callable[[Text], str]


def answer_words(question: Question, lang: str | None = None) -> str:
    """What is asked for: `un lieu, gardé sous « place », peut être passée`."""
    words = [phrase(f"answer_{question.answer}", lang), phrase("asked_kept", lang, name=question.save_as)]
    if question.optional:
        words.append(phrase("asked_optional", lang))
    if question.skip_known:
        words.append(phrase("asked_known", lang))
    return ", ".join(words)


def do_words(do: Do) -> str:
    """An action with its values: `open_referral need: job, urgency: normal`."""
    values = ", ".join(f"{name}: {value}" for name, value in do.values.items() if value)
    return f"{do.action} ({values})" if values else do.action


def node_lines(node: Node, translate: Translate, lang: str | None = None) -> Iterator[tuple[str, str]]:
    """What happens at a node as (kind, line): do, say, ask, choice, form or call."""
    for do in node.do:
        yield "do", phrase("line_do", lang, name=do_words(do))
    for text in node.say:
        yield "say", phrase("line_say", lang, text=translate(text))
    if node.ask:
        yield "ask", phrase("line_ask", lang, name=answer_words(node.ask, lang))
        for number, option in enumerate(node.ask.options, 1):
            yield "choice", f"{number} {translate(option.label)}"
    if node.form:
        yield "form", phrase("line_form", lang, name=node.form)
    if node.call:
        yield "call", phrase("line_call", lang, name=node.call)


def trigger_words(trigger: Trigger, lang: str | None = None) -> str:
    """What starts a flow: its meanings and keywords."""
    parts = []
    if trigger.intents:
        parts.append(phrase("way_intent", lang, value=", ".join(trigger.intents)))
    for language, words in trigger.keywords.items():
        parts.append(phrase("trigger_words", lang, language=language, words=", ".join(words)))
    return " ; ".join(parts)


def title(flow: Flow, lang: str | None = None) -> str:
    """`training (conversation) : Offres de formation`."""
    return f"{flow.name} ({phrase('kind_' + flow.kind, lang)}) : {flow.about}"
