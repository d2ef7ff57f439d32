"""What the replies of the conversations cost as SMS, beside what the same texts would cost if they were sent as they are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.content import Content
from bot.domain.merging import Bubble, as_sms, numbered
from bot.domain.segments import measure
from bot.flowtools.playing import play
from bot.flowtools.scripts import Script


@dataclass(frozen=True, slots=True)
class ReplyCost:
    """The replies of one language in segments: how many, on average, at worst; `longest` is the longest single message, `plain_`
    the same texts in one message without our rendering."""

    language: str
    replies: int
    average: float
    worst: int
    longest: int
    plain_average: float
    plain_worst: int


def reply_costs(content: Content, scripts: Sequence[Script]) -> Iterator[ReplyCost]:
    """One line for each language that has a conversation by SMS. A reply is everything that answers one message."""
    for language in content.catalogues.languages:
        replies = list(_replies(content, (script for script in scripts if script.language == language and script.channel == "sms")))
        if replies:
            sent = [[measure(as_sms(bubble, language)).segments for bubble in reply] for reply in replies]
            totals = [sum(segments) for segments in sent]
            plain = [measure("\n".join(numbered(bubble.text, bubble.choices) for bubble in reply)).segments for reply in replies]
            longest = max(max(segments) for segments in sent)
            yield ReplyCost(language, len(replies), _mean(totals), max(totals), longest, _mean(plain), max(plain))


def _replies(content: Content, scripts: Iterable[Script]) -> Iterator[list[Bubble]]:
    for script in scripts:
        yield from (reply for reply in play(script, content).sent.values() if reply)


def _mean(counts: Sequence[int]) -> float:
    return round(sum(counts) / len(counts), 2)


def transcript(content: Content, script: Script) -> str:
    """A conversation as Markdown: what the person sends, what comes back as the phone shows it, and what that costs."""
    verdict = play(script, content)
    said = [step for step in script.steps if step.acts]
    lines = [f"# {script.name}", "", _INTRODUCTION, ""]
    total = 0
    for number, step in enumerate(said, 1):
        texts = [as_sms(bubble, script.language) for bubble in verdict.sent.get(step.line, ())]
        segments = sum(measure(text).segments for text in texts)
        total += segments
        shown = "\n\n".join("\n".join(f"> {line}  " for line in text.splitlines()) for text in texts)
        lines += [f"**{number}.** {step.text}", "", shown, "", f"_{segments} SMS_", ""]
    lines.append(f"La personne envoie {len(said)} messages. Le service répond en {total} SMS.")
    return "\n".join(lines) + "\n"


_INTRODUCTION = (
    "Cette page est écrite par `dellusi flows cost --write` à partir de `flows/tests/intake_wo.yml`. Elle montre une inscription\n"
    "entière en wolof par SMS, comme le téléphone l'affiche, de la première demande au code de suivi."
)
