"""Where one conversation lands in another version: the same question, a changed one, nowhere, or nowhere without repeating."""

import pytest

from bot.engine.definition import FlowSet
from bot.engine.state import Frame, Session
from bot.publishing.landing import land
from tests.engine.test_conversation import DANGER, FALLBACK, INTAKE, LANGUAGE, MEDIA, PRICE, WELCOME
from tests.engine.world import Chat, flow_set


def flows(*, welcome: str = WELCOME, intake: str = INTAKE, version: str = "new") -> FlowSet:
    made = flow_set(welcome, PRICE, DANGER, FALLBACK, MEDIA, LANGUAGE, forms=(intake,))
    return FlowSet(made.flows, made.forms, made.words, version, made.labels)


OLD = flows(version="old")


def at(node: str, **results: str) -> Session:
    """In the form of `welcome.register`, at a question."""
    return Session("old", [Frame("flow", "welcome", "register"), Frame("form", "intake", node, {"need": "training", **results})])


def test_the_same_question_is_gone_on_with_as_if_nothing_had_happened() -> None:
    session = at("place", adult="yes")
    landing = land(session, OLD, flows(), {})
    assert landing.kind == "same"
    assert landing.session is not None
    assert landing.session.frames == session.frames
    assert landing.session.flows == "new"
    assert session.flows == "old"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('say: "Où ?"', 'say: "Où habitez-vous ?"'),
        ('say: "Où ?", answer: place', 'say: "Où ?", answer: text'),
    ],
)
def test_a_question_that_reads_differently_is_asked_before_an_answer_counts(old: str, new: str) -> None:
    landing = land(at("place", adult="yes"), OLD, flows(intake=INTAKE.replace(old, new)), {})
    assert landing.kind == "changed"
    assert landing.session is not None
    chat = Chat(flows(intake=INTAKE.replace(old, new)))
    chat.saved = landing.session.dump()
    asked = chat.say("Touba")
    assert asked.endswith(new.split('"')[1])
    assert chat.say("Touba") == "Prénom ?"


def test_choices_in_another_order_are_another_question() -> None:
    menu = Session("old", [Frame("flow", "welcome", "menu")])
    job = '        - {value: job, label: "Un travail", words: [boulot, emploi], intent: job_search}\n'
    training = '        - {value: training, label: "Une formation", go: register}\n'
    swapped = flows(welcome=WELCOME.replace(job + training, training + job))
    assert land(menu, OLD, swapped, {}).kind == "changed"
    assert land(menu, OLD, flows(), {}).kind == "same"


def test_a_step_that_is_gone_needs_a_new_name() -> None:
    new = flows(intake=INTAKE.replace("name: place", "name: town"))
    assert land(at("place"), OLD, new, {}).kind == "gone"
    landing = land(at("place"), OLD, new, {"intake.place": "intake.town"})
    assert landing.mapped
    assert landing.session is not None
    assert landing.session.top.at == "town"


def test_a_step_below_that_no_longer_leads_to_the_form_is_gone() -> None:
    new = flows(welcome=WELCOME.replace("    form: intake\n", '    say: "Rien."\n'))
    assert land(at("place"), OLD, new, {}).kind == "gone"


def test_a_question_that_was_answered_and_now_comes_later_keeps_the_conversation_where_it_is() -> None:
    adult = '  - {name: adult, say: "Majeur ?", answer: yes_no}\n'
    new = flows(intake=INTAKE.replace(adult, "") + adult)
    assert land(at("place", adult="yes"), OLD, new, {}).kind == "repeats"
    assert land(at("adult"), OLD, new, {}).kind == "same"


def test_a_map_to_a_step_that_was_answered_does_not_count() -> None:
    new = flows(intake=INTAKE.replace("name: place", "name: town"))
    assert land(at("place", adult="yes"), OLD, new, {"intake.place": "intake.adult"}).kind == "repeats"


def test_a_later_step_that_asks_for_what_is_known_passes_when_it_skips_what_is_known() -> None:
    asks = 'questions:\n  - {name: need, say: "Besoin ?", answer: text, skip_known: yes}\n'
    new = flows(intake=INTAKE.replace("questions:\n", asks))
    assert land(at("place", adult="yes"), OLD, new, {}).kind == "same"
    later = flows(intake=INTAKE + '  - {name: need, say: "Besoin ?", answer: text}\n')
    assert land(at("place", adult="yes"), OLD, later, {}).kind == "repeats"


def test_what_waits_below_a_digression_must_stand_too() -> None:
    session = at("place")
    session.frames.append(Frame("flow", "danger", "now", digression=True))
    session.frames[1].quiet = True
    assert land(session, OLD, flows(), {}).kind == "same"
    assert land(session, OLD, flows(intake=INTAKE.replace("name: place", "name: town")), {}).kind == "gone"


def test_out_of_a_form_that_is_gone_a_map_leads_into_a_flow() -> None:
    landing = land(at("place", adult="yes"), OLD, flows(), {"intake.place": "welcome.menu"})
    # The menu leads to the form again, where they have said their age.
    assert landing.kind == "repeats"
    session = Session("old", [Frame("flow", "welcome", "register"), Frame("form", "intake", "adult")])
    landing = land(session, OLD, flows(), {"intake.adult": "welcome.menu"})
    assert landing.session is not None
    assert [frame.name for frame in landing.session.frames] == ["welcome"]
    assert landing.session.top.quiet


def test_a_flow_gets_a_new_name_with_all_its_steps() -> None:
    renamed = flows(welcome=WELCOME.replace("flow: welcome", "flow: accueil"))
    landing = land(at("place"), OLD, renamed, {"welcome": "accueil"})
    assert landing.kind == "same"
    assert land(at("place"), OLD, renamed, {}).kind == "gone"


def test_of_a_version_that_is_no_longer_kept_the_question_is_asked_again() -> None:
    landing = land(at("place"), None, flows(), {})
    assert landing.kind == "changed"
    assert landing.session is not None
    assert landing.session.top.quiet
