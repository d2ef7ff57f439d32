"""flows/notices.yml: what partners' caseworkers read, and the words they answer with."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.reading import Section
from bot.domain.directory import LATER_WHYS, WHYS
from bot.domain.referrals import DEADLINES, MOVES
from bot.engine.definition import Text, Where

COMMANDS = ("accept", "see", "decline", "contact", "close", "list", "help")
NOTICES = ("new_referral", "withdrawn_referral", "offer_over")
REPLIES = (
    "done_accept done_see done_decline done_contact done_close not_now unknown_code which_code none_open list list_line help "
    "offer_renewed offer_withdrawn offer_which stopped started"
).split()
STATES = ("new", *dict.fromkeys(target for _, target in MOVES.values()))


@dataclass(frozen=True, slots=True)
class Notices:
    """Texts by `group.key`, and command words."""

    words: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, Text]


def read_notices(section: Section, needs: tuple[str, ...]) -> Notices:
    """The notices from their file's section; faults are noted there."""
    groups = {
        "notices": NOTICES,
        "replies": REPLIES,
        "needs": needs,
        "urgencies": tuple(DEADLINES),
        "states": STATES,
        "reasons": (*WHYS, *LATER_WHYS),
    }
    words = section.section("words")
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
    return Notices({command: words.words(command) if words else () for command in COMMANDS}, texts)
