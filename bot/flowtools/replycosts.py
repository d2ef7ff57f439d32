"""What the replies of the conversations cost as SMS, beside what the same texts would cost if they were sent as they are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.content import Content
from bot.domain.segments import measure, render_for_sms
from bot.flowtools.playing import play
from bot.flowtools.scripts import Script


@dataclass(frozen=True, slots=True)
class ReplyCost:
    """The replies of one language in segments: how many, on average, at worst; `plain_` without our rendering."""

    language: str
    replies: int
    average: float
    worst: int
    plain_average: float
    plain_worst: int


def reply_costs(content: Content, scripts: Sequence[Script]) -> Iterator[ReplyCost]:
    """One line for each language that has a conversation by SMS. A reply is everything that answers one message."""
    for language in content.catalogues.languages:
        texts = list(_replies(content, (script for script in scripts if script.language == language and script.channel == "sms")))
        if texts:
            sent = [measure(render_for_sms(text, language)).segments for text in texts]
            plain = [measure(text).segments for text in texts]
            yield ReplyCost(language, len(texts), _average(sent), max(sent), _average(plain), max(plain))


def _replies(content: Content, scripts: Iterable[Script]) -> Iterator[str]:
    for script in scripts:
        yield from (text for text in play(script, content).replies.values() if text)


def _average(counts: Sequence[int]) -> float:
    return round(sum(counts) / len(counts), 2)


def transcript(content: Content, script: Script) -> str:
    """A conversation as Markdown: what the person sends, what comes back as the phone shows it, and what that costs."""
    verdict = play(script, content)
    said = [step for step in script.steps if step.acts]
    lines = [f"# {script.name}", "", _INTRODUCTION, ""]
    total = 0
    for number, step in enumerate(said, 1):
        text = render_for_sms(verdict.replies.get(step.line, ""), script.language)
        segments = measure(text).segments if text else 0
        total += segments
        lines += [f"**{number}.** {step.text}", "", *(f"> {line}  " for line in text.splitlines()), "", f"_{segments} SMS_", ""]
    lines.append(f"La personne envoie {len(said)} messages. Le service répond en {total} SMS.")
    return "\n".join(lines) + "\n"


_INTRODUCTION = (
    "Cette page est écrite par `dellusi flows cost --write` à partir de `flows/tests/intake_wo.yml`. Elle montre une inscription\n"
    "entière en wolof par SMS, comme le téléphone l'affiche, de la première demande au code de suivi."
)
