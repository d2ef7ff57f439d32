"""A referral that was opened from another phone: told to whoever knows its code and a detail that its owner chose."""

from typing import Literal

from bot.domain.referrals import ReferralSummary
from bot.engine.turn import LookUp
from bot.engine.words import joined
from bot.storage import contacts, guesses, referrals
from bot.storage.database import Transaction

# The owner's secret word, where one was chosen, and only it; else the first name or nickname.
_DETAILS = ("secret_word", "first_name")


def looking_up(tx: Transaction, asker: str) -> LookUp:
    """Looks up for one phone; `asker` is its contact. Wrong guesses are counted by phone and by code, so that neither one phone nor
    many get through the few first names there are. A code that does not exist is answered and counted alike."""

    def look_up(code: str, detail: str) -> ReferralSummary | Literal["wrong", "locked"]:
        if guesses.too_many(tx, "word_by_phone", asker) or guesses.too_many(tx, "word_by_code", code):
            return "locked"
        found = next(iter(referrals.by_codes(tx, [code])), None)
        owner = contacts.get(tx, found.contact_id) if found else None
        chosen = next((owner.fields[name] for name in _DETAILS if owner.fields.get(name)), "") if owner else ""
        if found and joined(chosen) and joined(chosen) == joined(detail):
            return found.summary
        guesses.note_wrong(tx, "word_by_phone", asker)
        guesses.note_wrong(tx, "word_by_code", code)
        return "wrong"

    return look_up
