"""Past its last day no path tells an offer; its owner is asked once, by text, and what they answer counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.confirmations import RENEWED_FOR
from bot.domain.directory import Directory, Offer
from bot.pipeline import offers
from bot.worker import timetable
from tests.pipeline.world import CASEWORKER, MODOU, OTHER_CASEWORKER, World, shipped

LAST_DAY = date(2026, 12, 1)
OWNER = "+221770000190"
BASE = next(offer for offer in shipped().directory.offer_list if offer.id == "inscription_anpej")


def serve(world: World, *last_days: date | None, owned: bool = True) -> list[Offer]:
    """The service with these offers for training everywhere and no others; with `owned` their owner is a member."""
    made = [
        replace(BASE, id=f"cours_{n}", title=f"Cours {n}", needs=("training",), places=("*",), text=f"Cours numero {n}.", valid_until=day)
        for n, day in enumerate(last_days)
    ]
    content = shipped()
    partners = dict(content.directory.partners) | {BASE.partner: replace(content.directory.partners[BASE.partner], demo_phones=())}
    directory: Directory = replace(content.directory, offer_list=tuple(made), partners=partners)
    changed = replace(content, directory=directory)
    world.serve(changed)
    world.change("DELETE FROM members")
    if owned:
        world.join(BASE.partner, OWNER)
    return made


def told(world: World) -> tuple[str, ...]:
    """What is told for training today, by the content as it is served seconds later."""
    world.pass_(seconds=4)
    world.rt.contents.refresh()
    return world.rt.content.offers("training", "Kolda", world.clock.now, "fr")


def ask(world: World) -> list[str]:
    """The owners are asked; what reached OWNER so far."""
    offers.ask_owners(world.rt)
    world.dispatch()
    return world.sms.texts(OWNER)


def code(world: World, offer: str = "cours_0") -> str:
    return str(world.one("SELECT code FROM offer_confirmations WHERE offer = :offer ORDER BY asked_at DESC LIMIT 1", offer=offer))


def say(world: World, text: str, sender: str = OWNER) -> str:
    return world.say(text, sender)


def test_until_its_last_day_nobody_is_asked(world: World) -> None:
    serve(world, world.clock.now.date())
    assert ask(world) == []
    assert told(world) == ("Cours numero 0.",)


def test_past_its_last_day_it_is_not_told_and_its_owner_gets_one_text(world: World) -> None:
    serve(world, LAST_DAY)
    assert "Cours numero" not in "".join(told(world))
    (text,) = ask(world)
    assert "Cours 0" in text
    assert f"OUI {code(world)}" in text
    assert f"NON {code(world)}" in text
    for _ in range(3):
        world.pass_(hours=25)
        assert ask(world) == [text]


def test_yes_renews_it_says_until_when_and_is_on_record(world: World) -> None:
    serve(world, LAST_DAY)
    ask(world)
    until = world.clock.now.date() + RENEWED_FOR
    answer = say(world, "OUI")
    assert "de nouveau" in answer
    assert str(until.year) in answer
    assert told(world) == ("Cours numero 0.",)
    assert world.rows("SELECT goes_on, valid_until FROM offer_answers") == [(True, until)]
    assert world.one("SELECT partner FROM offer_confirmations") == BASE.partner


def test_a_renewed_offer_is_over_again_in_time_and_asked_about_again(world: World) -> None:
    serve(world, LAST_DAY)
    ask(world)
    say(world, "oui")
    assert len(told(world)) == 1
    world.clock.pass_(RENEWED_FOR + timedelta(days=1))
    assert "Cours numero" not in "".join(told(world))
    assert len(ask(world)) == 3  # the question, the answer to the answer, the next question


def test_no_withdraws_it_and_people_are_not_put_off_either(world: World) -> None:
    serve(world, LAST_DAY)
    assert told(world) != ()
    ask(world)
    assert "plus indiquée" in say(world, "NON")
    assert told(world) == ()
    world.pass_(days=40)
    assert len(ask(world)) == 2


def test_who_changes_their_mind_answers_again_with_the_code(world: World) -> None:
    serve(world, LAST_DAY)
    ask(world)
    say(world, "NON")
    say(world, f"oui {code(world)} pardon")
    assert told(world) == ("Cours numero 0.",)
    assert [row[0] for row in world.rows("SELECT goes_on FROM offer_answers ORDER BY seq")] == [False, True]


@pytest.mark.parametrize("yes", ["OUI", "oui {code}", "{code} oui", "Waaw", "D'accord {code}", "ok"])
def test_yes_is_read_in_either_language_and_any_spelling(world: World, yes: str) -> None:
    serve(world, LAST_DAY)
    ask(world)
    say(world, yes.format(code=code(world)))
    assert world.one("SELECT goes_on FROM offer_answers") is True


@pytest.mark.parametrize("no", ["NON", "non {code}", "Déedéet", "NON merci"])
def test_no_is_read_in_either_language_and_any_spelling(world: World, no: str) -> None:
    serve(world, LAST_DAY)
    ask(world)
    say(world, no.format(code=code(world)))
    assert world.one("SELECT goes_on FROM offer_answers") is False


@pytest.mark.parametrize("sender", [OTHER_CASEWORKER, CASEWORKER, MODOU])
def test_the_answer_counts_from_the_number_that_was_asked_alone(world: World, sender: str) -> None:
    serve(world, LAST_DAY)
    ask(world)
    say(world, f"OUI {code(world)}", sender)
    assert world.one("SELECT count(*) FROM offer_answers") == 0


def test_two_questions_need_a_code_and_each_is_told_with_its_own(world: World) -> None:
    serve(world, LAST_DAY, LAST_DAY)
    ask(world)
    answer = say(world, "OUI")
    assert code(world, "cours_0") in answer
    assert code(world, "cours_1") in answer
    assert world.one("SELECT count(*) FROM offer_answers") == 0
    say(world, f"OUI {code(world, 'cours_1')}")
    say(world, "NON")
    assert told(world) == ("Cours numero 1.",)


def test_a_referral_and_an_offer_are_never_taken_for_each_other(world: World) -> None:
    serve(world, LAST_DAY)
    ask(world)
    referral = world.refer()
    world.change("UPDATE referrals SET partner = :partner", partner=BASE.partner)
    assert code(world) in say(world, "OUI")
    assert world.rows("SELECT state FROM referrals") == [("offered",)]
    say(world, f"OUI {referral}")
    assert world.rows("SELECT state FROM referrals") == [("accepted",)]
    assert world.one("SELECT count(*) FROM offer_answers") == 0
    say(world, f"NON {code(world)}")
    assert world.one("SELECT goes_on FROM offer_answers") is False


def test_other_words_go_where_they_always_went(world: World) -> None:
    serve(world, LAST_DAY)
    ask(world)
    assert "LISTE" in say(world, "aide")
    assert world.one("SELECT count(*) FROM offer_answers") == 0
    assert f"OUI {code(world)}" in say(world, code(world))


def test_without_a_number_of_its_owner_the_regions_coordinator_is_asked(world: World) -> None:
    serve(world, LAST_DAY, owned=False)
    offers.ask_owners(world.rt)
    world.dispatch()
    assert len(world.sms.texts(CASEWORKER)) == 1
    assert world.one("SELECT partner FROM offer_confirmations") == shipped().directory.country.regions["diourbel"].coordinator


def test_nobody_is_asked_at_night_nor_on_a_sunday(world: World) -> None:
    serve(world, LAST_DAY)
    world.clock.now = datetime(2026, 12, 2, 23, tzinfo=UTC)
    assert ask(world) == []
    world.clock.now = datetime(2026, 12, 6, 12, tzinfo=UTC)
    assert ask(world) == []
    world.clock.now = datetime(2026, 12, 7, 10, tzinfo=UTC)
    assert len(ask(world)) == 1


def test_a_file_that_was_given_a_later_day_counts_more_than_an_earlier_no(world: World) -> None:
    serve(world, LAST_DAY)
    ask(world)
    say(world, "NON")
    serve(world, date(2027, 6, 1))
    assert told(world) == ("Cours numero 0.",)


def test_an_answer_counts_also_for_conversations_that_began_on_earlier_flows(world: World) -> None:
    serve(world, LAST_DAY)
    ask(world)
    say(world, "OUI")
    told(world)
    store = world.rt.contents
    assert store.current.directory.offers("training", None, world.clock.now.date()) != ()


def test_the_timers_ask(world: World) -> None:
    serve(world, LAST_DAY)
    table = {job.name: job for job in timetable(world.rt)}
    table["ask_owners"].run(world.rt)
    assert world.one("SELECT count(*) FROM offer_confirmations") == 1
    assert world.queue.wakes == [("dispatch", "outbox")]


def test_the_answer_is_there_after_a_restart(world: World) -> None:
    serve(world, LAST_DAY)
    ask(world)
    say(world, "OUI")
    serve(world, LAST_DAY)
    assert world.rt.content.offers("training", "Kolda", world.clock.now, "fr") == ("Cours numero 0.",)
