"""A small directory in which everybody has a phone of their own, and a referral in any state, to act on."""

from dataclasses import dataclass, replace
from functools import lru_cache

import sqlalchemy as sa

from bot.casework.desk import Outcome
from bot.casework.people import caseworker_at
from bot.casework.replies import handle
from bot.content import Content
from bot.domain.addresses import Address
from bot.domain.ids import ContactId
from bot.domain.referrals import OPEN, State
from bot.storage import contacts, referrals
from bot.storage.database import Transaction
from bot.storage.history import Author
from bot.storage.models import referrals as table
from bot.storage.referrals import ReferralRow
from tests.pipeline.world import AWA, World, shipped, without_phones

HOLDER, COLLEAGUE, FORMER, OTHER, COORDINATOR = (f"+22177000020{number}" for number in range(5))
STRANGER = "+221771110099"
PHONES = {"baos_diourbel": (HOLDER, COLLEAGUE), "anpej": (FORMER,), "caosp": (OTHER,), "ard_diourbel": (COORDINATOR,)}
ROLES = {
    "holder": HOLDER,
    "colleague": COLLEAGUE,
    "former": FORMER,
    "other": OTHER,
    "coordinator": COORDINATOR,
    "person": AWA,
    "stranger": STRANGER,
}
CODE = "K7M4PX"
PLACE = "Diourbel/Mbacké"


@lru_cache(maxsize=1)
def cast() -> Content:
    """The shipped content without the telephones of the sandbox."""
    return without_phones(shipped())


def with_cast(world: World, language: str) -> World:
    """The same world with that content, in which these phones and no others answer for partners."""
    world.serve(cast())
    world.change("DELETE FROM members")
    for partner, phones in PHONES.items():
        for phone in phones:
            world.join(partner, phone, language=language)
    return world


def refer(tx: Transaction, state: State = "offered", *, code: str = CODE, phone: str = AWA, urgency: str = "normal") -> ReferralRow:
    """A referral that one partner had and handed on, in any state."""
    contact = contacts.find_or_create(tx, Address("sms", phone), 2).contact_id
    opened = referrals.add(
        tx,
        contact,
        code=code,
        effect_key=code,
        need="job",
        place=PLACE,
        urgency="urgent" if urgency == "urgent" else "normal",
        partner="anpej",
        reason="because",
        submission_id=None,
    )
    assert opened is not None
    before = Author("partner", "text", "anpej", "former")
    handed = referrals.hand(tx, opened, "transfer", before, partner="baos_diourbel", why="because", reason="transferred")
    outcome = "served" if state == "closed" else None
    over = None if state in OPEN else tx.now
    tx.execute(sa.update(table).where(table.c.id == handed.id).values(state=state, outcome=outcome, closed_at=over))
    return replace(handed, state=state, outcome=outcome, closed_at=over)


def change_fields(world: World, **fields: str) -> None:
    """What the person behind the one referral said, as the intake keeps it."""
    contact = ContactId(world.one("SELECT contact_id FROM referrals"))
    with world.rt.database.writing() as tx:
        person = contacts.get(tx, contact)
        assert person is not None
        contacts.save(tx, [(replace(person, fields={**person.fields, **fields}), 0)])


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of a text: the answer, and the referral afterwards."""

    outcome: Outcome
    after: ReferralRow


def act(content: Content, tx: Transaction, phone: str, text: str, code: str = CODE) -> Acted:
    """A caseworker's text, acted on in this transaction."""
    who = caseworker_at(content, tx, Address("sms", phone))
    assert who is not None
    outcome = handle(content, tx, who, text, public_url="https://example.org/bot")
    (after,) = referrals.by_codes(tx, [code])
    return Acted(outcome, after)
