"""What turns state, written in one transaction. An event without its effect does not type-check."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import assert_never
from uuid import UUID

from bot.casework.desk import Outcome
from bot.domain.ids import MessageId
from bot.domain.merging import Bubble
from bot.domain.referrals import ReferralSummary
from bot.domain.sending import LIFETIMES, WINDOWS, Purpose
from bot.domain.understanding import Understanding
from bot.engine import events as facts
from bot.engine.turn import Turn
from bot.pipeline import saying
from bot.pipeline.matters import Matters
from bot.pipeline.references import REPLY, TOLD
from bot.pipeline.spoken import with_files
from bot.pipeline.unclear import Around, to_keep
from bot.runtime import Runtime
from bot.storage import contacts, messages, outbox, sessions, submissions, unclear_texts
from bot.storage.contacts import AddressRow, ContactRow
from bot.storage.database import Transaction
from bot.storage.messages import InboundRow, Reply
from bot.storage.referrals import ReferralRow
from bot.storage.sessions import NewSession, SessionRow
from bot.storage.unclear_texts import NewUnclear


class Effects:
    """Collects the outcomes of the turns of one transaction, then writes them in few statements."""

    def __init__(
        self,
        rt: Runtime,
        tx: Transaction,
        saved: Mapping[UUID, SessionRow],
        known: Mapping[UUID, tuple[ReferralRow, ...]],
    ) -> None:
        self._rt = rt
        self._tx = tx
        self._states = {contact_id: row.state for contact_id, row in saved.items()}
        self._kept: dict[UUID, NewSession] = {}
        self._dropped: set[UUID] = set()
        self._referrals = Matters(rt.content, tx, known)
        self._addresses: dict[UUID, AddressRow] = {}
        self._contacts: dict[UUID, ContactRow] = {}
        self._applied: dict[UUID, int] = {}
        self._replies: list[Reply] = []
        self._later: dict[MessageId, datetime] = {}
        self._purposes: dict[MessageId, Purpose] = {}
        self._handled: list[tuple[MessageId, Understanding | None]] = []
        self._unclear: list[NewUnclear] = []

    def know_addresses(self, found: Mapping[UUID, AddressRow]) -> None:
        """Addresses that this transaction writes to."""
        self._addresses.update(found)

    def address(self, address_id: UUID) -> AddressRow:
        """An address that was made known."""
        return self._addresses[address_id]

    def contact(self, contact: ContactRow) -> ContactRow:
        """The contact as earlier turns of this transaction left it."""
        return self._contacts.get(contact.id, contact)

    def session(self, contact_id: UUID) -> Mapping[str, object] | None:
        """The state of the contact's session as earlier turns of this transaction left it."""
        return self._states.get(contact_id)

    def referrals_of(self, contact_id: UUID) -> tuple[ReferralRow, ...]:
        """The contact's referrals, those of this transaction included."""
        return self._referrals.of(contact_id)

    def apply(self, contact: ContactRow, row: InboundRow, turn: Turn, understood: Understanding | None, *, silent: bool = False) -> None:
        """The outcome of a turn for an inbound message."""
        self._handled.append((row.id, understood))
        self._applied[contact.id] = self._applied.get(contact.id, 0) + 1
        self._keep_if_unclear(contact, row, turn, understood)
        self._take(contact, self._addresses[row.address_id], turn, f"{row.id}", silent=silent)

    def _keep_if_unclear(self, contact: ContactRow, row: InboundRow, turn: Turn, understood: Understanding | None) -> None:
        said = [reply.node for reply in self._replies if reply.contact_id == contact.id]
        around = Around(self._states.get(contact.id), self.referrals_of(contact.id), said)
        kept = to_keep(self._rt, self._tx, contact, row, turn, understood, around)
        if kept is not None:
            self._unclear.append(kept)

    def unasked(self, contact: ContactRow, address: AddressRow, turn: Turn, *, urgent: bool = False) -> None:
        """The outcome of a turn that nobody asked for: a reminder. Nothing is said to a person who stopped us, and nothing at night,
        on a Sunday or on a holiday, unless it is urgent."""
        key = f"silence:{contact.id}:{self._tx.now:%Y-%m-%dT%H:%M:%S}"
        before = len(self._replies)
        self._take(contact, address, turn, key, silent=contact.stopped)
        self._purposes.update({reply.id: "reminder" for reply in self._replies[before:]})
        if not urgent:
            self._put_off(self._replies[before:])

    def _put_off(self, replies: list[Reply]) -> None:
        allowed = self._rt.content.directory.calendar.next_unasked(self._tx.now)
        if self._rt.settings.quiet_hours and allowed > self._tx.now:
            self._later.update({reply.id: allowed for reply in replies})

    def by_caseworker(self, contact: ContactRow, row: InboundRow, outcome: Outcome) -> None:
        """The outcome of a caseworker's text: an answer, and a word to the person it is about."""
        self._handled.append((row.id, None))
        self._contacts[contact.id] = contact
        self._applied[contact.id] = self._applied.get(contact.id, 0) + 1
        self._say(contact, self._addresses[row.address_id], [Bubble(outcome.answer, "casework.reply")])
        if outcome.told is not None:
            told = outcome.told
            self.tell(told.contact_id, told.text, told.referral, urgent=told.referral.urgency != "normal")

    def tell(self, contact_id: UUID, text: str, referral: ReferralSummary, *, urgent: bool) -> bool:
        """Say a sentence of the words about a referral, which nobody asked for. False when nothing may be said: the person stopped
        us, cannot be reached, or lets nobody leave a message. At night, on Sundays and on holidays only what is urgent goes out."""
        person = self._contacts.get(contact_id) or contacts.get(self._tx, contact_id)
        address = contacts.latest_address(self._tx, contact_id)
        if person is None or address is None or not saying.may_be_told(person):
            return False
        before = len(self._replies)
        said = self._rt.content.told_text(text, referral, person.language or "fr")
        self._say(person, address, [Bubble(said, TOLD)])
        self._purposes.update({reply.id: "news" for reply in self._replies[before:]})
        if not urgent:
            self._put_off(self._replies[before:])
        return True

    def only_opened(self, contact: ContactRow, row: InboundRow) -> None:
        """The person asked for nothing but what is parked for them: no turn is taken."""
        self._handled.append((row.id, None))
        self._contacts[contact.id] = contact
        self._applied[contact.id] = self._applied.get(contact.id, 0) + 1

    def add(self, contact: ContactRow, row: InboundRow, bubble: Bubble) -> None:
        """A word of the service itself, beside any turn."""
        self._say(contact, self._addresses[row.address_id], [bubble])

    def last_said(self, contact_id: UUID) -> str | None:
        """Where the last thing was said to a contact in this transaction: `flow.node`."""
        said = [reply.node for reply in self._replies if reply.contact_id == contact_id and not reply.node.startswith("casework.")]
        return said[-1] if said else None

    def by_partner_word(self, contact: ContactRow, row: InboundRow, *, stopped: bool, answer: str) -> None:
        """A caseworker stopped our notices, or wants them again. An empty answer is not said."""
        self.only_opened(contact, row)
        if stopped:
            self._take_back(contact)
        self._change(contact, stopped=stopped)
        if answer:
            self._say(self._contacts[contact.id], self._addresses[row.address_id], [Bubble(answer, "casework.reply")])

    def drop_session(self, contact: ContactRow) -> None:
        """A session that cannot go on."""
        self._dropped.add(contact.id)

    def write(self) -> None:
        """Write everything that was collected."""
        tx = self._tx
        messages.add_replies(tx, self._replies)
        # What was parked for these people goes before what they are answered now.
        outbox.release(tx, self._opened())
        self._post([reply for reply in self._replies if reply.id not in self._later], None)
        for due_at in sorted(set(self._later.values())):
            self._post([reply for reply in self._replies if self._later.get(reply.id) == due_at], due_at)
        sessions.drop(tx, [contact_id for contact_id in self._dropped if contact_id not in self._kept])
        sessions.save(tx, list(self._kept.values()))
        contacts.save(tx, [(contact, self._applied.get(contact_id, 0)) for contact_id, contact in self._contacts.items()])
        contacts.note_inbound(tx, [address_id for address_id, row in self._addresses.items() if row.contact_id in self._applied])
        messages.mark_handled(tx, self._handled)
        unclear_texts.add(tx, self._unclear)

    def _post(self, replies: list[Reply], due_at: datetime | None) -> None:
        """Put replies into the outbox in their order, each with as long as it is worth sending."""
        for purpose, group in groupby(replies, key=self._purpose):
            keyed = ((reply, str(reply.address_id)) for reply in group)
            rows = [(REPLY, reply.id, key if due_at is None else outbox.later(key), reply.channel) for reply, key in keyed]
            outbox.add(self._tx, rows, due_at=due_at, lifetime=LIFETIMES[purpose])

    def _purpose(self, reply: Reply) -> Purpose:
        return self._purposes.get(reply.id, "answer")

    def _opened(self) -> list[str]:
        """The keys of the addresses whose window a message of this transaction opened, and of notices to them."""
        heard = [row for row in self._addresses.values() if row.contact_id in self._applied and row.address.channel in WINDOWS]
        notices = [f"notice:{self._tx.vault.hash_address(row.address).hex()}" for row in heard]
        return [*(str(row.id) for row in heard), *notices]

    def _take(self, contact: ContactRow, address: AddressRow, turn: Turn, key: str, *, silent: bool) -> None:  # noqa: C901, PLR0912 - one arm per event
        self._contacts[contact.id] = contact
        said: list[Bubble] = []
        last: list[Bubble] = []
        submission: UUID | None = None
        for event in turn.events:
            match event:
                case facts.MessageSaid():
                    said.append(Bubble(event.text, event.node, event.choices))
                case facts.LanguageChanged():
                    self._change(contact, language=event.language, language_fixed=event.fixed)
                case facts.FieldChanged():
                    self._change_field(contact, event)
                case facts.ConsentGiven():
                    self._consent(contact, address, turn, event.purpose, given=True, text=event.text)
                case facts.ConsentWithdrawn():
                    self._consent(contact, address, turn, event.purpose, given=False, text="")
                case facts.SubmissionCompleted():
                    submission = submissions.add(self._tx, contact.id, event.form, event.version, event.answers)
                case facts.ReferralOpened():
                    last += self._open_referral(contact, event, key, submission)
                case facts.ReferralWithdrawn():
                    self._referrals.withdraw(contact.id, event.code)
                case facts.ReferralConfirmed():
                    self._referrals.confirm(contact.id, event.code, event.answer)
                case facts.ReferralReopened():
                    self._referrals.reopen(contact.id, event.code)
                case facts.ContactStopped():
                    self._change(contact, stopped=True)
                    self._take_back(contact)
                case facts.ContactStarted():
                    self._change(contact, stopped=False)
                case facts.NotUnderstood() | facts.SessionEnded() | facts.SessionFailed():
                    # What was not understood needs its message, and is kept where there is one.
                    pass
                case _:
                    assert_never(event)
        self._keep_session(contact, turn)
        if not silent:
            told = [*said, *last]
            self._say(self._contacts[contact.id], address, with_files(self._rt, turn.flows, self._contacts[contact.id], address, told))

    def _take_back(self, contact: ContactRow) -> None:
        """What was to be said to somebody who wants nothing more is not said: neither what waits nor what this transaction adds."""
        self._replies = [reply for reply in self._replies if reply.contact_id != contact.id]
        for address_id in contacts.address_ids(self._tx, contact.id):
            outbox.cancel_for_key(self._tx, str(address_id))

    def _change(self, contact: ContactRow, **changes: object) -> None:
        self._contacts[contact.id] = replace(self._contacts[contact.id], **changes)  # type: ignore[arg-type]

    def _change_field(self, contact: ContactRow, event: facts.FieldChanged) -> None:
        fields = {name: value for name, value in self._contacts[contact.id].fields.items() if name != event.name}
        self._change(contact, fields={**fields, event.name: event.value} if event.value else fields)

    def _consent(self, contact: ContactRow, address: AddressRow, turn: Turn, purpose: str, *, given: bool, text: str) -> None:
        contacts.note_consent(
            self._tx,
            contact.id,
            purpose,
            given=given,
            text=text,
            flows_version=turn.flows,
            language=self._contacts[contact.id].language or "fr",
            channel=address.address.channel,
        )

    def _open_referral(self, contact: ContactRow, event: facts.ReferralOpened, key: str, submission: UUID | None) -> list[Bubble]:
        """Hand a matter over. What is to be said besides what the flow says: that it was joined to one that waits."""
        opened = self._referrals.open(contact.id, event, key, submission)
        if opened is None or opened.state != "duplicate":
            return []
        language = self._contacts[contact.id].language or "fr"
        return [Bubble(self._rt.content.told_text("told_joined", opened.summary, language), TOLD)]

    def _keep_session(self, contact: ContactRow, turn: Turn) -> None:
        if turn.session is None:
            self._states.pop(contact.id, None)
            self._kept.pop(contact.id, None)
            self._dropped.add(contact.id)
            return
        state, top = turn.session.dump(), turn.session.top
        self._states[contact.id] = state
        wait = timedelta(seconds=turn.session.wait_seconds)
        self._kept[contact.id] = NewSession(contact.id, state, turn.session.flows, top.name, top.at, wait)

    def _say(self, contact: ContactRow, address: AddressRow, said: list[Bubble]) -> None:
        self._replies.extend(saying.replies(self._rt, contact, address, said))


def tell_person(rt: Runtime, tx: Transaction, row: ReferralRow, text: str) -> bool:
    """A word about a referral outside any turn, at a decent hour where it is not urgent. False when nothing may be said."""
    effects = Effects(rt, tx, {}, {})
    told = effects.tell(row.contact_id, text, row.summary, urgent=row.urgency != "normal")
    effects.write()
    return told
