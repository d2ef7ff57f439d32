"""A phone that talks to the draft on disk: in the control API, and in a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.content import Content
from bot.flowtools.draft import Draft
from bot.flowtools.talking import Meaning
from bot.understanding import PhraseLayer
from tests.flowtools.conftest import copy_content
from tests.sandbox.sandbox_rig import AWA, MODOU, Rig, rig

BYE = "Merci à vous, et bon courage."


def words_alone(content: Content) -> Meaning:
    """Keywords and the words of danger, without the understanding service."""
    return PhraseLayer(content.danger_in).parse


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rig, Path]]:
    folder = copy_content(tmp_path_factory.mktemp("draft"))
    with rig(Draft(folder, words_alone)) as parts:
        yield parts, folder


@pytest.fixture
def folder(shared: tuple[Rig, Path], tmp_path: Path) -> Iterator[Path]:
    """The draft's folder, put back as it was after the test."""
    kept = tmp_path / "kept"
    shutil.copytree(shared[1] / "flows", kept)
    yield shared[1]
    shutil.rmtree(shared[1] / "flows")
    shutil.move(kept, shared[1] / "flows")


@pytest.fixture
def sandbox(shared: tuple[Rig, Path]) -> Rig:
    shared[0].control("draft/anew", {})
    shared[0].receiver.got.clear()
    return shared[0]


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / "flows" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def say(sandbox: Rig, text: str, number: str = AWA, channel: str = "sms", **more: Any) -> list[dict[str, Any]]:
    """Say it on the draft; what came of it."""
    sent = sandbox.control("draft/send", {"from": number, "channel": channel, "text": text, "lang": "fr", **more})
    person = ("whatsapp:" if channel == "whatsapp" else "") + number
    messages: list[dict[str, Any]] = sandbox.control(f"draft/{person}/messages?since={sent['serial'] - 1}&lang=fr")["messages"]
    return messages


def test_the_draft_answers_and_nothing_reaches_the_service(sandbox: Rig) -> None:
    mine, answer = say(sandbox, "merci")[:2]
    assert (mine["direction"], mine["text"], mine["taken"]) == ("in", "merci", True)
    assert answer["direction"] == "out"
    assert answer["text"].startswith(BYE)
    assert (answer["encoding"], answer["segments"]) == ("GSM-7", 1)
    assert sandbox.receiver.got == []
    assert sandbox.thread(AWA) == []


def test_a_saved_text_is_said_at_once(sandbox: Rig, folder: Path) -> None:
    say(sandbox, "merci")
    change(folder, "thank_bye.yml", BYE, "Au revoir à vous.")
    note, _mine, answer = say(sandbox, "merci")[:3]
    assert (note["direction"], "enregistré" in note["text"]) == ("note", True)
    assert answer["text"].startswith("Au revoir à vous.")


def test_a_talk_stays_where_it_is_when_a_file_is_saved(sandbox: Rig, folder: Path) -> None:
    say(sandbox, "inscription")
    before = say(sandbox, "/state")[0]["text"]
    assert "register.consent" in before
    change(folder, "thank_bye.yml", BYE, "Au revoir à vous.")
    assert before in [one["text"] for one in say(sandbox, "/state")]


def test_choices_are_buttons_on_whatsapp_and_numbers_on_sms(sandbox: Rig) -> None:
    sms = next(one for one in say(sandbox, "menu") if one["direction"] == "out")
    assert "\n1 " in sms["text"]
    assert sms["interactive"] is None
    whatsapp = next(one for one in say(sandbox, "menu", MODOU, "whatsapp") if one["interactive"])
    item = whatsapp["interactive"]["items"][0]
    assert item["title"] in sms["text"]
    tapped = say(sandbox, "", MODOU, "whatsapp", button={"id": item["id"], "title": item["title"], "kind": "list-picker"})
    assert tapped[0]["text"] == item["title"]
    assert any(one["direction"] == "out" for one in tapped)


def test_days_pass_on_demand(sandbox: Rig) -> None:
    for text in ("inscription", "oui"):
        say(sandbox, text)
    assert "Nous attendons votre réponse" in say(sandbox, "/wait 2d")[0]["text"]


def test_a_voice_note_is_answered_like_one(sandbox: Rig) -> None:
    answers = say(sandbox, "", MODOU, "whatsapp", media="voice")
    assert answers[0]["media"][0]["content_type"] == "audio/ogg"
    assert answers[1]["direction"] == "out"


def test_a_broken_draft_names_file_line_key_and_fix(sandbox: Rig, folder: Path) -> None:
    change(folder, "thank_bye.yml", "    say:", "    sy:")
    faults = sandbox.control(f"draft/{AWA}/messages?since=0&lang=fr")["faults"]
    assert [(one["file"], one["key"]) for one in faults] == [("flows/thank_bye.yml", "nodes.bye.sy")]
    assert faults[0]["line"] > 1
    assert "« say »" in faults[0]["sentence"]
    refused = sandbox.http.post("/control/draft/send", json={"from": AWA, "text": "merci", "lang": "en"})
    assert refused.status_code == 400
    assert "1 error" in refused.json()["error"]


def test_beginning_anew_forgets_one_phone(sandbox: Rig) -> None:
    say(sandbox, "merci")
    say(sandbox, "merci", MODOU)
    sandbox.control("draft/anew", {"address": AWA})
    assert sandbox.control(f"draft/{AWA}/messages?since=0")["messages"] == []
    assert sandbox.control(f"draft/{MODOU}/messages?since=0")["messages"] != []


def test_a_sandbox_without_a_draft_says_so() -> None:
    with rig() as alone:
        assert alone.control("draft") == {"here": False}
        assert alone.http.post("/control/draft/send", json={"from": AWA, "text": "merci"}).status_code == 400


@pytest.fixture
def page(browser: Browser, sandbox: Rig) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="fr-FR", reduced_motion="reduce")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(sandbox.url)
    expect(page.locator(".phone")).to_have_count(2)
    yield page
    page.close()
    assert complaints == []


def awa(page: Page) -> Locator:
    return page.get_by_role("region", name="Téléphone de Awa, SMS")


def write(phone: Locator, text: str) -> None:
    field = phone.get_by_role("textbox", name="Écrire un message")
    field.fill(text)
    field.press("Enter")


def test_the_switch_leads_to_the_draft_and_back(page: Page, sandbox: Rig) -> None:
    expect(awa(page).get_by_role("radio", name="Publié")).to_be_checked()
    awa(page).get_by_role("radio", name="Brouillon").check()
    expect(awa(page)).to_contain_text("parle au brouillon")
    write(awa(page), "merci")
    expect(awa(page).locator(".theirs")).to_contain_text(BYE)
    assert sandbox.receiver.got == []
    page.reload()
    expect(awa(page).locator(".theirs")).to_contain_text(BYE)
    awa(page).get_by_role("radio", name="Publié").check()
    expect(awa(page).locator(".bubble")).to_have_count(0)
    write(awa(page), "Bonjour")
    expect(awa(page).locator(".mine").get_by_role("img", name="pris par le service")).to_be_visible()
    assert [received.form["Body"] for received in sandbox.receiver.inbound()] == ["Bonjour"]


def test_an_edit_is_tried_without_restarting_and_a_broken_file_is_explained(page: Page, folder: Path) -> None:
    awa(page).get_by_role("radio", name="Brouillon").check()
    write(awa(page), "merci")
    expect(awa(page).locator(".theirs")).to_have_count(1)
    change(folder, "thank_bye.yml", "    say:", "    sy:")
    faults = awa(page).get_by_role("alert")
    expect(faults).to_contain_text("flows/thank_bye.yml:")
    expect(faults).to_contain_text("nodes.bye.sy")
    expect(faults).to_contain_text("Vouliez-vous dire « say »")
    write(awa(page), "merci bien")
    expect(page.get_by_role("status").filter(has_text="Corrigez d’abord le brouillon")).to_be_visible()
    expect(awa(page).get_by_role("textbox")).to_have_value("merci bien")
    change(folder, "thank_bye.yml", "    sy:", "    say:")
    change(folder, "thank_bye.yml", BYE, "Au revoir à vous.")
    expect(faults).to_be_hidden()
    write(awa(page), "merci")
    expect(awa(page).locator(".theirs").nth(1)).to_contain_text("Au revoir à vous.")
    expect(awa(page).locator(".note").filter(has_text="enregistré")).to_be_visible()


def test_a_day_passes_and_a_phone_begins_anew_at_a_touch(page: Page) -> None:
    awa(page).get_by_role("radio", name="Brouillon").check()
    write(awa(page), "inscription")
    expect(awa(page).locator(".theirs")).to_have_count(1)
    write(awa(page), "oui")
    expect(awa(page).locator(".theirs")).to_have_count(2)
    awa(page).get_by_role("button", name="Laisser passer un jour").click()
    expect(awa(page).locator(".theirs").nth(2)).to_contain_text("Nous attendons votre réponse")
    awa(page).get_by_role("button", name="Recommencer à zéro").click()
    expect(awa(page).locator(".bubble")).to_have_count(0)


def test_the_errors_are_told_in_the_language_of_the_page(page: Page, folder: Path) -> None:
    awa(page).get_by_role("radio", name="Brouillon").check()
    change(folder, "thank_bye.yml", "    say:", "    sy:")
    expect(awa(page).get_by_role("alert")).to_contain_text("Le brouillon a")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("region", name="Phone of Awa, SMS").get_by_role("alert")).to_contain_text("The draft has")
