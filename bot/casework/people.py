"""Who writes from an address, who is told about a partner's referrals, and who can take something now.

Two kinds of people answer for partners: members, who joined and said yes themselves, and the demonstration numbers of the sandbox.
What a partner's file names (e-mail, its own system) is told, and answers nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.content import Content
from bot.domain.addresses import Address
from bot.domain.caseworkers import Caseworker
from bot.domain.cover import hearing
from bot.domain.members import NOBODY, Member, Team
from bot.domain.routing import Staffing
from bot.storage import members, referrals, standing
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Reader:
    """One who is told about a partner's referrals. `member` is opaque."""

    address: Address
    language: str = "fr"
    digest: bool = False
    member: str = ""


def caseworker_at(content: Content, tx: Transaction, address: Address, known: Sequence[Member] | None = None) -> Caseworker | None:
    """The caseworker who writes from this address; None when it is not registered, or has not answered our first text yet. `known` are
    the members there, where somebody has asked already."""
    known = members.at(tx, address) if known is None else known
    team = members.on_duty(tx) if known else NOBODY
    # Whoever was named by WhatsApp and writes by SMS is the same one, with the same PIN, questions and history.
    registered = [member.address for member in known if member.verified_at]
    own = address if address in registered else next(iter(registered), address)
    joined = chain.from_iterable(team.answers_for(one) for one in dict.fromkeys([own, *registered]))
    partners = tuple(dict.fromkeys((*content.partners_at(address), *joined)))
    if not partners:
        return None
    regions = content.directory.country.regions.values()
    coordinates = tuple(region.name for region in regions if region.coordinator in partners)
    language = next((member.language for member in known if member.verified_at), content.partner_language(partners[0]))
    pin = next((member.pin for member in known if member.verified_at and member.pin and member.address == own), None)
    return Caseworker(member_id(tx, own), partners, language, pin, coordinates, own)


def readers(content: Content, tx: Transaction, partner: str) -> tuple[Reader, ...]:
    """Who is told about a partner's referrals now: its members, deputies for those who are away, and the means of its file."""
    known = content.partner_addresses(partner)
    named = [Reader(address, language, member=member_id(tx, address)) for address, language in known]
    return _once(named + _as_readers(tx, members.on_duty(tx).readers(partner)))


def deputies(content: Content, tx: Transaction, partner: str) -> tuple[Reader, ...]:
    """Whom to ask when those who read for a partner stay silent: the deputies of its members that are there."""
    return _once(_as_readers(tx, members.on_duty(tx).deputies(partner)))


def has_mailbox(content: Content, partner: str) -> bool:
    """Whether something is read there (e-mail, a system of its own), although perhaps nobody answers by text."""
    known = content.directory.partners.get(partner)
    return known is not None and bool(known.means)


def away(tx: Transaction, duty: "Duty", partner: str) -> tuple[Reader, ...]:
    """The members of a partner that are absent today and hear from us."""
    return _once(_as_readers(tx, tuple(one for one in duty.hearing.of(partner) if one.standing(duty.hearing.day) == "absent")))


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is there today: all members, those among them that hear from us, the addresses that stopped us, and the telephones of the
    sandbox by partner."""

    everyone: Team
    hearing: Team
    silent: frozenset[Address]
    demo: Mapping[str, frozenset[Address]]

    def answers(self, partner: str) -> bool:
        """Whether somebody who answers by text reads for a partner."""
        return bool(self.readers(partner))

    def readers(self, partner: str) -> frozenset[Address]:
        """The telephones that read for a partner and may answer."""
        heard = frozenset(member.address for member in self.hearing.readers(partner))
        return heard | (self.demo.get(partner, frozenset()) - self.silent)


def duty(content: Content, tx: Transaction) -> Duty:
    """Who is there today, as this transaction sees it."""
    everyone = members.on_duty(tx)
    partners = content.directory.partners.values()
    demo = {partner.id: frozenset(phone.address for phone in partner.demo_phones) for partner in partners if partner.demo_phones}
    asked = {*chain(*demo.values()), *(member.address for member in everyone.members.values())}
    silent = standing.silent(tx, asked)
    return Duty(everyone, hearing(everyone, silent), silent, demo)


def staffing(content: Content, tx: Transaction) -> Staffing:
    """Who can take a referral now. A partner can where somebody who answers by text is there and has not stopped us."""
    now = duty(content, tx)
    told = frozenset(partner for partner in content.directory.partners if now.answers(partner))
    away = {partner: now.hearing.back(partner) for partner in content.directory.partners if partner not in told}
    return Staffing(referrals.loads(tx), {partner: back for partner, back in away.items() if back is not None}, told)


def staffed(content: Content, tx: Transaction) -> Content:
    """The content, whose routing knows who is there in this transaction. Asked for at most once, and only when something is routed."""
    found: list[Staffing] = []

    def now() -> Staffing:
        if not found:
            found.append(staffing(content, tx))
        return found[0]

    return content.staffed(now)


def member_id(tx: Transaction, address: Address) -> str:
    """How histories name whoever writes from an address: opaque, and the same as long as the key of the index is."""
    return tx.vault.hash_address(address).hex()


def _as_readers(tx: Transaction, found: tuple[Member, ...]) -> list[Reader]:
    return [reader_of(tx, member) for member in found]


def reader_of(tx: Transaction, member: Member) -> Reader:
    """A member as somebody who is told."""
    return Reader(member.address, member.language, member.digest, member_id(tx, member.address))


def _once(found: list[Reader]) -> tuple[Reader, ...]:
    return tuple({reader.address: reader for reader in reversed(found)}.values())[::-1]
