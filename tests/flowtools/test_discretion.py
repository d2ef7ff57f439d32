"""A text that nobody asked for tells a stranger nothing."""

from dataclasses import replace

import pytest

from bot.content import Content
from bot.content.load import load_content
from bot.engine.definition import Do, Text, Where
from bot.flowtools.discretion import TELLING, check_discretion, telling
from bot.settings import PROJECT

CONTENT = load_content(PROJECT)


def with_nudge(words: str) -> Content:
    form = CONTENT.flows.forms["intake"]
    forms = {**CONTENT.flows.forms, "intake": replace(form, nudge=Text(words, "form.intake.planted"))}
    return replace(CONTENT, flows=replace(CONTENT.flows, forms=forms))


def with_text_after_silence(words: str) -> Content:
    flow = CONTENT.flows.flows["danger_self_harm"]
    nodes = {**flow.nodes, "quiet": replace(flow.nodes["quiet"], say=(Text(words, "danger_self_harm.quiet.planted"),))}
    flows = {**CONTENT.flows.flows, flow.name: replace(flow, nodes=nodes)}
    return replace(CONTENT, flows=replace(CONTENT.flows, flows=flows))


def with_notice(words: str) -> Content:
    texts = {**CONTENT.notices.texts, "notices.new_referral": Text(words, "notices.planted")}
    return replace(CONTENT, notices=replace(CONTENT.notices, texts=texts))


def with_told(words: str) -> Content:
    texts = {**CONTENT.flows.words.texts, "told_accepted": Text(words, "words.planted")}
    return replace(CONTENT, flows=replace(CONTENT.flows, words=replace(CONTENT.flows.words, texts=texts)))


def with_need(words: str) -> Content:
    texts = {**CONTENT.notices.texts, "needs.protection": Text(words, "notices.planted")}
    return replace(CONTENT, notices=replace(CONTENT.notices, texts=texts))


def with_silent_action(action: str, call: str | None = None) -> Content:
    """After silence `quiet` does something, or plays a flow whose first node does it."""
    silent, other = CONTENT.flows.flows["danger_self_harm"], CONTENT.flows.flows["thank_bye"]
    do = (Do(action, {}, Where("flows/planted.yml", 7)),)
    quiet = replace(silent.nodes["quiet"], call=call, do=() if call else do)
    bye = replace(other.nodes["bye"], do=do if call else ())
    changed = {
        silent.name: replace(silent, nodes={**silent.nodes, "quiet": quiet}),
        other.name: replace(other, nodes={**other.nodes, "bye": bye}),
    }
    return replace(CONTENT, flows=replace(CONTENT.flows, flows={**CONTENT.flows.flows, **changed}))


def told(content: Content) -> list[str]:
    return [dict(fault.values)["words"] for fault in check_discretion(content)]


def test_what_is_shipped_is_discreet() -> None:
    assert not list(check_discretion(CONTENT))


@pytest.mark.parametrize("plant", [with_nudge, with_text_after_silence, with_notice, with_told])
@pytest.mark.parametrize("words", ["Votre retour de migration", "Rapatriés : répondez", "Tukki bi, tontul nu", "Musiba am na"])
def test_a_planted_word_is_found_wherever_nobody_asked(plant: object, words: str) -> None:
    assert callable(plant)
    assert [fault.code for fault in check_discretion(plant(words))][:1] == ["indiscreet"]


@pytest.mark.parametrize(("language", "word"), [(language, word) for language, words in TELLING.items() for word in words])
def test_every_listed_word_is_found_in_its_language(language: str, word: str) -> None:
    assert telling(f"xxx {word.upper()}, xxx.", language)


@pytest.mark.parametrize(("language", "text"), [("fr", "Nous attendons votre réponse."), ("wo", "Tontul saa yoo bëggee, aaru ak deetal.")])
def test_words_that_tell_nothing_pass(language: str, text: str) -> None:
    assert not telling(text, language)


@pytest.mark.parametrize("plant", [with_nudge, with_text_after_silence, with_told])
@pytest.mark.parametrize("placeholder", ["status.partner", "referral.partner", "partner.baos_diourbel"])
def test_a_partner_that_would_be_named_is_found_in_its_placeholder(plant: object, placeholder: str) -> None:
    assert callable(plant)
    french = told(plant(f"Du nouveau : {{{{ {placeholder} }}}}."))[0]
    assert french.startswith(f"{{{{ {placeholder} }}}} (")
    assert "baos" in french


def test_a_need_is_found_in_the_notice_that_would_name_it() -> None:
    (found,) = {words for words in told(with_need("violences")) if "violence" in words}
    assert found == "{{ referral.need }} (violences)"


def test_the_choices_of_a_question_are_found_where_its_answer_would_be_repeated() -> None:
    content = with_nudge("Vous avez choisi {{ results.need }}.")
    assert "{{ results.need }}" in told(content)[0]
    assert not told(with_nudge("Bonjour {{ contact.first_name }}."))


@pytest.mark.parametrize("action", ["tell_offers", "tell_status"])
@pytest.mark.parametrize("call", [None, "thank_bye"])
def test_offers_and_states_are_not_told_into_silence(action: str, call: str | None) -> None:
    assert told(with_silent_action(action, call))[-1] == action
