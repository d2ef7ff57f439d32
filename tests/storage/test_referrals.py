"""Referrals and their history; notices about them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
import sqlalchemy as sa

from bot.domain.addresses import Address
from bot.domain.messages import Status
from bot.domain.referrals import Urgency
from bot.storage import contacts, history, notifications, referrals
from bot.storage.database import Database, Transaction
from bot.storage.history import Author
from bot.storage.models import notifications as notification_table
from bot.storage.models import referral_events
from bot.storage.models import referral_events as event
from bot.storage.models import referrals as referral_table
from bot.storage.referrals import ReferralRow
from tests.conftest import Clock
from tests.storage.look import rows

AWA = Address("sms", "+221771110001")
PARTNER = Address("sms", "+221770000100")
BAOS = Author("partner", "text", "baos", "m1")


def contact(tx: Transaction) -> UUID:
    return contacts.find_or_create(tx, AWA, 1).contact_id


def refer(
    tx: Transaction, code: str = "K7222A", *, effect: str = "", partner: str = "baos", urgency: Urgency = "normal"
) -> ReferralRow | None:
    return referrals.add(
        tx,
        contact(tx),
        code=code,
        effect_key=effect or code,
        need="job",
        place="",
        urgency=urgency,
        partner=partner,
        reason="because",
        submission_id=None,
    )


@pytest.mark.parametrize(("urgency", "hours"), [("emergency", 24), ("urgent", 72), ("normal", 14 * 24)])
def test_a_referral_is_offered_with_the_deadline_of_its_urgency(database: Database, urgency: Urgency, hours: int) -> None:
    with database.writing() as tx:
        opened = refer(tx, urgency=urgency)
        assert opened is not None
        assert (opened.state, opened.due_at) == ("offered", tx.now + timedelta(hours=hours))
        assert referrals.of_contacts(tx, [opened.contact_id]) == {opened.contact_id: (opened,)}
        assert referrals.by_codes(tx, ["K7222A", "K7333A"]) == (opened,)


def test_the_same_turn_tried_again_opens_nothing_more(database: Database) -> None:
    with database.writing() as tx:
        assert refer(tx, effect="ref:1:job") is not None
        assert refer(tx, "K7333A", effect="ref:1:job") is None
        assert len(tx.execute(sa.select(referral_events)).all()) == 1


def test_a_code_is_given_once(database: Database) -> None:
    with database.writing() as tx:
        refer(tx, effect="one")
    with pytest.raises(sa.exc.IntegrityError), database.writing() as tx:
        refer(tx, effect="two")


def test_two_who_move_a_referral_at_once_do_it_one_after_the_other(database: Database) -> None:
    with database.writing() as tx:
        refer(tx)
    start, seen = Barrier(2), []

    def accept(_: int) -> None:
        start.wait()
        with database.writing() as tx:
            row = referrals.lock_by_code(tx, "K7222A")
            assert row is not None
            seen.append(row.state)
            referrals.step(tx, row, "accept", BAOS)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(accept, range(2)))
    assert sorted(seen) == ["accepted", "offered"]


def test_a_partner_holds_what_is_not_over_and_what_it_declined_last(database: Database) -> None:
    with database.writing() as tx:
        for number, state in enumerate(("offered", "accepted", "closed", "declined", "revoked", "contacted")):
            opened = refer(tx, f"K7{number + 2}22A")
            assert opened is not None
            tx.execute(sa.update(referral_table).where(referral_table.c.id == opened.id).values(state=state))
        refer(tx, "K7299B", partner="other")
        assert [row.state for row in referrals.held_by(tx, ["baos"])] == ["offered", "accepted", "declined", "contacted"]
        assert referrals.held_by(tx, ["nobody"]) == ()


def test_a_move_is_kept_with_who_when_why_and_by_which_door(database: Database) -> None:
    with database.writing() as tx:
        opened = refer(tx)
        assert opened is not None
        accepted = referrals.step(tx, opened, "accept", BAOS)
        closed = referrals.step(tx, accepted, "close", BAOS, reason="served")
        assert (closed.state, closed.outcome, closed.closed_at) == ("closed", "served", tx.now)
        columns = (event.c.move, event.c.state, event.c.by, event.c.door, event.c.reason, event.c.partner, event.c.member)
        assert rows(tx, sa.select(*columns).order_by(event.c.seq)) == [
            ("offer", "offered", "service", "flow", "", "baos", ""),
            ("accept", "accepted", "partner:baos", "text", "", "baos", "m1"),
            ("close", "closed", "partner:baos", "text", "served", "baos", "m1"),
        ]


def test_a_repeated_move_leaves_no_trace(database: Database) -> None:
    with database.writing() as tx:
        opened = refer(tx)
        assert opened is not None
        seen = referrals.step(tx, opened, "see", BAOS)
        assert referrals.step(tx, seen, "see", BAOS) is seen
        assert len(tx.execute(sa.select(event)).all()) == 2


def test_a_referral_has_one_holder_and_its_history_keeps_both(database: Database) -> None:
    with database.writing() as tx:
        opened = refer(tx)
        assert opened is not None
        handed = referrals.hand(tx, opened, "transfer", BAOS, partner="ard", why="because", place="Louga")
        assert (handed.partner, handed.state, handed.place, handed.due_at) == ("ard", "offered", "Louga", opened.due_at)
        assert referrals.held_by(tx, ["baos"]) == ()
        assert referrals.held_by(tx, ["ard"]) == (handed,)
        assert history.holders(tx, opened.id) == ("baos", "ard")
        assert referrals.hand(tx, handed, "transfer", BAOS, partner="ard", why="again") is handed


def test_a_reopened_referral_is_no_longer_closed(database: Database) -> None:
    with database.writing() as tx:
        opened = refer(tx)
        assert opened is not None
        closed = referrals.step(tx, referrals.step(tx, opened, "accept", BAOS), "close", BAOS, reason="served")
        again = referrals.hand(tx, closed, "reopen", Author("contact", "text"), partner="ard", why="because")
        assert (again.state, again.outcome, again.closed_at, again.partner) == ("offered", None, None, "ard")


def test_attempts_are_counted_since_the_last_contact_of_the_present_holder(database: Database, clock: Clock) -> None:
    with database.writing() as tx:
        opened = refer(tx)
        assert opened is not None
        tried = referrals.step(tx, opened, "try", BAOS, detail="call")
        assert [attempt.way for attempt in history.attempts(tx, opened.id, "baos")] == ["call"]
        reached = referrals.step(tx, tried, "contact", BAOS)
        assert history.attempts(tx, opened.id, "baos") == ()
        referrals.step(tx, reached, "try", BAOS, detail="sms")
        assert [attempt.way for attempt in history.attempts(tx, opened.id, "baos")] == ["sms"]
        assert history.attempts(tx, opened.id, "ard") == ()


def test_the_same_notice_to_the_same_recipient_is_kept_once(database: Database) -> None:
    with database.writing() as tx:
        assert notice(tx, "one") is not None
        assert notice(tx, "one") is None
        assert notice(tx, "two") is not None


def notice(tx: Transaction, key: str) -> UUID | None:
    return notifications.add(tx, referral_id=None, effect_key=key, partner="baos", event="new_referral", recipient=PARTNER, text="Nouvelle")


def test_a_notice_knows_whom_it_is_for_and_how_far_it_came(database: Database) -> None:
    with database.writing() as tx:
        made = notice(tx, "one")
        assert made is not None
        assert notifications.by_ids(tx, [made])[made].recipient == PARTNER
        notifications.note_sent(tx, [(made, "SM1")])
        assert notifications.raise_status(tx, made, "SM1", Status.DELIVERED, None)
        assert not notifications.raise_status(tx, made, "SM1", Status.SENT, None)
        notifications.note_failed(tx, made, "30008")
        assert rows(tx, sa.select(notification_table.c.status, notification_table.c.error_code)) == [(int(Status.DELIVERED), None)]


def test_a_notice_whose_recipient_does_not_open_is_left_out(database: Database) -> None:
    with database.writing() as tx:
        first, second = notice(tx, "one"), notice(tx, "two")
        assert first is not None
        assert second is not None
        tx.execute(sa.update(notification_table).where(notification_table.c.id == first).values(recipient=b"\x01\x02k9" + b"x" * 40))
        assert set(notifications.by_ids(tx, [first, second])) == {second}


def test_history_is_kept_in_order(database: Database, clock: Clock) -> None:
    with database.writing() as tx:
        opened = refer(tx)
        assert opened is not None
        for move, state in (("see", "seen"), ("accept", "accepted")):
            history.note(tx, opened.id, move=move, state=state, by="partner:baos", door="text")
        found = rows(tx, sa.select(referral_events.c.move, referral_events.c.by).order_by(referral_events.c.seq))
        assert found == [("offer", "service"), ("see", "partner:baos"), ("accept", "partner:baos")]
