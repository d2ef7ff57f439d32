"""Who reads for a partner on a day: whoever is there, else whoever stands in; nobody before they said yes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.addresses import Address
from bot.domain.ids import MemberId
from bot.domain.members import Member, Team, team

DAY = date(2026, 12, 2)
SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def member(number: int, partner: str = "baos", **changes: object) -> Member:
    digest = False
    made = Member(
        MemberId(UUID(int=number)), partner, "agent", Address("sms", f"+22177000{number:04d}"), "fr", digest, "command", "47", SINCE, SINCE
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def reading(found: Team, partner: str = "baos") -> list[int]:
    return [reader.id.int for reader in found.readers(partner)]


def test_nobody_is_told_before_they_said_yes_nor_after_they_said_no() -> None:
    asked, refused = member(1, verified_at=None), member(2, refused_at=SINCE)
    assert reading(team([asked, refused], DAY)) == []
    assert team([asked, refused], DAY).answers_for(asked.address) == ()


def test_both_days_of_an_absence_count() -> None:
    away = member(1, absent_from=DAY, absent_to=DAY + timedelta(days=2))
    there = [reading(team([away], DAY + timedelta(days=days))) for days in (-1, 0, 2, 3)]
    assert there == [[1], [], [], [1]]


def test_a_deputy_reads_for_who_is_away_and_the_deputys_deputy_when_both_are() -> None:
    first = member(1, absent_from=DAY, deputy=MemberId(UUID(int=2)))
    second, third = member(2, "anpej", deputy=MemberId(UUID(int=3))), member(3, "caosp")
    assert reading(team([first, second, third], DAY)) == [2]
    assert team([first, second, third], DAY).answers_for(second.address) == ("anpej", "baos")
    assert reading(team([first, replace(second, absent_from=DAY), third], DAY)) == [3]


def test_two_who_stand_in_for_each_other_and_are_both_away_do_not_go_round_in_a_circle() -> None:
    first = member(1, absent_from=DAY, absent_to=DAY + timedelta(days=4), deputy=MemberId(UUID(int=2)))
    second = member(2, absent_from=DAY, absent_to=DAY + timedelta(days=1), deputy=MemberId(UUID(int=1)))
    found = team([first, second], DAY)
    assert reading(found) == []
    assert found.back("baos") == DAY + timedelta(days=2)


def test_whom_to_ask_when_the_members_stay_silent_is_a_deputy_who_does_not_read_anyway() -> None:
    first, second, third = member(1, deputy=MemberId(UUID(int=3))), member(2, deputy=MemberId(UUID(int=1))), member(3, "anpej")
    assert [deputy.id.int for deputy in team([first, second, third], DAY).deputies("baos")] == [3]


MEMBERS = st.lists(
    st.builds(
        lambda number, partner, verified, refused, since, length, deputy: member(
            number,
            partner,
            verified_at=SINCE if verified else None,
            refused_at=SINCE if refused else None,
            absent_from=None if since is None else DAY + timedelta(days=since),
            absent_to=None if since is None or length is None else DAY + timedelta(days=since + length),
            deputy=deputy and MemberId(UUID(int=deputy)),
        ),
        st.integers(1, 5),
        st.sampled_from(["baos", "anpej"]),
        st.booleans(),
        st.booleans(),
        st.one_of(st.none(), st.integers(-3, 3)),
        st.one_of(st.none(), st.integers(0, 4)),
        st.one_of(st.none(), st.integers(1, 6)),
    ),
    max_size=5,
    unique_by=lambda one: one.id,
)


@given(MEMBERS)
def test_whoever_reads_said_yes_is_there_and_may_act_for_the_partner(found: list[Member]) -> None:
    everyone = team(found, DAY)
    for partner in ("baos", "anpej"):
        readers = everyone.readers(partner)
        assert len({reader.address for reader in readers}) == len(readers)
        for reader in readers:
            assert reader.standing(DAY) == "present"
            assert partner in everyone.answers_for(reader.address)
        assert not {reader.address for reader in readers} & {deputy.address for deputy in everyone.deputies(partner)}
        assert everyone.back(partner) is None or not readers
