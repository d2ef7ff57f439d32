"""Joining: whoever is named as a member gets one text about it, and is told of nothing before they have answered it with yes."""

import re
import secrets
from collections.abc import Collection, Sequence

from wolof.spelling import fold_text

from bot.casework.desk import Outcome
from bot.casework.notices import NOTICE
from bot.casework.notices import tell as announced
from bot.casework.parting import part, take_up
from bot.casework.people import reader_of
from bot.content import Content
from bot.domain.addresses import Address
from bot.domain.cover import hearing
from bot.domain.ladder import UNSEEN
from bot.domain.members import Member, team
from bot.domain.sending import LIFETIMES
from bot.storage import members, notifications, outbox, referrals, standing
from bot.storage.database import Transaction
from bot.translation import readable_date

_NUMBER = re.compile(r"(?<!\d)(\d{2})(?!\d)")


def new_number(tx: Transaction, address: Address) -> str:
    """What an invitation asks to be sent back, so that a `oui` meant for something else is not an answer. One for all invitations that
    wait at an address: one answer is enough."""
    waiting = [member.number for member in members.at(tx, address) if _waits(member)]
    return waiting[0] if waiting else str(10 + secrets.randbelow(90))


def invite(content: Content, tx: Transaction, member: Member) -> bool:
    """Ask somebody whether they will answer for a partner. False when this invitation went out before."""
    values = {"partner": content.value(f"partner.{member.partner}", member.language) or member.partner, "number": member.number}
    return tell(content, tx, member, "verify_member", f"{member.invited_at:%Y%m%dT%H%M%S}", **values)


def tell(content: Content, tx: Transaction, member: Member, event: str, occasion: str, **values: str) -> bool:
    """A notice to one member about the membership itself. False when it went out before on this occasion."""
    notification_id = notifications.add(
        tx,
        referral_id=None,
        effect_key=f"{event}:{member.id}:{occasion}",
        partner=member.partner,
        event=event,
        recipient=member.address,
        text=content.word(f"notices.{event}", member.language, **values),
    )
    if notification_id is None:
        return False
    key = f"notice:{tx.vault.hash_address(member.address).hex()}"
    outbox.add(tx, [(NOTICE, notification_id, key, member.address.channel)], lifetime=LIFETIMES["notice"])
    return True


def ask_stand_in(content: Content, tx: Transaction, member: Member) -> bool:
    """Tell whoever stands in for an absent member from its first day on. False when nobody does: whoever is named has not said yes, has
    said no, stopped us, or is away too and has no deputy that is there."""
    first, last, everyone = member.absent_from or tx.now.date(), member.absent_to, members.everyone(tx)
    other = hearing(team(everyone, first), standing.silent(tx, [one.address for one in everyone])).stand_in(member)
    if other is None:
        return False
    partner = content.value(f"partner.{member.partner}", other.language) or member.partner
    days = {"since": readable_date(first, other.language)} | ({"until": readable_date(last, other.language)} if last else {})
    tell(content, tx, other, "stand_in" if last else "stand_in_open", f"{first}..{last or ''}", partner=partner, **days)
    return True


def answered(
    content: Content, tx: Transaction, address: Address, text: str, *, alone: bool, known: Sequence[Member] | None = None
) -> Outcome | None:
    """What a text says to an invitation of this address, and what is answered; None when it says nothing about one. `known` are the
    members there, where somebody has asked already.

    Without the number a yes or no counts only when nothing else waits for one (`alone`). With the number, whoever said yes before is
    answered as the first time, for two services may have asked and each of the texts is answered; and may still say no.
    """
    known, number = members.at(tx, address) if known is None else known, _NUMBER.search(text)
    joined = [member for member in known if member.verified_at is not None and number is not None and member.number == number[1]]
    waiting = [member for member in known if _waits(member)] or joined
    if not waiting:
        return None
    said = fold_text(_NUMBER.sub(" ", text))
    yes, no = _says(content.caseworker_words["accept"], said), _says(content.caseworker_words["decline"], said)
    if not (yes or no) or (number is None and not alone):
        return None
    meant = [member for member in known if (_waits(member) or member in joined) and (number is None or member.number == number[1])]
    language = waiting[0].language
    if not meant:
        return Outcome(content.reply("join_wrong", language), key="join_wrong")
    (members.verify if yes else members.refuse)(tx, [member.id for member in meant if not yes or _waits(member)])
    for member in meant if not yes else ():
        # Who never said yes was told of nothing, and follows nothing.
        if member.verified_at is not None:
            part(content, tx, member)
    for member in meant if yes else ():
        if _waits(member):
            _catch_up(content, tx, member)
    names = ", ".join(content.value(f"partner.{member.partner}", language) or member.partner for member in meant)
    key = "joined" if yes else "not_joined"
    return Outcome(content.reply(key, language, partner=names), key=key)


def _catch_up(content: Content, tx: Transaction, member: Member) -> None:
    """Whoever joins hears of what waits at their partner unseen, and of what was taken by somebody who is not there any more: it may
    have been waiting for nobody."""
    reader, held = reader_of(tx, member), referrals.held_by(tx, [member.partner])
    for row in held:
        if row.state in UNSEEN:
            announced(content, tx, row, "new_referral", [reader])
    take_up(content, tx, member.partner, held, reader)


def _waits(member: Member) -> bool:
    return member.verified_at is None and member.refused_at is None


def _says(words: Collection[str], said: str) -> bool:
    return said.strip() in {fold_text(word) for word in words}
