"""Who answers for a partner, and who stands in while somebody is away. Pure: the same answer for the same members and the same day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot.domain.addresses import Address
from bot.domain.ids import MemberId

Standing = Literal["invited", "refused", "absent", "present"]


@dataclass(frozen=True, slots=True)
class Member:
    """One address that answers for one partner. `role` is what the person does there, never a name.

    Nobody hears of a referral before `verified_at`: their own answer to our first text. Both days of an absence are included; without
    `absent_to` it has no end yet. `pin` is a keyed hash; `number` is what the invitation asks to be sent back.
    """

    id: MemberId
    partner: str
    role: str
    address: Address
    language: str
    digest: bool
    source: str
    number: str
    invited_at: datetime
    verified_at: datetime | None = None
    refused_at: datetime | None = None
    absent_from: date | None = None
    absent_to: date | None = None
    deputy: MemberId | None = None
    pin: bytes | None = None

    def away(self, day: date) -> bool:
        """Whether they are absent on that day."""
        return self.absent_from is not None and self.absent_from <= day and (self.absent_to is None or day <= self.absent_to)

    def standing(self, day: date) -> Standing:
        """What may be expected of them on that day."""
        if self.refused_at is not None:
            return "refused"
        if self.verified_at is None:
            return "invited"
        return "absent" if self.away(day) else "present"


@dataclass(frozen=True, slots=True)
class Team:
    """All members on one day."""

    members: Mapping[MemberId, Member]
    day: date

    def of(self, partner: str) -> tuple[Member, ...]:
        """Those of a partner that may be told of referrals, present or not, in a fixed order."""
        verified = (member for member in self.members.values() if member.partner == partner and member.standing(self.day) in _TELLABLE)
        return tuple(sorted(verified, key=lambda member: (member.invited_at, str(member.id))))

    def stand_in(self, member: Member) -> Member | None:
        """Who reads for an absent member: the deputy, or the deputy's deputy where that one is away too; None when nobody does."""
        passed = {member.id}
        found = self.members.get(member.deputy) if member.deputy else None
        while found is not None and found.id not in passed:
            if found.standing(self.day) == "present":
                return found
            passed.add(found.id)
            found = self.members.get(found.deputy) if found.deputy and found.standing(self.day) == "absent" else None
        return None

    def readers(self, partner: str) -> tuple[Member, ...]:
        """Who hears of a partner's referrals today: each member that is there, and for each that is not whoever stands in; every
        address once."""
        found: dict[Address, Member] = {}
        for member in self.of(partner):
            reader = member if member.standing(self.day) == "present" else self.stand_in(member)
            if reader is not None:
                found.setdefault(reader.address, reader)
        return tuple(found.values())

    def deputies(self, partner: str) -> tuple[Member, ...]:
        """The deputies of a partner's members that are there and do not read anyway: whom to ask when the members stay silent."""
        reading = {reader.address for reader in self.readers(partner)}
        found: dict[Address, Member] = {}
        for member in self.of(partner):
            deputy = self.stand_in(member)
            if deputy is not None and deputy.address not in reading:
                found.setdefault(deputy.address, deputy)
        return tuple(found.values())

    def answers_for(self, address: Address) -> tuple[str, ...]:
        """The partners for which this address may act: its own, those it stands in for today, and those whose deputy it is."""
        own = [member for member in self.members.values() if member.address == address and member.standing(self.day) in _TELLABLE]
        partners = [member.partner for member in sorted(own, key=lambda member: (member.invited_at, str(member.id)))]
        helped = (member for member in self.members.values() if member.standing(self.day) in _TELLABLE and member.address != address)
        for member in sorted(helped, key=lambda member: (member.partner, str(member.id))):
            deputy = self.stand_in(member)
            if deputy is not None and deputy.address == address:
                partners.append(member.partner)
        return tuple(dict.fromkeys(partners))

    def back(self, partner: str) -> date | None:
        """The first day on which somebody of a partner is there again, where everybody is away today; None when somebody reads, when
        there is nobody, or when no end was named."""
        away = self.of(partner)
        if not away or self.readers(partner):
            return None
        return min((member.absent_to + timedelta(days=1) for member in away if member.absent_to), default=date.max)


_TELLABLE: tuple[Standing, ...] = ("absent", "present")


def team(members: Iterable[Member], day: date) -> Team:
    """The members by id."""
    return Team({member.id: member for member in members}, day)


NOBODY = team((), date.min)
