"""The referrals of the contacts of one transaction, as its turns leave them: opened, withdrawn, opened again."""

from collections.abc import Callable, Mapping
from uuid import UUID

from bot.casework.escalation import escalate
from bot.casework.opening import announce_or_join
from bot.casework.withdrawing import CONTACT, withdraw
from bot.content import Content
from bot.domain.errors import Conflict
from bot.engine import events as facts
from bot.storage import history, referrals
from bot.storage.database import Transaction
from bot.storage.referrals import ReferralRow


class Matters:
    """Referrals by contact, those of this transaction included."""

    def __init__(self, content: Content, tx: Transaction, known: Mapping[UUID, tuple[ReferralRow, ...]]) -> None:
        self._content = content
        self._tx = tx
        self._known = dict(known)

    def of(self, contact_id: UUID) -> tuple[ReferralRow, ...]:
        """The contact's referrals."""
        return self._known.get(contact_id, ())

    def open(self, contact_id: UUID, event: facts.ReferralOpened, key: str, submission: UUID | None) -> ReferralRow | None:
        """Hand a matter over. None when the same turn did so before."""
        opened = referrals.add(
            self._tx,
            contact_id,
            code=event.code,
            effect_key=f"ref:{key}:{event.need}",
            need=event.need,
            place=event.place,
            urgency=event.urgency,
            partner=event.partner,
            reason=event.reason,
            submission_id=submission,
        )
        if opened is None:
            return None
        opened = announce_or_join(self._content, self._tx, opened)
        self._known[contact_id] = (*self.of(contact_id), opened)
        return opened

    def withdraw(self, contact_id: UUID, code: str) -> None:
        """The person takes it back."""
        self._change(contact_id, code, lambda row: withdraw(self._content, self._tx, row))

    def reopen(self, contact_id: UUID, code: str) -> None:
        """The person says that nobody was in touch. What was withdrawn or joined to another stays as it is."""
        self._change(contact_id, code, self._reopened)

    def confirm(self, contact_id: UUID, code: str, answer: str) -> None:
        """What the person answered about it is a line of its history."""
        self._change(contact_id, code, lambda row: self._noted(row, answer))

    def _reopened(self, row: ReferralRow) -> ReferralRow:
        locked = referrals.lock(self._tx, row.id) or row
        self._noted(locked, "not_contacted")
        try:
            return escalate(self._content, self._tx, locked, CONTACT)
        except Conflict:
            return locked

    def _noted(self, row: ReferralRow, answer: str) -> ReferralRow:
        history.note(self._tx, row.id, move="answer", state=row.state, by=CONTACT.by, door=CONTACT.door, detail=answer, partner=row.partner)
        return row

    def _change(self, contact_id: UUID, code: str, change: Callable[[ReferralRow], ReferralRow]) -> None:
        known = self.of(contact_id)
        self._known[contact_id] = tuple(change(row) if row.code == code else row for row in known)
