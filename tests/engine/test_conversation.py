"""How one turn after another behaves: starting, forms, detours, interruptions, silence."""

from datetime import timedelta

import pytest

from bot.domain.contacts import Contact
from bot.engine.definition import FlowSet
from bot.engine.events import ConsentGiven, LanguageChanged, ReferralOpened, SessionEnded, SessionFailed, SubmissionCompleted
from bot.engine.turn import Heard
from tests.engine.world import Chat, flow_set

WELCOME = """
flow: welcome
about: accueil
triggers:
  - intent: greet
  - keyword: {fr: [bonjour], wo: [na nga def], any: [menu]}
nodes:
  - name: menu
    say: "Que cherchez-vous ?"
    ask:
      answer: choice
      save_as: need
      choices:
        - {value: job, label: "Un travail", words: [boulot, emploi], intent: job_search}
        - {value: training, label: "Une formation", go: register}
    route:
      - {answer: job, go: job}
      - {intent: talk_to_human, go: person}
      - {timeout: yes, go: nudge}
      - {otherwise: yes, go: end}
  - name: job
    say: "Travail pour {{ results.need }}."
    go: end
  - name: nudge
    say: "Toujours là ?"
  - name: person
    say: "Une personne arrive."
  - name: register
    do:
      - give_consent: {purpose: referral, text: welcome.register.say}
    form: intake
    go: refer
  - name: refer
    do:
      - open_referral: {need: "{{ results.need }}", place: "{{ results.place }}", urgency: normal}
    say: "Code {{ referral.code }}, {{ referral.partner }}, à {{ results.place }}."
"""
PRICE = """
flow: price
about: coût
kind: answer
triggers:
  - {intent: ask_amount_cost, label: "Le coût"}
nodes:
  - {name: free, say: "C'est gratuit."}
"""
DANGER = """
flow: danger
about: danger
kind: interrupt
triggers:
  - intent: danger_self_harm
nodes:
  - name: now
    say: "Etes-vous en danger ?"
    ask: {answer: yes_no, save_as: now}
    go: there
  - {name: there, say: "Appelez."}
"""
FALLBACK = """
flow: fallback
about: secours
nodes:
  - {name: sorry, say: "Pardon."}
"""
MEDIA = """
flow: media
about: fichier
nodes:
  - {name: thanks, say: "Merci du fichier."}
"""
LANGUAGE = """
flow: language
about: langue
kind: interrupt
triggers:
  - keyword: {any: [wolof]}
nodes:
  - name: set
    do:
      - set_language: {language: wo}
    say: "Wolof."
"""
INTAKE = """
form: intake
about: inscription
nudge: "On continue ?"
questions:
  - {name: adult, say: "Majeur ?", answer: yes_no}
  - {name: guardian, say: "Qui est avec vous ?", answer: text, if: results.adult is no}
  - {name: place, say: "Où ?", answer: place, field: place}
  - {name: name, say: "Prénom ?", answer: name, optional: yes}
  - {name: age, say: "Age ?", answer: number, min: 15, max: 99}
"""


@pytest.fixture(scope="module")
def flows() -> FlowSet:
    return flow_set(WELCOME, PRICE, DANGER, FALLBACK, MEDIA, LANGUAGE, forms=(INTAKE,))


@pytest.fixture
def chat(flows: FlowSet) -> Chat:
    return Chat(flows)


@pytest.mark.parametrize("answer", ["1", " 1 ", "un", "benn", "Un travail", "un  TRAVAIL", "boulot", "je cherche un boulot"])
def test_a_choice_is_taken_by_number_word_label_or_everyday_word(chat: Chat, answer: str) -> None:
    chat.say("bonjour")
    assert chat.say(answer) == "Travail pour Un travail."


def test_a_choice_is_taken_by_its_meaning(chat: Chat) -> None:
    chat.say("bonjour")
    assert chat.say("je veux bosser à nouveau", "job_search") == "Travail pour Un travail."


def test_a_choice_is_taken_by_a_tapped_button(chat: Chat) -> None:
    chat.say("bonjour")
    assert chat.hear(Heard("Un travail", "button", "job")) == "Travail pour Un travail."


def test_a_number_that_is_no_choice_is_asked_again_and_then_a_person_is_offered(chat: Chat) -> None:
    chat.say("bonjour")
    assert "Que cherchez-vous" in chat.say("9")
    assert "AGENT" in chat.say("9")


def test_a_side_route_is_taken_by_meaning(chat: Chat) -> None:
    chat.say("bonjour")
    assert chat.say("je veux parler à quelqu'un", "talk_to_human") == "Une personne arrive."


def test_the_language_of_the_keyword_answers(flows: FlowSet) -> None:
    chat = Chat(flows, Contact("sms"))
    assert chat.say("nanga def").startswith("[wo] ")
    assert LanguageChanged("wo", fixed=False) in chat.events


def test_one_short_odd_word_does_not_switch_the_language_but_a_sentence_does(flows: FlowSet) -> None:
    chat = Chat(flows, Contact("sms", "wo"))
    assert chat.say("menu", language="fr").startswith("[wo] ")
    assert not chat.say("je cherche un bon boulot", "job_search", language="fr").startswith("[wo] ")


def test_a_language_chosen_by_word_stays(flows: FlowSet) -> None:
    chat = Chat(flows, Contact("sms", "fr"))
    assert chat.say("wolof") == "[wo] Wolof."
    assert chat.say("bonjour, que pouvez vous faire pour moi", "greet", language="fr").startswith("[wo] ")


def _register(chat: Chat) -> str:
    chat.say("bonjour")
    return chat.say("2")


def test_a_form_asks_one_question_after_the_other_to_the_referral(chat: Chat) -> None:
    assert _register(chat).startswith("Majeur ?")
    assert any(isinstance(event, ConsentGiven) for event in chat.events)
    assert chat.say("oui") == "Où ?"
    assert chat.say("je vis à Touba") == "Prénom ?"
    assert chat.say("Modou") == "Age ?"
    assert chat.say("34 ans").startswith("Code C00001, BAOS, à Touba")
    opened = next(event for event in chat.events if isinstance(event, ReferralOpened))
    assert opened.need == "training"
    assert opened.place.startswith("Diourbel/Mbacké/Touba")
    completed = next(event for event in chat.events if isinstance(event, SubmissionCompleted))
    assert dict(completed.answers) == {"adult": "yes", "place": opened.place, "name": "Modou", "age": "34"}


def test_a_conditional_question_is_asked_only_when_it_applies(chat: Chat) -> None:
    _register(chat)
    assert chat.say("non") == "Qui est avec vous ?"


@pytest.mark.parametrize("word", ["retour", "RETOUR", "dellu"])
def test_going_back_asks_the_question_before_again(chat: Chat, word: str) -> None:
    _register(chat)
    chat.say("oui")
    assert chat.say(word).startswith("Majeur ?")
    assert chat.say("non") == "Qui est avec vous ?"


def test_going_back_from_the_first_question_says_so_and_asks_again(chat: Chat) -> None:
    _register(chat)
    assert chat.say("retour").endswith("Majeur ?\n1 Oui\n2 Non")


@pytest.mark.parametrize("word", ["passer", "tëb"])
def test_an_optional_question_is_skipped_and_a_needed_one_is_not(chat: Chat, word: str) -> None:
    _register(chat)
    assert "Majeur ?" in chat.say(word)
    chat.say("oui")
    chat.say("Touba")
    assert chat.say(word) == "Age ?"


def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(chat: Chat) -> None:
    _register(chat)
    assert chat.say("ça coûte combien ?", "ask_amount_cost") == "C'est gratuit.\nMajeur ?\n1 Oui\n2 Non"
    assert chat.say("oui") == "Où ?"
    assert chat.say("c'est combien pour être inscrit ?", "ask_amount_cost").endswith("Où ?")


def test_a_name_that_is_two_places_is_asked_and_picked_by_number(chat: Chat) -> None:
    _register(chat)
    chat.say("oui")
    asked = chat.say("Médina Gounass")
    assert "Guédiawaye" in asked or "Médina Gounass" in asked
    assert chat.say("2") == "Prénom ?"


def test_a_nearly_right_place_is_confirmed_first(chat: Chat) -> None:
    _register(chat)
    chat.say("oui")
    assert "Tivaouane" in chat.say("tivaouame")
    assert chat.say("oui") == "Prénom ?"


def test_danger_interrupts_a_form_and_nothing_after_it_is_taken_for_an_old_answer(chat: Chat) -> None:
    _register(chat)
    assert chat.say("je veux mourir", "danger_self_harm").startswith("Etes-vous en danger ?")
    assert chat.say("oui") == "Appelez."
    assert "Majeur ?" in chat.say("oui")
    assert chat.say("oui") == "Où ?"


def test_silence_takes_the_timeout_route(chat: Chat) -> None:
    chat.say("bonjour")
    assert chat.wait(timedelta(hours=23)) == ""
    assert chat.wait(timedelta(days=1)) == "Toujours là ?"


def test_a_silent_form_is_reminded_once_and_kept_for_a_week(chat: Chat) -> None:
    _register(chat)
    assert chat.wait(timedelta(days=1)) == "On continue ?"
    assert chat.wait(timedelta(days=2)) == ""
    assert chat.say("salam", "greet").endswith("Majeur ?\n1 Oui\n2 Non")
    assert chat.say("oui") == "Où ?"


def test_a_form_that_is_never_finished_ends_silently(chat: Chat) -> None:
    _register(chat)
    chat.wait(timedelta(days=1))
    assert chat.wait(timedelta(days=7)) == ""
    assert SessionEnded("expired") in chat.events


def test_an_unclear_text_is_answered_with_guesses_that_can_be_picked(chat: Chat) -> None:
    asked = chat.say("euh vos tarifs enfin bref", "ask_amount_cost", confidence=0.2)
    assert "1 Le coût" in asked
    assert chat.say("1") == "C'est gratuit."


def test_a_hopeless_text_gets_the_fallback(chat: Chat) -> None:
    assert chat.say("zzz") == "Pardon."


@pytest.mark.parametrize("kind", ["voice", "image", "sticker", "location"])
def test_a_file_out_of_the_blue_is_answered(chat: Chat, kind: str) -> None:
    assert chat.hear(Heard("", kind)) == "Merci du fichier."  # type: ignore[arg-type]


def test_a_file_in_a_form_is_thanked_for_and_the_question_comes_again(chat: Chat) -> None:
    _register(chat)
    assert chat.hear(Heard("", "voice")).endswith("Majeur ?\n1 Oui\n2 Non")


def test_a_flow_that_is_gone_fails_safely(flows: FlowSet) -> None:
    chat = Chat(flows)
    chat.say("bonjour")
    assert chat.saved is not None
    session = chat.session
    session.frames[0].at = "nowhere"
    chat.saved = session.dump()
    assert "erreur" in chat.say("1")
    assert any(isinstance(event, SessionFailed) for event in chat.events)


def test_what_a_person_types_is_never_read_as_a_placeholder(chat: Chat) -> None:
    _register(chat)
    chat.say("oui")
    chat.say("Touba")
    chat.say("{{ contact.place }}")
    assert chat.session.frames[-1].results["name"] == "{{ contact.place }}"
