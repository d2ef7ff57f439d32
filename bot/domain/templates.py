"""Approved templates: the only words that WhatsApp lets through when a person has not written for a day.

Rules of Meta and Twilio (twilio.com/docs/content/using-variables-with-content-api, twilio.com/docs/content/content-types-overview):
variables are numbered from 1 without gaps, stand neither at the beginning nor at the end nor next to each other, and x of them need
at least 2x+1 words beside them; a body has at most 1,024 characters with a button, a button 20. A value is neither empty nor has it
a line break or more than four blanks in a row (63013).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

TemplatePurpose = Literal["news", "reminder", "notice"]
PURPOSES: tuple[TemplatePurpose, ...] = ("news", "reminder", "notice")
# How many values each purpose fills in: a notice is told in full, for an emergency cannot wait for an answer.
VALUES: Mapping[TemplatePurpose, int] = {"news": 0, "reminder": 0, "notice": 1}
# What comes back when the button of a template is tapped: show what waits, and no more.
READ = "dellusi:read"
LONGEST_BODY, LONGEST_BUTTON, LONGEST_VALUE = 1024, 20, 700
_VARIABLE = re.compile(r"\{\{(\d+)\}\}")

# unsent: only described. pending: Meta has not decided. approved: may be sent. The others may not.
Approval = Literal["unsent", "pending", "approved", "rejected", "paused", "disabled"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What Meta thinks of one template, and why where it says so."""

    approval: Approval
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """One template in one language. `code` is the language that Meta is told, `button` is empty where there is none."""

    purpose: TemplatePurpose
    language: str
    code: str
    category: str
    body: str
    button: str
    samples: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name at the provider. It ends in a digest of its words: a refused name cannot be used again, and changed words are
        another template that has to be approved anew."""
        parts = (self.purpose, self.language, self.code, self.category, self.body, self.button)
        return f"dellusi_{self.purpose}_{self.language}_{sha256(chr(0).join(parts).encode()).hexdigest()[:8]}"

    def text(self, values: Sequence[str]) -> str:
        """What the person reads."""
        return _VARIABLE.sub(lambda match: values[int(match[1]) - 1], self.body)


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """A template on its way: the provider's id and the values of its variables."""

    content_sid: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateBook:
    """Every described template by (purpose, language)."""

    templates: Mapping[tuple[TemplatePurpose, str], Template]

    def candidates(self, purpose: TemplatePurpose, language: str) -> tuple[Template, ...]:
        """What may stand for a purpose: in the person's language, else in French."""
        found = (self.templates.get((purpose, spoken)) for spoken in dict.fromkeys((language, "fr")))
        return tuple(template for template in found if template is not None)


NO_TEMPLATES = TemplateBook({})


def problems(template: Template) -> tuple[str, ...]:
    """Codes of the rules that a template breaks; empty when Meta may get it."""
    body = template.body.strip()
    numbers = [int(number) for number in _VARIABLE.findall(body)]
    distinct, words = sorted(set(numbers)), len(_VARIABLE.sub(" ", body).split())
    found = {
        "template_numbers": distinct != list(range(1, VALUES[template.purpose] + 1)),
        "template_edge": bool(re.match(r"\{\{\d+\}\}", body)) or bool(re.search(r"\{\{\d+\}\}$", body)),
        "template_adjacent": bool(re.search(r"\}\}\s*\{\{", body)),
        "template_ratio": words < 2 * len(distinct) + 1,
        "template_long": len(body) > LONGEST_BODY or len(template.button) > LONGEST_BUTTON,
        "template_samples": len(template.samples) != len(distinct) or any(fitting(sample) != sample for sample in template.samples),
    }
    return tuple(code for code, broken in found.items() if broken)


def fitting(value: str) -> str:
    """A value as a variable may hold it: one line, no run of blanks, never empty, not too long."""
    flat = re.sub(r"\s+", " ", value).strip() or "-"
    return flat if len(flat) <= LONGEST_VALUE else flat[: LONGEST_VALUE - 3].rstrip() + "..."
