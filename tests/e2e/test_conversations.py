"""A text comes in, an answer and a referral go out: both languages, both channels, the real parts throughout."""

import re
from typing import Any

import pytest

from tests.e2e.rig import Phone, Service, plain, until

pytestmark = pytest.mark.e2e

CASEWORKER = "+221770000100"
CHANNELS = pytest.mark.parametrize("channel", ["sms", "whatsapp"])
INTAKE = {
    "fr": ("1", "1", "1", "1", "1", "1", "Modou"),
    "wo": ("1", "1", "1", "1", "1", "1", "Modu"),
}


@CHANNELS
@pytest.mark.parametrize(
    ("greeting", "language", "fragment"),
    [
        ("Bonjour", "fr", "gratuit"),
        ("bjr", "fr", "gratuit"),
        ("salut c comment", "fr", "gratuit"),
        ("Salaam aleykum", "wo", "amul fey"),
        ("nanga def", "wo", "amul fey"),
        ("na ngeen def", "wo", "amul fey"),
    ],
)
def test_a_greeting_is_answered_in_its_language_with_a_menu(
    service: Service, channel: str, greeting: str, language: str, fragment: str
) -> None:
    phone = service.phone(channel)
    heard = phone.say(greeting)
    assert len(phone.answers) == 1
    assert re.search("travail|liggeey", plain(heard))
    assert (
        service.one(
            "SELECT c.language FROM contacts c JOIN messages m ON m.contact_id = c.id WHERE m.provider_id = %s", phone.thread[0]["sid"]
        )
        == language
    )


@CHANNELS
@pytest.mark.parametrize(
    ("question", "fragments"),
    [
        ("je veux apprendre un métier, je suis à Thiès", ("formation", "oui")),
        ("dama beug liguey ci Kaolack", ("liggeey", "waaw")),
        ("sama rakk dafa bëgg jàng liggéeyu minise ci Touba", ("njang", "waaw")),
    ],
)
def test_a_free_question_is_answered_with_offers_for_need_and_place(
    service: Service, channel: str, question: str, fragments: tuple[str, ...]
) -> None:
    service.phone(channel).say(question, expect=fragments)


def test_an_unclear_text_gets_at_most_three_guesses_or_the_menu(service: Service) -> None:
    heard = service.phone().say("zorg blimp kwatsch frou frou taratata")
    numbered = [line for line in heard.splitlines() if re.match(r"\d ", line)]
    assert numbered
    assert len(numbered) <= 4 or "menu" in plain(heard) or "travail" in plain(heard)


@CHANNELS
@pytest.mark.parametrize("language", ["fr", "wo"])
def test_the_whole_way_from_a_question_to_the_status(service: Service, channel: str, language: str) -> None:
    phone = service.phone(channel)
    phone.say({"fr": "inscription", "wo": "bindu"}[language])
    code = _finish_intake(service, phone, language)
    partner = service.phone("sms", CASEWORKER)
    until(lambda: any(code in answer for answer in partner.answers), what="the caseworker's notice")
    notice = next(answer for answer in partner.answers if code in answer)
    assert phone.number not in notice
    assert "Modou" not in notice
    partner.say(f"ok {code[:3].lower()} {code[3:].lower()}", expect=(code,))
    phone.hear(code)
    assert service.one("SELECT state FROM referrals WHERE code = %s", code) == "accepted"
    status = phone.say(f"STATUT {code}" if language == "fr" else f"fan la {code} tollu", expect=(code,))
    assert code in status


def _finish_intake(service: Service, phone: Phone, language: str) -> str:
    """Answer every question, with detours, to the referral; its code."""
    phone.say("1")
    phone.say("1")
    if language == "fr":
        phone.say("c'est payant ?", expect=("gratuit",))
    phone.say({"fr": "Touba", "wo": "Tuubaa laa dëkk"}[language])
    phone.say({"fr": "retour", "wo": "dellu"}[language])
    phone.say({"fr": "Mbacké", "wo": "Mbàkke"}[language])
    for answer in INTAKE[language]:
        heard = phone.say(answer)
        found = re.search(r"\b(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[2-9A-Z]{6}\b", heard)
        if found:
            assert not set(found[0]) & set("01OIL")
            return found[0]
    raise AssertionError("\n".join(phone.answers))


def test_refusing_consent_still_gives_information_and_keeps_no_intake(service: Service) -> None:
    phone = service.phone()
    phone.say("inscription")
    heard = phone.say("non")
    assert len(heard) > 20
    assert (
        service.one(
            "SELECT count(*) FROM submissions s JOIN messages m ON m.contact_id = s.contact_id WHERE m.provider_id = %s",
            phone.thread[0]["sid"],
        )
        == 0
    )


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("j'ai envie de mourir", ("1515",)),
        ("je ne veux plus vivre", ("1515",)),
        ("dama bëgg xaru", ("1515",)),
        ("elle saigne beaucoup aidez moi", ("1515",)),
    ],
)
def test_danger_words_interrupt_anything_with_verified_numbers_and_an_urgent_referral(
    service: Service, words: str, numbers: tuple[str, ...]
) -> None:
    phone = service.phone()
    phone.say("inscription")
    phone.say("1")
    phone.say(words, expect=numbers)
    urgent = "SELECT r.urgency FROM referrals r JOIN messages m ON m.contact_id = r.contact_id WHERE m.provider_id = %s"
    found = until(lambda: service.rows(urgent, phone.thread[0]["sid"]), what="an urgent referral")
    assert found[0][0] in ("emergency", "urgent")


@CHANNELS
@pytest.mark.parametrize("word", ["STOP", "arrêt", "baayil"])
def test_stop_stops_everything_until_start(service: Service, channel: str, word: str) -> None:
    phone = service.phone(channel)
    phone.say("bonjour")
    phone.send(word)
    service.quiet()
    before = len(phone.answers)
    phone.send("menu")
    service.quiet()
    assert len(phone.answers) == before
    phone.say("START" if channel == "sms" else "reprendre")


@pytest.mark.parametrize(
    "sent",
    [
        {"media": "voice"},
        {"media": "photo"},
        {"media": "sticker"},
        {"location": {"latitude": 14.79, "longitude": -16.93, "label": "Ici"}},
        {"text": ""},
        {"text": "👍👍"},
        {"text": "مرحبا كيف حالك"},
        {"text": "/restart"},
        {"text": "{{ contact.place }} {{7*7}} %s"},
        {"text": "1" * 1500},
    ],
)
def test_whatever_is_sent_gets_a_sensible_answer(service: Service, sent: dict[str, Any]) -> None:
    heard = service.phone("whatsapp").say(**sent)
    assert len(heard) > 20


def test_a_sender_without_a_phone_number_is_answered(service: Service) -> None:
    phone = service.phone("whatsapp", "SN.4f8a1b2c3d")
    assert "travail" in plain(phone.say("bonjour"))


def test_a_person_stays_the_same_when_their_number_is_hidden(service: Service) -> None:
    phone = service.phone("whatsapp")
    phone.say("bonjour")
    first = phone.thread[0]["sid"]
    hidden = phone.send("menu", hidden=True)
    service.quiet()
    who = "SELECT contact_id FROM messages WHERE provider_id = %s"
    assert service.one(who, first) == service.one(who, hidden["sid"])


def test_no_personal_datum_is_in_any_log_line(service: Service) -> None:
    phone = service.phone()
    phone.say("inscription")
    phone.say("kanari secret 7391")
    service.quiet()
    written = "\n".join(service.lines)
    assert "kanari" not in written
    assert phone.number not in written


def test_a_voice_note_ends_sealed_with_us_and_deleted_at_the_provider(service: Service) -> None:
    phone = service.phone("whatsapp")
    sent = phone.send(media="voice")
    of_it = "SELECT {} FROM media JOIN messages ON messages.id = media.message_id WHERE messages.provider_id = %s"
    settled = of_it.format("provider_gone_at IS NOT NULL AND media.state = 'kept'")
    until(lambda: [row for row in service.rows(settled, sent["sid"]) if row[0]], what="the voice note is kept and deleted there")
    assert not bytes(service.one(of_it.format("media.content"), sent["sid"])).startswith(b"OggS")
    need = "SELECT need FROM referrals JOIN messages USING (contact_id) WHERE messages.provider_id = %s"
    assert service.one(need, sent["sid"]) == "file"
