"""The phones in a real browser: what people see, tap and hear read aloud."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.sandbox.sandbox_rig import ACCOUNT, AWA, MODOU, TOKEN, Received, Rig, rig

PARTNER = ("Service social de Touba", "+221339740001")


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig(partners=(PARTNER,)) as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {})
    shared.receiver.got.clear()
    shared.receiver.answers.clear()
    shared.receiver.react = None
    return shared


@pytest.fixture
def page(browser: Browser, sandbox: Rig) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="fr-FR", reduced_motion="reduce")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(sandbox.url)
    expect(page.locator(".phone")).to_have_count(2)
    yield page
    page.close()
    assert complaints == []


def sms(page: Page) -> Locator:
    return page.get_by_role("region", name="Téléphone de Awa, SMS")


def whatsapp(page: Page) -> Locator:
    return page.get_by_role("region", name="Téléphone de Modou, WhatsApp")


def write(phone: Locator, text: str) -> None:
    field = phone.get_by_role("textbox", name="Écrire un message")
    field.fill(text)
    field.press("Enter")


def make_template(sandbox: Rig, kind: str, part: dict[str, Any]) -> str:
    document = {"friendly_name": "page", "language": "fr", "types": {kind: part}}
    return str(sandbox.http.post("/v1/Content", json=document, auth=(ACCOUNT, TOKEN)).json()["sid"])


def test_it_speaks_french_first_and_english_on_demand_and_remembers(page: Page) -> None:
    assert page.locator("html").get_attribute("lang") == "fr"
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("region", name="Phone of Awa, SMS")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Français")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_written_sms_reaches_our_webhook_and_the_answer_shows_its_cost(page: Page, sandbox: Rig) -> None:
    sandbox.receiver.react = lambda _: sandbox.sms("Mënuma la jàppale ci paj, dëkkuwaay, liggéey ak sa këyit yi. Bindal 1.") and None
    write(sms(page), "Salaam aleekum")
    answer = sms(page).locator(".theirs")
    expect(answer).to_contain_text("Mënuma la jàppale")
    expect(answer).to_contain_text("1 SMS")
    expect(answer).to_contain_text("UCS-2")
    expect(answer.get_by_role("img", name="reçu")).to_be_visible()
    expect(sms(page).locator(".mine").get_by_role("img", name="pris par le service")).to_be_visible()
    expect(sms(page)).to_contain_text("1 SMS facturé")
    assert [received.form["Body"] for received in sandbox.receiver.inbound()] == ["Salaam aleekum"]


def test_a_strangers_markup_is_only_text(page: Page, sandbox: Rig) -> None:
    nasty = "<img src=x onerror=alert(1)><script>alert(2)</script> & <b>"
    write(sms(page), nasty)
    sandbox.sms(nasty)
    expect(sms(page).locator(".theirs .text")).to_have_text(nasty)
    expect(sms(page).locator(".mine .text")).to_have_text(nasty)
    assert page.locator(".thread img, .thread script, .thread b").count() == 0


def test_buttons_are_tapped_and_send_their_payload(page: Page, sandbox: Rig) -> None:
    actions = [{"type": "QUICK_REPLY", "title": "{{2}}", "id": "yes"}, {"type": "QUICK_REPLY", "title": "Non", "id": "no"}]
    sid = make_template(sandbox, "twilio/quick-reply", {"body": "{{1}}", "actions": actions})

    def ask(received: Received) -> None:
        if "ButtonPayload" not in received.form:
            sandbox.whatsapp(to=MODOU, content_sid=sid, content_variables=json.dumps({"1": "*D'accord* ?", "2": "Oui"}))

    sandbox.receiver.react = ask
    write(whatsapp(page), "Bonjour")
    expect(whatsapp(page).locator(".theirs strong")).to_have_text("D'accord")
    whatsapp(page).get_by_role("button", name="Oui").click()
    expect(whatsapp(page).locator(".mine").nth(1)).to_contain_text("Oui")
    form = sandbox.receiver.inbound()[-1].form
    assert (form["ButtonPayload"], form["ButtonText"], form["Body"]) == ("yes", "Oui", "Oui")
    assert form["OriginalRepliedMessageSid"].startswith("SM")


def test_a_list_opens_and_its_row_is_picked_with_the_keyboard(page: Page, sandbox: Rig) -> None:
    rows = [{"item": "Santé", "id": "health", "description": "Soins"}, {"item": "Travail", "id": "work"}]
    sid = make_template(sandbox, "twilio/list-picker", {"body": "Votre besoin ?", "button": "Choisir", "items": rows})
    sandbox.receiver.react = lambda received: None if "ListId" in received.form else sandbox.whatsapp(to=MODOU, content_sid=sid) and None
    write(whatsapp(page), "Bonjour")
    whatsapp(page).get_by_role("button", name="Choisir").press("Enter")
    sheet = page.get_by_role("dialog", name="Choisir")
    expect(sheet).to_contain_text("Soins")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(sheet).to_be_hidden()
    expect(whatsapp(page).locator(".mine").nth(1)).to_contain_text("Travail")
    assert sandbox.receiver.inbound()[-1].form["ListId"] == "work"


@pytest.mark.parametrize(
    ("label", "parameter", "value"),
    [
        ("Envoyer une note vocale", "MediaContentType0", "audio/ogg"),
        ("Envoyer une photo", "MediaContentType0", "image/jpeg"),
        ("Envoyer un autocollant", "MessageType", "sticker"),
        ("Envoyer ma position", "Label", "Touba"),
        ("Envoyer un texte vide", "Body", ""),
    ],
)
def test_everything_a_phone_sends_besides_text(page: Page, sandbox: Rig, label: str, parameter: str, value: str) -> None:
    whatsapp(page).get_by_role("button", name=label).click()
    expect(whatsapp(page).locator(".mine").get_by_role("img", name="pris par le service")).to_be_visible()
    assert sandbox.receiver.got[-1].form[parameter] == value


def test_a_photo_and_a_sticker_are_shown(page: Page) -> None:
    for label in ("Envoyer une photo", "Envoyer un autocollant"):
        whatsapp(page).get_by_role("button", name=label).click()
    for name in ("Photo", "Autocollant"):
        picture = whatsapp(page).get_by_role("img", name=name, exact=True)
        expect(picture).to_be_visible()
        assert picture.evaluate("image => image.naturalWidth") > 50
    # Nothing of this test may still be on its way to the receiver when the next one counts what came.
    expect(whatsapp(page).locator(".mine").get_by_role("img", name="pris par le service")).to_have_count(2)


def test_the_last_webhook_is_repeated_ten_times(page: Page, sandbox: Rig) -> None:
    write(sms(page), "Salaam")
    expect(sms(page).locator(".mine")).to_have_count(1)
    sms(page).get_by_role("button", name="Répéter 10 fois").click()
    expect(page.get_by_role("status").filter(has_text="Répété 10 fois : 10 prises en charge.")).to_be_visible()
    got = [received for received in sandbox.receiver.got if received.path == "/twilio/sms"]
    assert len({received.form["MessageSid"] for received in got}) == 1
    assert len(got) == 11


def test_a_service_that_does_not_answer_is_said_on_the_bubble(page: Page, sandbox: Rig) -> None:
    sandbox.receiver.answers.extend([500, 500, 500])
    write(sms(page), "Allo ?")
    expect(page.get_by_role("status").filter(has_text="3 essais")).to_be_visible()
    expect(sms(page).locator(".mine.lost").get_by_role("img", name="pas pris par le service")).to_be_visible()


def test_a_message_that_failed_shows_its_code(page: Page, sandbox: Rig) -> None:
    sandbox.whatsapp("Trop tard", to=MODOU)
    expect(whatsapp(page).locator(".theirs.lost")).to_contain_text("Échec 63016")


def test_trouble_is_switched_on_and_off(page: Page, sandbox: Rig) -> None:
    page.get_by_role("button", name="Pannes").click()
    for label, badge, state in (("saturé (429)", "Fournisseur saturé", "429"), ("en panne", "Fournisseur en panne", "500")):
        page.get_by_role("radio", name=label).check()
        expect(page.locator("#provider")).to_have_text(badge)
        assert [fault["kind"] for fault in sandbox.control("state")["faults"]] == [state]
    page.get_by_role("radio", name="lent (3 s)").check()
    expect(page.locator("#provider")).to_have_text("Fournisseur lent")
    assert sandbox.control("state")["latency"]["seconds"] == 3
    page.get_by_role("radio", name="normal").check()
    expect(page.locator("#provider")).to_have_text("Fournisseur normal")
    page.get_by_role("button", name="Avancer de 25 h").click()
    expect(page.locator("#clock")).to_have_text("en avance de 25 h")


def test_a_caseworkers_phone_takes_a_partners_number(page: Page, sandbox: Rig) -> None:
    page.get_by_role("button", name="Ajouter un téléphone").click()
    editor = page.get_by_role("dialog", name="Nouveau téléphone")
    editor.get_by_role("radio", name="Partenaire").check()
    expect(editor.get_by_label("Numéro")).to_have_value(PARTNER[1])
    editor.get_by_role("button", name="Enregistrer").click()
    sandbox.sms("Nouvelle demande DL-482", to=PARTNER[1])
    expect(page.get_by_role("region", name=f"Téléphone de {PARTNER[0]}, SMS").locator(".theirs")).to_contain_text("DL-482")
    page.reload()
    expect(page.locator(".phone")).to_have_count(3)


def test_a_phone_without_a_number_is_whatsapp_only(page: Page, sandbox: Rig) -> None:
    page.get_by_role("button", name="Ajouter un téléphone").click()
    editor = page.get_by_role("dialog", name="Nouveau téléphone")
    editor.get_by_label("Nom").fill("Sokhna")
    editor.get_by_label("Numéro").fill("SN.sokhna1")
    editor.get_by_role("button", name="Enregistrer").click()
    expect(editor.get_by_role("alert")).to_contain_text("il faut WhatsApp")
    editor.get_by_role("radio", name="WhatsApp").check()
    editor.get_by_role("button", name="Enregistrer").click()
    write(page.get_by_role("region", name="Téléphone de Sokhna, WhatsApp"), "Salaam")
    expect(page.locator(".phone.whatsapp .mine")).to_have_count(1)
    assert sandbox.receiver.got[-1].form["From"] == "whatsapp:SN.sokhna1"


def test_a_phone_is_renamed_and_removed(page: Page) -> None:
    sms(page).get_by_role("button", name="Modifier ce téléphone").click()
    page.get_by_role("dialog").get_by_label("Nom").fill("Bineta")
    page.keyboard.press("Enter")
    renamed = page.get_by_role("region", name="Téléphone de Bineta, SMS")
    renamed.get_by_role("button", name="Enlever ce téléphone").click()
    expect(page.locator(".phone")).to_have_count(1)


def test_it_fits_a_small_screen(page: Page, sandbox: Rig) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("navigation").get_by_role("button", name="Modou").click()
    expect(whatsapp(page).get_by_role("textbox")).to_be_focused()
    expect(whatsapp(page).get_by_role("textbox")).to_be_in_viewport(ratio=1)
    write(whatsapp(page), "Salaam")
    expect(whatsapp(page).locator(".mine")).to_be_in_viewport()


def test_every_control_has_a_name_and_is_reached_by_tab(page: Page) -> None:
    nameless = page.evaluate(
        "[...document.querySelectorAll('button, textarea, input')].filter(e => e.checkVisibility() && "
        "!(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).length"
    )
    assert nameless == 0
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"))
    assert {"Ajouter un téléphone", "Écrire un message", "Envoyer", "Répéter 10 fois le dernier message"} <= set(reached)


def test_a_cleared_sandbox_empties_the_phones(page: Page, sandbox: Rig) -> None:
    write(sms(page), "Salaam")
    expect(sms(page).locator(".mine")).to_have_count(1)
    page.get_by_role("button", name="Pannes").click()
    page.get_by_role("button", name="Tout effacer").click()
    expect(sms(page).locator(".bubble")).to_have_count(0)
    assert sandbox.thread(AWA) == []


def test_the_policy_lets_nothing_foreign_in(sandbox: Rig) -> None:
    answer = sandbox.http.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    parts = ("phone.js", "thread.js", "draft.js", "words.js", "phone.css", "icon.svg")
    texts = {name: sandbox.http.get(f"/page/{name}").text for name in parts} | {"index.html": answer.text}
    assert all("innerHTML" not in text and "https://" not in text for text in texts.values())
    assert sandbox.http.get("/page/app.py").status_code == 404


def test_both_languages_say_everything(page: Page) -> None:
    missing = page.evaluate(
        """async () => {
          const text = await (await fetch('/page/words.js')).text();
          const words = await import('/page/words.js');
          const keys = [...text.matchAll(/(\\w+): (?=["[])/g)].map((match) => match[1]);
          const count = (key) => keys.filter((other) => other === key).length;
          return [...new Set(keys)].filter((key) => count(key) !== 2);
        }"""
    )
    assert missing == []
