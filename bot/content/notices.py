"""flows/notices.yml: what partners' caseworkers read, and the words they answer with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.content.reading import Section
from bot.domain.directory import LATER_WHYS, WHYS
from bot.domain.referrals import CLOSINGS, DEADLINES, DECLINES, STATES
from bot.engine.definition import Text, Where

COMMANDS = ("accept", "see", "decline", "contact", "miss", "serve", "close", "transfer", "note", "details", "list", "help")
NOTICES = (
    "new_referral", "reminder_referral", "deputy_referral", "waiting_referral", "withdrawn_referral", "moved_referral", "offer_over",
    "left_referral", "digest", "verify_member", "stand_in", "stand_in_open",
)  # fmt: skip
REPLIES = (
    "done_accept late_accept done_see done_decline done_decline_last done_contact done_miss done_unreachable done_serve done_close "
    "done_transfer done_note details_link details_text details_first details_none no_pin wrong_pin locked_pin "
    "which_reason which_outcome which_place which_partner which_note not_unreachable unknown_place same_holder "
    "not_now was_closed was_revoked was_duplicate was_unreachable expired moved_on someone_else coordinator_may "
    "unknown_code which_code none_open list list_line list_more help not_registered stopped started joined not_joined join_wrong "
    "offer_renewed offer_withdrawn offer_which"
).split()
# What the next attempt has to be (`bot.domain.attempts`); the page with a person's details; what a person agreed to.
ATTEMPTS = ("day", "hour", "way")
PAGE = (
    "title intro open gone gone_why until code first_name way message address address_none place need consent consent_none notes "
    "warning unsaid"
).split()
PURPOSES = ("referral",)
# What a text names besides its command: why it is declined, how it ended, by which way an attempt was made.
NAMED = {"declines": DECLINES, "outcomes": CLOSINGS, "ways": ("sms", "whatsapp")}


@dataclass(frozen=True, slots=True)
class Notices:
    """Texts by `group.key`, command words, and by group the words for each reason, outcome and way."""

    words: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, Text]
    named: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


def read_notices(section: Section, needs: tuple[str, ...]) -> Notices:
    """The notices from their file's section; faults are noted there."""
    groups = {
        "notices": NOTICES,
        "replies": REPLIES,
        "needs": needs,
        "urgencies": tuple(DEADLINES),
        "states": STATES,
        "declines": DECLINES,
        "outcomes": CLOSINGS,
        "attempts": ATTEMPTS,
        "page": PAGE,
        "purposes": PURPOSES,
        "reasons": (*WHYS, *LATER_WHYS),
    }
    words, named = section.section("words"), section.section("named")
    texts: dict[str, Text] = {}
    for group, keys in groups.items():
        part = section.section(group)
        if part is None:
            section.fault(group, "missing_key", name=group)
            continue
        for key in keys:
            texts[f"{group}.{key}"] = Text(part.text(key), f"notices.{group}.{key}", Where(part.file, part.line_of(key)))
        part.finish()
    if words is None:
        section.fault("words", "missing_key", name="words")
    section.finish()
    found = Notices({command: words.words(command) if words else () for command in COMMANDS}, texts, _named(section, named))
    if words is not None:
        words.finish()
    return found


def _named(section: Section, named: Section | None) -> dict[str, dict[str, tuple[str, ...]]]:
    if named is None:
        section.fault("named", "missing_key", name="named")
        return {}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for group, keys in NAMED.items():
        part = named.section(group)
        found[group] = {key: part.words(key) for key in keys} if part else {}
        if part is None:
            named.fault(group, "missing_key", name=group)
        else:
            part.finish()
    named.finish()
    return found
