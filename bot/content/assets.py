"""All content of the service as one immutable value: what flows, casework and understanding look up."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from wolof.phrases import Phrases

from bot.content.notices import Notices
from bot.domain.addresses import Address
from bot.domain.directory import Directory, Offer, Partner
from bot.domain.places import Place, PlaceIndex, place_of
from bot.domain.recordings import NO_RECORDINGS, Recordings
from bot.domain.referrals import ReferralSummary, Urgency, without_code
from bot.domain.routing import ALL_HANDS, Case, Routing, Staffing, route
from bot.engine.definition import FlowSet, Text
from bot.engine.placeholders import fill
from bot.engine.turn import PlaceReading, Routed
from bot.engine.words import joined
from bot.translation import SOURCE, Catalogues, readable_date

_NOTHING: Mapping[str, str] = {}


def _all_hands() -> Staffing:
    return ALL_HANDS


def _none_kept(version: str) -> "Content | None":
    return None


@dataclass(frozen=True, slots=True)
class Content:
    """Flows with their translations, places, the directory, notices, and danger words.

    `offer_texts` translates the offers, which are today's also where the flows are of an earlier version; `earlier` finds the
    content of such a version. `staffing` says who can take a referral now.
    """

    flows: FlowSet
    catalogues: Catalogues
    places: PlaceIndex
    directory: Directory
    notices: Notices
    intents: frozenset[str]
    entities: frozenset[str]
    danger: Phrases
    known_words: frozenset[str]
    offer_texts: Catalogues
    earlier: Callable[[str], "Content | None"] = _none_kept
    recordings: Recordings = NO_RECORDINGS
    staffing: Callable[[], Staffing] = _all_hands

    def as_of(self, version: str) -> "Content":
        """The content with the flows, words and translations of a version; today's when that version is no longer kept."""
        found = None if version == self.flows.version else self.earlier(version)
        return replace(found, staffing=self.staffing) if found else self

    def translate(self, text: Text, language: str) -> str:
        """The text in the language, French where it has no translation."""
        return self.catalogues.translate(text.source, text.context, language)

    def read_place(self, text: str, language: str) -> PlaceReading:
        """The places that a text may mean; a code that was resolved before is taken as it is."""
        known = self.places.get(text)
        if known:
            return PlaceReading(((known.code, known.name),), certain=True)
        found = self.places.resolve(text)
        return PlaceReading(tuple((place.code, _told_apart(place, found.candidates)) for place in found.candidates), found.certain)

    def place_name(self, code: str, language: str) -> str:
        """How a place is written."""
        known = self.places.get(code)
        return known.name if known else code

    def offers(self, need: str, place: str, now: datetime, language: str) -> tuple[str, ...]:
        """What may be told today about help for this need there, most local first; last a word on what is being checked."""
        where, today = self._place(place), now.date()
        told = tuple(self._offer_text(offer, language) for offer in self.directory.offers(need, where, today))
        waits = self.directory.in_check(need, where, today)
        return (*told, self.translate(self.flows.words.texts["offer_in_check"], language)) if waits else told

    def route(self, need: str, place: str, urgency: Urgency, language: str, now: datetime) -> Routed:
        """Who takes a referral, and why, in French words for caseworkers."""
        routing = self.routing(need, place, urgency, language, now)
        return Routed(routing.partner.id, self._reason(routing, need, routing.why))

    def route_again(
        self, need: str, place: str, urgency: Urgency, now: datetime, tried: Collection[str], *, language: str = SOURCE
    ) -> Routed | None:
        """Who takes a referral that these partners declined; None when nobody is left."""
        routing = self.routing(need, place, urgency, language, now)
        left = next((number for number, one in enumerate(routing.candidates) if one.partner.id not in tried), None)
        if left is None:
            return None
        chosen = replace(routing, candidates=routing.candidates[left:])
        return Routed(chosen.partner.id, self._reason(chosen, need, "refused"))

    def routing(self, need: str, place: str, urgency: Urgency, language: str, now: datetime) -> Routing:
        """All who may take a referral, best first, and who may not."""
        return route(self.directory, Case(need, self._place(place), urgency, language, now), self.staffing())

    def staffed(self, staffing: Callable[[], Staffing]) -> "Content":
        """The same content, whose routing asks `staffing`, when it comes to it, who is there and how much everyone carries."""
        return replace(self, staffing=staffing)

    def reason_of(self, routing: Routing, need: str) -> str:
        """Why a partner takes it, in French words for caseworkers."""
        return self._reason(routing, need, routing.why)

    def _reason(self, routing: Routing, need: str, why: str) -> str:
        values = routing.values(need)
        told = fill_reason(self.notices, why, values)
        return f"{told} {fill_reason(self.notices, 'passed_over', values)}" if values["passed"] else told

    def value(self, name: str, language: str) -> str | None:
        """A value for texts: `hotline.samu`, `region.name`, `partner.<id>`, `date.2026-12-02`."""
        scope, _, key = name.partition(".")
        if scope == "hotline":
            hotline = self.directory.country.hotlines.get(key)
            return hotline.number if hotline else None
        if scope == "region":
            return self.directory.country.regions[self.directory.home].name if key == "name" else None
        if scope == "partner":
            partner = self.directory.partners.get(key)
            return partner_name(partner) if partner else None
        if scope == "date":
            return readable_date(date.fromisoformat(key), language)
        return None

    def is_known_word(self, text: str) -> bool:
        """Whether the whole text is a keyword or command: what it means is certain without asking."""
        return joined(without_code(text[:80])) in self.known_words

    def asks_to(self, action: str, text: str) -> bool:
        """Whether the whole text is a keyword of a flow that begins with this action: `stop_contact`, `start_contact`."""
        said = joined(text[:80])
        return any(said in words for first, words in _openings(self.flows) if action in first)

    def danger_in(self, text: str) -> str | None:
        """The danger intent whose words are in the text."""
        found = self.danger.find(text)
        return found[0].group if found else None

    def partners_at(self, address: Address) -> tuple[str, ...]:
        """The partners for which a telephone of the sandbox answers. Everybody else who does is a member, and no part of the content."""
        partners = self.directory.partners.values()
        return tuple(partner.id for partner in partners if any(phone.address == address for phone in partner.demo_phones))

    def partner_addresses(self, partner_id: str) -> tuple[tuple[Address, str], ...]:
        """Where a partner is told about referrals besides its members, each with its language."""
        partner = self.directory.partners.get(partner_id)
        return tuple((means.address, means.language) for means in (*partner.means, *partner.demo_phones)) if partner else ()

    def partner_language(self, partner_id: str) -> str:
        """The language that a partner's caseworkers are answered in."""
        addresses = self.partner_addresses(partner_id)
        return addresses[0][1] if addresses else SOURCE

    @property
    def caseworker_words(self) -> Mapping[str, tuple[str, ...]]:
        """Command -> the words for it."""
        return self.notices.words

    def notice(self, event: str, referral: ReferralSummary, place: str, language: str) -> str:
        """The text of a notice. The place at department level, no finer: notices hold no personal data."""
        return self._about(f"notices.{event}", language, referral, place)

    def reply(self, key: str, language: str, referral: ReferralSummary | None = None, place: str = "", **more: str) -> str:
        """An answer to a caseworker; `more` fills `referral.<name>` besides what every referral has."""
        return self._about(f"replies.{key}", language, referral, place, more)

    def word(self, key: str, language: str, **values: str) -> str:
        """A text of the notices by `group.key` that is about no referral; `values` fill `referral.<name>`."""
        return self._about(key, language, None, "", values)

    def word_for(self, group: str, key: str, language: str) -> str:
        """How caseworkers read a code of a group: `declines` and `no_capacity` are `plus de place`."""
        return self._notice_text(f"{group}.{key}", language)

    def status_text(self, referral: ReferralSummary, language: str) -> str:
        """What the person is told about a referral in its present state."""
        return self.told_text(f"status_{referral.state}", referral, language)

    def told_text(self, key: str, referral: ReferralSummary, language: str) -> str:
        """A sentence of the words about a referral, as the person reads it."""
        values = {
            "status.code": referral.code,
            "status.due": readable_date(referral.due_at.date(), language),
            "status.opened": readable_date(referral.opened_at.date(), language),
        }
        return fill(self.translate(self.flows.words.texts[key], language), values.get)

    def answer_elsewhere(self, where: str, language: str) -> str:
        """The line below a text that cannot be answered: where to answer instead."""
        text = self.translate(self.flows.words.texts["answer_elsewhere"], language)
        return fill(text, {"answer.at": where}.get)

    def _about(self, key: str, language: str, referral: ReferralSummary | None, place: str, more: Mapping[str, str] = _NOTHING) -> str:
        values: dict[str, str] = {}
        if referral is not None:
            values = {
                "referral.code": referral.code,
                "referral.need": self._notice_text(f"needs.{referral.need}", language),
                "referral.urgency": self._notice_text(f"urgencies.{referral.urgency}", language),
                "referral.state": self._notice_text(f"states.{referral.state}", language),
                "referral.due": readable_date(referral.due_at.date(), language),
                "referral.place": _coarse(place) or "-",
                "referral.partner": self.value(f"partner.{referral.partner}", language) or "",
            }
        values |= {f"referral.{name}": value for name, value in more.items()}
        return fill(self._notice_text(key, language), values.get)

    def _notice_text(self, key: str, language: str) -> str:
        text = self.notices.texts.get(key)
        return self.translate(text, language) if text else key.rpartition(".")[2]

    def _offer_text(self, offer: Offer, language: str) -> str:
        return self.offer_texts.translate(offer.text, f"offer.{offer.id}.text", language)

    def _place(self, code: str) -> Place | None:
        return self.places.get(code) if code else None


def _openings(flows: FlowSet) -> list[tuple[set[str], set[str]]]:
    """The actions that each flow begins with, and its keywords, folded."""
    found = []
    for flow in flows.flows.values():
        first = next(iter(flow.nodes.values()), None)
        spoken = (word for trigger in flow.triggers for words in trigger.keywords.values() for word in words)
        if first is not None and first.do:
            found.append(({do.action for do in first.do}, {joined(word) for word in spoken} - {""}))
    return found


def partner_name(partner: Partner) -> str:
    """How people hear of a partner: its acronym where it has one, else its name."""
    return partner.acronym or partner.name


def fill_reason(notices: Notices, why: str, values: Mapping[str, str]) -> str:
    """The reason of a routing in French words."""
    text = notices.texts.get(f"reasons.{why}")
    return fill(text.source, lambda name: values.get(name.removeprefix("reason."))) if text else why


def _coarse(code: str) -> str:
    """`Mbacké, Diourbel` from a place code: department and region, never the commune."""
    place = place_of(code) if code else None
    return ", ".join(dict.fromkeys(part for part in (place.department, place.region) if part)) if place else ""


def _told_apart(place: Place, others: tuple[Place, ...]) -> str:
    """A place's name, with what tells it from others of the same name."""
    if sum(other.name == place.name for other in others) <= 1:
        return place.name
    return f"{place.name} ({place.department or place.region})"
