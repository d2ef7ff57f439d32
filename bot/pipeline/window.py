"""The 24-hour window of WhatsApp, known before sending: outside it an approved template, while the words wait for the person.

A notice to a partner holds no personal data and may be an emergency, so it goes whole inside its template. Words to a person wait:
the template only says that something is there, and an answer or a tap on its button lets it out.
"""

from dataclasses import replace
from datetime import timedelta

from bot import telemetry
from bot.domain.ids import MessageId
from bot.domain.messages import OutboundMessage
from bot.domain.sending import LIFETIMES, WINDOWS
from bot.domain.templates import TemplatePurpose, TemplateUse, fitting
from bot.pipeline.elsewhere import move
from bot.pipeline.envelope import Outgoing, envelopes, seal_content
from bot.pipeline.references import ADMIN, REPLY, TOLD
from bot.runtime import Runtime
from bot.storage import incidents, messages, outbox, standing, templates
from bot.storage.database import Transaction, new_id
from bot.storage.messages import Reply
from bot.storage.standing import Standing

# Somebody who did not answer a template is not asked again for so long.
_KNOCK_AGAIN = timedelta(days=3)


def through(rt: Runtime, tx: Transaction, outgoing: Outgoing) -> Outgoing | None:
    """What goes out now in place of this, None when nothing does: it waits, it goes elsewhere, or it is not needed any more."""
    message = outgoing.message
    window = WINDOWS.get(message.recipient.channel) if message else None
    if message is None or window is None:
        return outgoing
    if outgoing.standing is not None and outgoing.standing.window_open(tx.now, window):
        if outgoing.knocks is None:
            return outgoing
        # The person wrote meanwhile: what waited is on its way, and there is nothing to knock for.
        outbox.finish(tx, outgoing.row.id, "cancelled", "window_open")
        return None
    if outgoing.row.kind == REPLY and outgoing.knocks is None:
        _park(rt, tx, outgoing)
        return None
    return _as_template(rt, tx, outgoing)


def _as_template(rt: Runtime, tx: Transaction, outgoing: Outgoing) -> Outgoing | None:
    """A knock, or a notice, in the words that were approved."""
    message = outgoing.message
    if message is None:
        return None
    purpose: TemplatePurpose = outgoing.knocks or "notice"
    values = () if outgoing.knocks else (fitting(message.text),)
    use, text = _approved(rt, tx, purpose, message.language, values)
    if use is not None:
        return replace(outgoing, message=replace(message, template=use, text=text, choices=()))
    if outgoing.partner != ADMIN:
        incidents.note(tx, "template_missing", purpose)
    if outgoing.knocks is not None and outgoing.standing is not None:
        outbox.finish(tx, outgoing.row.id, "cancelled", "no_template")
        unpark_elsewhere(rt, tx, outgoing.standing)
    elif not move(rt, tx, outgoing):
        outbox.park(tx, outgoing.row.id, "no_template")
    return None


def as_sent(rt: Runtime, tx: Transaction, outgoing: Outgoing) -> tuple[OutboundMessage, ...]:
    """How the words may stand in the provider's list: as they are, and as they read inside a template."""
    message = outgoing.message
    if message is None:
        return ()
    if outgoing.row.kind == REPLY or message.recipient.channel not in WINDOWS:
        return (message,)
    use, text = _approved(rt, tx, "notice", message.language, (fitting(message.text),))
    return (message, replace(message, template=use, text=text)) if use else (message,)


def _park(rt: Runtime, tx: Transaction, outgoing: Outgoing) -> None:
    message, where = outgoing.message, outgoing.standing
    if message is None or where is None:
        return
    purpose: TemplatePurpose = "news" if outgoing.node == TOLD else "reminder"
    use, text = _approved(rt, tx, purpose, message.language, ())
    if use is None:
        incidents.note(tx, "template_missing", purpose)
        if move(rt, tx, outgoing):
            return
    outbox.park(tx, outgoing.row.id, "window")
    telemetry.SENDS.labels(outgoing.row.kind, "parked").inc()
    since = max(where.last_inbound_at or tx.now - _KNOCK_AGAIN, tx.now - _KNOCK_AGAIN)
    if use is not None and not standing.knocked(tx, where.contact_id, where.address_id, since):
        _knock(tx, where, purpose, text, message.language)


def _knock(tx: Transaction, where: Standing, purpose: TemplatePurpose, text: str, language: str) -> None:
    content = seal_content(text, (), language, purpose)
    knock = MessageId(new_id())
    reply = Reply(knock, where.contact_id, where.address_id, where.address.channel, content, f"template.{purpose}", None, "template")
    messages.add_replies(tx, [reply])
    outbox.add(tx, [(REPLY, knock, str(where.address_id), where.address.channel)], lifetime=LIFETIMES["knock"])


def unpark_elsewhere(rt: Runtime, tx: Transaction, where: Standing) -> None:
    """No template reaches this person: what waits for an answer goes by another channel where there is one."""
    for outgoing in envelopes(rt, tx, outbox.parked(tx, str(where.address_id))):
        move(rt, tx, outgoing)


def _approved(
    rt: Runtime, tx: Transaction, purpose: TemplatePurpose, language: str, values: tuple[str, ...]
) -> tuple[TemplateUse | None, str]:
    """The approved template for a purpose, in the language or in French, and what it reads like."""
    candidates = rt.templates.candidates(purpose, language)
    pushed = templates.by_names(tx, [template.name for template in candidates])
    for template in candidates:
        row = pushed.get(template.name)
        if row is not None and row.approval == "approved":
            return TemplateUse(row.content_sid, values), template.text(values)
    return None, ""
