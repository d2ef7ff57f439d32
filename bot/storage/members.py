"""Members: who answers for a partner. Addresses are sealed, and found by their keyed hash."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.addresses import Address
from bot.domain.ids import MemberId
from bot.domain.members import Member, Team, team
from bot.storage.database import Transaction, new_id
from bot.storage.models import members


def add(
    tx: Transaction,
    *,
    partner: str,
    address: Address,
    number: str,
    role: str = "",
    language: str = "fr",
    digest: bool = False,
    pin: bytes | None = None,
    source: str = "command",
) -> Member | None:
    """Somebody who is invited to answer for a partner. None when that address was invited for it before."""
    member_id = new_id()
    statement = (
        insert(members)
        .values(
            id=member_id,
            partner=partner,
            role=role,
            channel=address.channel,
            hash=tx.vault.hash_address(address),
            address=tx.vault.seal(address.value, "members.address", member_id),
            language=language,
            pin=pin,
            digest=digest,
            source=source,
            number=number,
            invited_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=[members.c.partner, members.c.hash])
        .returning(members)
    )
    row = tx.execute(statement).one_or_none()
    return _member(tx, row) if row else None


def everyone(tx: Transaction) -> tuple[Member, ...]:
    """All members, by partner; one whose address no key opens is left out."""
    rows = tx.execute(sa.select(members).order_by(members.c.partner, members.c.invited_at, members.c.id))
    return tuple(member for row in rows if (member := _member(tx, row)) is not None)


def on_duty(tx: Transaction) -> Team:
    """All members, as they stand today (the Senegalese day is the UTC day)."""
    return team(everyone(tx), tx.now.date())


_AT = (
    sa.select(members)
    .where(members.c.hash == sa.any_(sa.bindparam("hashes", type_=sa.ARRAY(sa.LargeBinary()))))
    .order_by(members.c.invited_at, members.c.id)
)


def at(tx: Transaction, address: Address) -> tuple[Member, ...]:
    """The members behind an address, one for each partner that it answers for or is invited to.

    What was to go to WhatsApp may have had to go to the same telephone by SMS, and is answered there; never the other way round.
    """
    twin = address.twin if address.channel == "sms" else None
    hashes = [tx.vault.hash_address(one) for one in (address, twin) if one is not None]
    rows = tx.execute(_AT, {"hashes": hashes})
    return tuple(member for row in rows if (member := _member(tx, row)) is not None)


def starting_with(tx: Transaction, beginning: str) -> tuple[MemberId, ...]:
    """The members whose id begins so, two at most."""
    statement = sa.select(members.c.id).where(sa.cast(members.c.id, sa.Text).startswith(beginning, autoescape=True)).limit(2)
    return tuple(MemberId(row.id) for row in tx.execute(statement))


def get(tx: Transaction, member_id: UUID) -> Member | None:
    """A member."""
    row = tx.execute(sa.select(members).where(members.c.id == member_id)).one_or_none()
    return _member(tx, row) if row else None


def verify(tx: Transaction, ids: Sequence[UUID]) -> None:
    """They answered yes."""
    tx.execute(sa.update(members).where(members.c.id.in_(ids)).values(verified_at=tx.now, refused_at=None))


def refuse(tx: Transaction, ids: Sequence[UUID]) -> None:
    """They answered no: nothing is sent to them any more."""
    tx.execute(sa.update(members).where(members.c.id.in_(ids)).values(refused_at=tx.now, verified_at=None))


def invite_again(tx: Transaction, member_id: UUID, number: str) -> None:
    """Another invitation; whoever refused may answer anew, and whoever was verified stays so."""
    tx.execute(sa.update(members).where(members.c.id == member_id).values(invited_at=tx.now, number=number, refused_at=None))


def set_absence(tx: Transaction, member_id: UUID, since: date | None, until: date | None) -> None:
    """They are away on these days, both included; None and None: they are there."""
    tx.execute(sa.update(members).where(members.c.id == member_id).values(absent_from=since, absent_to=until))


def set_deputy(tx: Transaction, member_id: UUID, deputy: UUID | None) -> None:
    """Who stands in for them."""
    tx.execute(sa.update(members).where(members.c.id == member_id).values(deputy_id=deputy))


def change(tx: Transaction, member_id: UUID, *, role: str, language: str, digest: bool, pin: bytes | None) -> None:
    """What the file says of a member now. `pin` None leaves the present one."""
    kept = {"role": role, "language": language, "digest": digest} | ({"pin": pin} if pin is not None else {})
    tx.execute(sa.update(members).where(members.c.id == member_id).values(**kept))


def set_digest(tx: Transaction, member_id: UUID, *, digest: bool) -> None:
    """Whether they get one message a day."""
    tx.execute(sa.update(members).where(members.c.id == member_id).values(digest=digest))


def set_pin(tx: Transaction, member_id: UUID, pin: bytes | None) -> None:
    """The hash of their PIN."""
    tx.execute(sa.update(members).where(members.c.id == member_id).values(pin=pin))


def remove(tx: Transaction, member_id: UUID) -> None:
    """They left: nothing of them stays. Histories keep the opaque hash that they acted under."""
    tx.execute(sa.delete(members).where(members.c.id == member_id))


def _member(tx: Transaction, row: "sa.Row[tuple[object, ...]]") -> Member | None:
    value = tx.vault.open_if_possible(row.address, "members.address", row.id)
    if value is None:
        return None
    return Member(
        MemberId(row.id),
        row.partner,
        row.role,
        Address(row.channel, value),
        row.language,
        row.digest,
        row.source,
        row.number,
        row.invited_at,
        row.verified_at,
        row.refused_at,
        row.absent_from,
        row.absent_to,
        MemberId(row.deputy_id) if row.deputy_id else None,
        row.pin,
    )
