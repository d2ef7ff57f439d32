"""One inbound message, one turn: by the engine for a contact, by casework for a partner's caseworker."""

from bot import telemetry
from bot.casework import joining, offers, people, reading, replies
from bot.casework.desk import Outcome
from bot.casework.parting import fall_silent
from bot.domain.caseworkers import Caseworker
from bot.domain.contacts import Contact
from bot.domain.referrals import find_code
from bot.domain.templates import READ
from bot.domain.understanding import Understanding
from bot.engine import conversation
from bot.engine.events import ContactStarted, MessageSaid, SessionFailed
from bot.engine.state import Session, load_session
from bot.engine.turn import Given, Heard, Turn
from bot.pipeline.effects import Effects
from bot.pipeline.late import is_overdue, say_back
from bot.pipeline.lookup import looking_up
from bot.pipeline.taps import as_tapped
from bot.pipeline.urgency import about_danger
from bot.runtime import Runtime
from bot.storage import contacts, members, standing
from bot.storage.contacts import ContactRow
from bot.storage.database import Transaction
from bot.storage.messages import InboundRow

# An opt-out that the carrier or provider handled itself: it has answered already, and would refuse our answer.
_CARRIER_WORDS = frozenset("STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT".split())


def answer(rt: Runtime, tx: Transaction, effects: Effects, contact: ContactRow, row: InboundRow, understood: Understanding) -> None:
    """Take the turn for a message and hand its outcome to `effects`."""
    if _answer_caseworker(rt, tx, effects, contact, row):
        return
    if row.button == READ:
        # The button of a template: the person wants what is parked for them, and is asked nothing.
        effects.only_opened(contact, row)
        return
    if is_overdue(rt, row, understood):
        say_back(rt, tx, effects, contact, row)
        return
    content = people.staffed(rt.content, tx)
    row = as_tapped(tx, effects, contact, row)
    session = _session(effects, contact)
    opt_out = _opt_out(row)
    heard = Heard(opt_out) if opt_out else Heard(row.text, row.kind, row.button, understood)
    known = snapshot(effects, contact, row.channel)
    given = Given(tx.now, rt.new_code, looking_up(tx, str(contact.id)))
    if session is not None:
        rt.contents.have(tx, session.flows)
    if session is None:
        turn = conversation.start(content, known, heard, given)
    else:
        turn = conversation.resume(content, known, session, heard, given)
    _count(turn)
    effects.apply(contact, row, turn, understood, silent=_silent(rt, contact, row, turn))


def _answer_caseworker(rt: Runtime, tx: Transaction, effects: Effects, contact: ContactRow, row: InboundRow) -> bool:
    """Whether the text was for casework: it came from a registered number, or wanted to act like one."""
    address, content = effects.address(row.address_id), people.staffed(rt.content, tx)
    # Every message passes here: the members are looked for once.
    known = members.at(tx, address.address)
    who = people.caseworker_at(content, tx, address.address, known)
    alone = who is None and effects.session(contact.id) is None
    joined = joining.answered(content, tx, address.address, row.text, alone=alone, known=known)
    if joined is not None:
        effects.by_caseworker(contact, row, joined)
        return True
    if who is not None and _partner_opts(rt, tx, effects, contact, row, who):
        return True
    about_offer = offers.handle(content, tx, who.address or address.address, who.partners, row.text) if who is not None else None
    if about_offer is not None:
        effects.by_caseworker(contact, row, about_offer)
        return True
    if who is not None:
        effects.by_caseworker(contact, row, replies.handle(content, tx, who, row.text, public_url=rt.settings.public_url))
        return True
    if _answers_for_nobody(rt, effects, contact, row):
        # Whether the code exists is nobody's business: every number that is not registered gets this answer.
        effects.by_caseworker(contact, row, Outcome(rt.content.reply("not_registered", contact.language or "fr"), key="not_registered"))
        return True
    return False


def _partner_opts(rt: Runtime, tx: Transaction, effects: Effects, contact: ContactRow, row: InboundRow, who: Caseworker) -> bool:
    """Whether a caseworker stops our notices or wants them again, in the words that do so for everybody. START is for their telephone
    over either channel.

    Confirmed once, and not at all where the carrier or provider has answered by itself.
    """
    opt_out = _opt_out(row)
    stops = opt_out == "stop" or rt.content.asks_to("stop_contact", row.text)
    if not stops and opt_out != "start" and not rt.content.asks_to("start_contact", row.text):
        return False
    twin = effects.address(row.address_id).address.twin
    was_stopped = contact.stopped or bool(not stops and twin and standing.silent(tx, [twin]))
    if not stops and twin is not None:
        standing.start_again(tx, twin)
    silent = _is_answered(rt, row) or was_stopped == stops
    answer = "" if silent else rt.content.reply("stopped" if stops else "started", who.language)
    effects.by_partner_word(contact, row, stopped=stops, answer=answer)
    if stops and not was_stopped:
        fall_silent(rt.content, tx, who, effects.address(row.address_id).address)
    return True


def _answers_for_nobody(rt: Runtime, effects: Effects, contact: ContactRow, row: InboundRow) -> bool:
    """Whether a text from a number that is not registered answers a referral as caseworkers do, and nothing else. The person's own
    code is theirs to write."""
    if contact.stopped or row.opt_out is not None or not reading.is_bare_order(rt.content, row.text):
        return False
    code = find_code(row.text)
    return all(referral.code != code for referral in effects.referrals_of(contact.id))


def silence(rt: Runtime, tx: Transaction, effects: Effects, contact: ContactRow) -> None:
    """The wait of a contact's session is over."""
    session = _session(effects, contact)
    latest = contacts.latest_address(tx, contact.id)
    if session is None or latest is None:
        effects.drop_session(contact)
        return
    effects.know_addresses({latest.id: latest})
    given = Given(tx.now, rt.new_code)
    rt.contents.have(tx, session.flows)
    turn = conversation.time_out(people.staffed(rt.content, tx), snapshot(effects, contact, latest.address.channel), session, given)
    _count(turn)
    effects.unasked(contact, latest, turn, urgent=_about_danger(rt, turn))


def _opt_out(row: InboundRow) -> str | None:
    """`stop` or `start` when the provider says that this is one, in whatever words it came; else None."""
    if row.opt_out in ("stop", "start"):
        return row.opt_out
    return "stop" if _is_carrier_word(row) else None


def _is_carrier_word(row: InboundRow) -> bool:
    return row.channel == "sms" and row.text.strip().upper() in _CARRIER_WORDS


def _is_answered(rt: Runtime, row: InboundRow) -> bool:
    """Whether the carrier or provider took the opt-out and has said so; where a gateway only passes words on, it is for us to say."""
    answers = all(channel.capabilities.answers_stop for channel in rt.channels.values() if channel.type == row.channel)
    return row.opt_out is not None or (_is_carrier_word(row) and answers)


def _silent(rt: Runtime, contact: ContactRow, row: InboundRow, turn: Turn) -> bool:
    """Whether nothing may be said: the carrier answered itself, or the person stopped us and is not in danger."""
    if _is_answered(rt, row):
        return True
    started = any(isinstance(event, ContactStarted) for event in turn.events)
    return contact.stopped and not started and not _about_danger(rt, turn)


def _about_danger(rt: Runtime, turn: Turn) -> bool:
    """Whether a flow for danger speaks, also in answer to a word that needed no understanding or to its own question."""
    content = rt.content.as_of(turn.flows)
    return any(about_danger(content, event.node) for event in turn.events if isinstance(event, MessageSaid))


def _session(effects: Effects, contact: ContactRow) -> Session | None:
    saved = effects.session(contact.id)
    if saved is None:
        return None
    try:
        return load_session(saved)
    except (ValueError, KeyError, TypeError):
        telemetry.log().error("session_unreadable", contact=str(contact.id))
        return None


def snapshot(effects: Effects, contact: ContactRow, channel: str) -> Contact:
    """What the engine knows of a person."""
    return Contact(
        channel="whatsapp" if channel == "whatsapp" else "sms",
        language=contact.language,
        language_fixed=contact.language_fixed,
        stopped=contact.stopped,
        fields=dict(contact.fields),
        referrals=tuple(referral.summary for referral in effects.referrals_of(contact.id)),
    )


def _count(turn: Turn) -> None:
    failed = next((event for event in turn.events if isinstance(event, SessionFailed)), None)
    telemetry.TURNS.labels("failed" if failed else "answered").inc()
    if failed:
        telemetry.log().error("flow_fault", code=failed.code, node=failed.node)
