"""What acting on a caseworker's text needs, and what comes of it."""

from dataclasses import dataclass

from bot.content import Content
from bot.domain.caseworkers import Caseworker
from bot.domain.ids import ContactId
from bot.domain.referrals import ReferralSummary
from bot.storage.database import Transaction
from bot.storage.history import Author
from bot.storage.referrals import ReferralRow


@dataclass(frozen=True, slots=True)
class Told:
    """Something the person is to hear about a referral of theirs: `text` is a sentence of flows/words.yml."""

    contact_id: ContactId
    referral: ReferralSummary
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to the caseworker, and a word to the person where there is one. `key` names the answer in flows/notices.yml."""

    answer: str
    told: Told | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The content, the transaction, who writes, and the public address that links begin with."""

    content: Content
    tx: Transaction
    who: Caseworker
    public_url: str = ""

    def say(self, key: str, row: ReferralRow | None = None, told: Told | None = None, **more: str) -> Outcome:
        """An answer in the caseworker's language."""
        summary, place = (row.summary, row.place) if row else (None, "")
        return Outcome(self.content.reply(key, self.who.language, summary, place, **more), told, key)

    def word(self, group: str, key: str) -> str:
        """A code as the caseworker reads it."""
        return self.content.word_for(group, key, self.who.language)


@dataclass(frozen=True, slots=True)
class Matter:
    """A referral that the caseworker may act on, locked, and in whose name."""

    row: ReferralRow
    author: Author

    @property
    def holds(self) -> bool:
        """Whether its own partner holds the referral; else it acts as the region's coordinator."""
        return self.author.actor == "partner"


def tell(row: ReferralRow, text: str) -> Told:
    """A word to the person about a referral."""
    return Told(row.contact_id, row.summary, text)
