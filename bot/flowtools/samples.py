"""The longest values that may come into a text: what a message costs is counted with these, not with an example."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from bot.content import Content
from bot.content.assets import partner_name
from bot.domain.referrals import CODE_LENGTH
from bot.domain.segments import offenders
from bot.engine.definition import Question

# What people may type at most (bot.engine.answers): a name of 40 letters, nine digits, a phone number in international form.
_TYPED = {"name": "m" * 40, "number": "9" * 9, "phone": "+221770000000", "date": "2026-12-28", "media": "document", "text": "m" * 160}
_DATES = ("due", "opened")


class Samples:
    """Worst cases by placeholder and language."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def worst(self, name: str, language: str, *, rare: bool) -> str:
        """The longest value of a placeholder; with `rare` the longest one that has letters outside the SMS alphabet, if any has."""
        values = list(self._values(name, language))
        dear = [value for value in values if offenders(value)] if rare else []
        return max(dear or values, key=len, default="")

    def _values(self, name: str, language: str) -> Iterable[str]:
        scope, _, key = name.partition(".")
        if key.rpartition(".")[2] in _DATES:
            return [self._content.value(f"date.{date(2026, month, 28)}", language) or "" for month in range(1, 13)]
        if key == "code":
            return ["W" * CODE_LENGTH]
        if key == "partner":
            return self._partners
        if name == "place.name":
            return [f"{place.name} ({place.department or place.region})" for place in self._content.places.places.values()]
        if scope == "referral":
            return self._notice_values(key, language)
        if scope in ("results", "contact"):
            return self._answers(key, language)
        value = self._content.value(name, language)
        return [value] if value else []

    def _answers(self, key: str, language: str) -> list[str]:
        labels = [self._content.translate(text, language) for (saved, _), text in self._content.flows.labels.items() if saved == key]
        kinds = {question.answer for question in self._questions if question.save_as == key}
        typed = [_TYPED[kind] for kind in kinds if kind in _TYPED]
        places = [place.name for place in self._content.places.places.values()] if key.endswith("place") else []
        return [*labels, *typed, *places]

    def _notice_values(self, key: str, language: str) -> list[str]:
        groups = {"need": "needs", "urgency": "urgencies", "state": "states"}
        if key == "place":
            return [f"{place.department or ''}, {place.region}" for place in self._content.places.places.values()]
        group = groups.get(key, key)
        return [
            self._content.translate(text, language) for name, text in self._content.notices.texts.items() if name.startswith(f"{group}.")
        ]

    @cached_property
    def _partners(self) -> list[str]:
        return [partner_name(partner) for partner in self._content.directory.partners.values() if partner.usable]

    @cached_property
    def _questions(self) -> list[Question]:
        flows = self._content.flows
        asked = [node.ask for flow in flows.flows.values() for node in flow.nodes.values() if node.ask]
        return asked + [question.question for form in flows.forms.values() for question in form.questions]
