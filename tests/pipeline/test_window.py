"""Outside the 24 hours of WhatsApp an approved template goes, and the words wait until the person writes."""

import pytest

from bot.domain.errors import SendError
from bot.domain.messages import Status, StatusUpdate
from bot.domain.sending import Verdict
from bot.domain.templates import READ
from bot.pipeline import delivery, timers
from tests.pipeline.approved import SHIPPED, approve, sid
from tests.pipeline.world import AWA, CASEWORKER, World, shipped, without_phones

INCIDENTS = "SELECT kind, subject, code FROM incidents ORDER BY first_at, kind"
NEWS = SHIPPED.templates["news", "fr"]


def by_whatsapp(world: World) -> World:
    """The caseworkers of the pilot region are reached on WhatsApp."""
    world.serve(without_phones(world.rt.content))
    for name, partner in shipped().directory.partners.items():
        if any(phone.address.value == CASEWORKER for phone in partner.demo_phones):
            world.join(name, CASEWORKER, channel="whatsapp")
    return world


def refused_person(world: World) -> str:
    """A person on WhatsApp with a referral, whose window closed since; the referral's code."""
    world.say("agent", channel="whatsapp")
    for text in ("oui", "Bambey"):
        world.say(text, channel="whatsapp")
    world.pass_(days=2)
    return str(world.one("SELECT code FROM referrals"))


def test_within_a_day_words_go_as_they_are(world: World) -> None:
    approve(world)
    code = refused_person(world)
    world.say("menu", channel="whatsapp")
    world.say(f"OK {code}", CASEWORKER)
    assert world.whatsapp.taken[-1][0].template is None
    assert code in world.whatsapp.texts(AWA)[-1]


def test_after_a_day_a_template_asks_and_the_words_wait(world: World) -> None:
    approve(world)
    code = refused_person(world)
    world.say(f"OK {code}", CASEWORKER)
    message = world.whatsapp.taken[-1][0]
    assert message.template is not None
    assert (message.template.content_sid, message.text) == (sid(NEWS), NEWS.body)
    assert [state for state in world.states() if state != "sent"] == ["parked"]
    assert world.sms.texts(AWA) == []


@pytest.mark.parametrize("answer", [{"button": READ, "kind": "button"}, {}])
def test_an_answer_lets_out_what_waits_before_anything_else_is_said(world: World, answer: dict[str, str]) -> None:
    approve(world)
    code = refused_person(world)
    world.say(f"OK {code}", CASEWORKER)
    read = world.say("Lire" if answer else "menu", channel="whatsapp", **answer)
    assert code in read.splitlines()[0]
    assert ("1 " in read) is not bool(answer)
    assert set(world.states()) == {"sent"}


def test_the_button_of_a_template_moves_no_conversation(world: World) -> None:
    approve(world)
    world.say("inscription", channel="whatsapp")
    before = world.rows("SELECT flow, node FROM sessions")
    assert world.say("Lire", channel="whatsapp", button=READ, kind="button") == ""
    assert world.rows("SELECT flow, node FROM sessions") == before
    assert world.one("SELECT version FROM contacts") == 2


def test_who_does_not_answer_is_not_asked_again_for_every_message(world: World) -> None:
    approve(world)
    code = refused_person(world)
    for word in ("OK", "APPELE", "FAIT 1"):
        world.say(f"{word} {code}", CASEWORKER)
    assert sum(message.template is not None for message, _, _ in world.whatsapp.taken) == 1
    assert world.states().count("parked") == 2
    world.say("Lire", channel="whatsapp", button=READ, kind="button")
    assert world.states().count("parked") == 0


def test_a_template_in_a_language_that_is_not_approved_is_said_in_french(world: World) -> None:
    approve(world, languages=["fr"])
    world.say("wolof", channel="whatsapp")
    code = refused_person(world)
    world.change("UPDATE contacts SET language = 'wo' WHERE id = (SELECT contact_id FROM referrals)")
    world.say(f"OK {code}", CASEWORKER)
    assert world.whatsapp.taken[-1][0].text == NEWS.body


def test_without_an_approved_template_the_words_go_by_sms_to_the_same_number_and_an_admin_hears_of_it(world: World) -> None:
    approve(world, approval="rejected")
    code = refused_person(world)
    world.say(f"OK {code}", CASEWORKER)
    assert code in world.sms.texts(AWA)[-1]
    assert world.rows(INCIDENTS) == [("template_missing", "news", "")]
    assert world.one("SELECT channel FROM messages WHERE node = 'casework.told'") == "sms"


def test_without_a_template_and_without_a_number_the_words_wait(world: World) -> None:
    approve(world, approval="pending")
    for text in ("agent", "oui", "Bambey"):
        world.say(text, "SN.abc123", channel="whatsapp")
    world.pass_(days=2)
    world.say(f"OK {world.one('SELECT code FROM referrals')}", CASEWORKER)
    assert world.states().count("parked") == 1
    assert "acceptée" in world.say("menu", "SN.abc123", channel="whatsapp")


def test_a_provider_that_says_the_window_is_closed_is_believed(world: World) -> None:
    approve(world)
    world.whatsapp.outcomes.append(SendError("63016", retryable=False, verdict=Verdict.WINDOW))
    world.say("bonjour", channel="whatsapp")
    assert [message.template is not None for message, _, _ in world.whatsapp.taken] == [True]
    assert world.states() == ["parked", "sent"]
    assert "Bonjour" in world.say("Lire", channel="whatsapp", button=READ, kind="button")


def test_a_closed_window_that_only_the_report_tells_of_leads_to_the_same(world: World) -> None:
    approve(world)
    world.say("bonjour", channel="whatsapp")
    (_, reference, provider_id) = world.whatsapp.taken[0]
    for _ in range(3):
        delivery.record(world.rt, StatusUpdate(reference, provider_id, Status.UNDELIVERED, "undelivered", "63016", verdict=Verdict.WINDOW))
    world.dispatch()
    assert world.states() == ["parked", "sent"]
    world.say("Lire", channel="whatsapp", button=READ, kind="button")
    texts = world.whatsapp.texts(AWA)
    assert texts[0] == texts[2]
    assert len(texts) == 3


def test_what_waits_too_long_is_not_sent_any_more(world: World) -> None:
    approve(world)
    code = refused_person(world)
    world.say(f"OK {code}", CASEWORKER)
    world.pass_(days=9)
    assert code not in world.say("menu", channel="whatsapp")
    assert world.one("SELECT error_code FROM outbox WHERE state = 'cancelled'") == "expired"


def test_a_notice_to_a_caseworker_goes_whole_inside_its_template(world: World) -> None:
    by_whatsapp(approve(world))
    code = world.refer()
    message = world.whatsapp.taken[0][0]
    assert message.template is not None
    assert message.recipient.value == CASEWORKER
    assert code in message.template.values[0]
    assert message.text.startswith("Avis de Dellusi")
    assert "parked" not in world.states()


def test_a_caseworker_who_wrote_today_gets_plain_words(world: World) -> None:
    by_whatsapp(approve(world))
    world.say("LISTE", CASEWORKER, channel="whatsapp")
    world.refer()
    assert world.whatsapp.taken[-1][0].template is None


def test_a_notice_without_an_approved_template_goes_by_sms(world: World) -> None:
    by_whatsapp(world)
    code = world.refer()
    assert code in world.sms.texts(CASEWORKER)[0]
    assert world.rows("SELECT means FROM notifications") == [("sms",)]


def test_a_refused_template_is_not_used_again_and_what_waits_goes_by_sms(world: World) -> None:
    approve(world)
    code = refused_person(world)
    world.whatsapp.outcomes.append(SendError("63041", retryable=False, verdict=Verdict.FORM))
    world.say(f"OK {code}", CASEWORKER)
    world.pass_(seconds=6)
    world.dispatch()
    assert code in world.sms.texts(AWA)[-1]
    assert ("template_refused", NEWS.name, "63041") in world.rows(INCIDENTS)
    assert world.one("SELECT approval FROM templates WHERE name = :name", name=NEWS.name) == "paused"


def test_a_doubt_about_a_notice_is_settled_by_the_words_of_its_template(world: World) -> None:
    by_whatsapp(approve(world))
    world.whatsapp.outcomes.append(SendError("taken_then_dropped", retryable=True, ambiguous=True))
    world.refer()
    assert world.states()[0] == "unknown"
    world.pass_(seconds=21)
    assert timers.settle_doubts(world.rt, world.pool) == 1
    world.dispatch()
    assert set(world.states()) == {"sent"}
    assert len(world.whatsapp.taken) == 1
