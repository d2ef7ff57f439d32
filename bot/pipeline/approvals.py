"""What Meta thinks of our templates, asked again and again: it may change its mind at any time."""

from bot import telemetry
from bot.domain.errors import SendError
from bot.domain.templates import Opinion
from bot.runtime import Runtime
from bot.storage import incidents, templates
from bot.storage.database import Transaction

_REFUSED = ("rejected", "paused", "disabled")


def note_opinion(tx: Transaction, name: str, content_sid: str, opinion: Opinion) -> None:
    """Keep it. A refusal is a matter for an admin: until the words are changed, messages wait or cost an SMS."""
    templates.save(tx, name, content_sid, opinion.approval, opinion.reason)
    if opinion.approval in _REFUSED:
        incidents.note(tx, "template_refused", name, opinion.approval)


def check_templates(rt: Runtime) -> int:
    """Ask about every template that was pushed. How many changed. Nothing is asked where nobody can be."""
    if rt.opinion is None:
        return 0
    names = [template.name for template in rt.templates.templates.values()]
    with rt.database.reading() as tx:
        pushed = templates.by_names(tx, names)
    changed = 0
    for row in pushed.values():
        try:
            opinion = rt.opinion(row.content_sid)
        except SendError as error:
            telemetry.log().warning("template_unknown", code=error.code)
            continue
        if opinion.approval != row.approval:
            changed += 1
            with rt.database.writing() as tx:
                note_opinion(tx, row.name, row.content_sid, opinion)
    return changed
