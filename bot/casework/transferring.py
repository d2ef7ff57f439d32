"""TRANSF: a referral goes to a service or a place that the caseworker names. Both holders stay in its history."""

from wolof.spelling import fold_text

from bot.casework import people
from bot.casework.acting import refusal
from bot.casework.desk import Desk, Matter, Outcome, tell
from bot.casework.notices import announce
from bot.casework.reading import Order
from bot.content.assets import fill_reason, partner_name
from bot.domain.directory import Partner
from bot.domain.places import Place, place_of
from bot.domain.referrals import MOVES
from bot.storage import casework, history, referrals
from bot.storage.casework import Question
from bot.storage.referrals import ReferralRow

# Names to choose from that fit into one SMS.
_MOST_NAMES = 4


def transfer(desk: Desk, matter: Matter, order: Order) -> Outcome:
    """Hand the referral on."""
    row = matter.row
    if row.state not in MOVES["transfer"].sources:
        return refusal(desk, row)
    if not order.rest:
        casework.ask(desk.tx, desk.who.id, Question("transfer", row.code))
        return desk.say("which_place", row)
    place = _place(desk, order.rest)
    named = _partners(desk, order.rest, place, row)
    if len(named) > 1:
        casework.ask(desk.tx, desk.who.id, Question("transfer", row.code))
        return desk.say("which_partner", row, choices=", ".join(partner.name for partner in named[:_MOST_NAMES]))
    if _repeated(desk, row, named, place):
        return desk.say("done_transfer", row)
    # A service that was named and cannot be told is not replaced by one that was not.
    target = named[0] if named else _best_at(desk, row, place) if place and not _mentions_partner(desk, order.rest) else None
    if target is None:
        return desk.say("unknown_place", row)
    if target.id == row.partner:
        return desk.say("same_holder", row)
    return _hand(desk, matter, target, place)


def _repeated(desk: Desk, row: ReferralRow, named: list[Partner], place: Place | None) -> bool:
    """Whether this caseworker has just handed it there: a coordinator's text that came twice must not send it on and on."""
    if history.last_move(desk.tx, row.id) != ("transfer", desk.who.id):
        return False
    return named[0].id == row.partner if named else place is not None and place.code == row.place


def _hand(desk: Desk, matter: Matter, target: Partner, place: Place | None) -> Outcome:
    why = fill_reason(desk.content.notices, "transferred", {"partner": target.name})
    where = place.code if place else None
    handed = referrals.hand(desk.tx, matter.row, "transfer", matter.author, partner=target.id, why=why, reason="transferred", place=where)
    casework.drop_links(desk.tx, handed.id)
    announce(desk.content, desk.tx, handed, "new_referral")
    if not matter.holds:
        announce(desk.content, desk.tx, matter.row, "moved_referral")
    return desk.say("done_transfer", handed, tell(handed, "told_moved"))


def _place(desk: Desk, text: str) -> Place | None:
    found = desk.content.places.resolve(text)
    return found.candidates[0] if found.certain else None


def _partners(desk: Desk, text: str, place: Place | None, row: ReferralRow) -> list[Partner]:
    """The partners that a text names and that can be told: of several (every region has its BAOS) those in the named place, else
    those in the referral's region."""
    mentioned = [partner for partner in _mentioned(desk, text) if people.readers(desk.content, desk.tx, partner.id)]
    where = place or (place_of(row.place) if row.place else None)
    near = [partner for partner in mentioned if partner.in_region(desk.content.directory.region_of(where).name)]
    return near if near and len(mentioned) > 1 else mentioned


def _mentions_partner(desk: Desk, text: str) -> bool:
    return bool(_mentioned(desk, text))


def _mentioned(desk: Desk, text: str) -> list[Partner]:
    said = f" {fold_text(text)} "
    found: list[tuple[int, Partner]] = []
    for partner in desk.content.directory.partners.values():
        names = {fold_text(name) for name in (partner.name, partner.acronym, partner_name(partner)) if name}
        longest = max((len(name) for name in names if f" {name} " in said), default=0)
        if partner.usable and longest:
            found.append((longest, partner))
    best = max((length for length, _ in found), default=0)
    return [partner for length, partner in found if length == best]


def _best_at(desk: Desk, row: ReferralRow, place: Place) -> Partner | None:
    """Who takes this need there, by the same rules as at first; the present holder is not asked to hand it to itself."""
    routing = desk.content.routing(row.need, place.code, row.urgency, desk.who.language, desk.tx.now)
    return next((one.partner for one in routing.candidates if one.partner.id != row.partner), None)
