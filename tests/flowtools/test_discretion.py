"""A text that nobody asked for tells a stranger nothing."""

from dataclasses import replace

import pytest

from bot.content import Content
from bot.content.load import load_content
from bot.engine.definition import Text
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


def test_what_is_shipped_is_discreet() -> None:
    assert not list(check_discretion(CONTENT))


@pytest.mark.parametrize("plant", [with_nudge, with_text_after_silence, with_notice])
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
