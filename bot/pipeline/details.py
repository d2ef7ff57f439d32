"""What the page behind a link of DETAILS shows: the public app asks here, and sees no table."""

from dataclasses import dataclass

from bot import telemetry
from bot.casework import details
from bot.runtime import Runtime
from bot.translation import SOURCE, readable_date

# What stands on the page, in this order.
LINES = ("code", "first_name", "address", "way", "message", "place", "need", "consent")


@dataclass(frozen=True, slots=True)
class Page:
    """One page in words: a heading, pairs of label and value, the partner's own notes, sentences around them."""

    title: str
    lines: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    notes_label: str
    warning: str


def words(rt: Runtime, *keys: str) -> tuple[str, ...]:
    """Sentences of the page. It cannot know who opens it, so it speaks the language of administration."""
    return tuple(rt.content.word_for("page", key, SOURCE) for key in keys)


def open_page(rt: Runtime, token: str) -> Page | None:
    """Use a link up and tell what it leads to. None when it leads to nothing any more. Raises `Unavailable`."""
    content = rt.content
    with rt.database.writing() as tx:
        found = details.open_link(content, tx, token)
    telemetry.log().info("details_opened" if found else "details_refused", referral=str(found.row.id) if found else None)
    if found is None:
        return None
    told = details.labels(content, found, SOURCE)
    missing = {"address": "address_none", "consent": "consent_none"}
    lines = []
    for key in LINES:
        value = told[key] or content.word_for("page", missing.get(key, "unsaid"), SOURCE)
        lines.append((content.word_for("page", key, SOURCE), value))
    lines.append((content.word_for("page", "until", SOURCE), readable_date(found.row.due_at.date(), SOURCE)))
    title, notes_label, warning = words(rt, "title", "notes", "warning")
    return Page(title, tuple(lines), found.notes, notes_label, warning)
