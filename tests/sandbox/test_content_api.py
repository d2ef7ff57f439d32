"""Templates: created by the SDK, sent with variables, shown with their buttons."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest.content.v1.content import ContentList

from tests.sandbox.sandbox_rig import ACCOUNT, AWA, SMS, TOKEN, WHATSAPP, Rig, rig, until

QUICK_REPLY = {"twilio/quick-reply": {"body": "{{1}}", "actions": [{"type": "QUICK_REPLY", "title": "{{2}}", "id": "{{3}}"}]}}
LIST = {
    "twilio/list-picker": {
        "body": "{{1}}",
        "button": "Choisir",
        "items": [{"item": "{{2}}", "id": "{{3}}", "description": "{{4}}"}, {"item": "Autre", "id": "other"}],
    }
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig() as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {"contents": True})
    shared.phone(channel="whatsapp", text="Salaam")
    shared.receiver.got.clear()
    return shared


def template(sandbox: Rig, types: dict[str, Any], **more: Any) -> Any:
    document = {"friendly_name": "dellusi_two", "language": "fr", "variables": {"1": "a", "2": "b", "3": "c"}, "types": types, **more}
    return sandbox.twilio.content.v1.contents.create(ContentList.ContentCreateRequest(document))


def send(sandbox: Rig, sid: str, variables: dict[str, str], to: str = AWA) -> Any:
    return sandbox.whatsapp(to=to, content_sid=sid, content_variables=json.dumps(variables), status_callback=sandbox.callback_url())


def report(sandbox: Rig) -> tuple[str, str | None]:
    until(lambda: sandbox.receiver.statuses() and sandbox.receiver.statuses()[-1] in {"delivered", "undelivered"})
    form = sandbox.receiver.got[-1].form
    return form["MessageStatus"], form.get("ErrorCode")


def raw_quick_reply(sandbox: Rig, actions: list[dict[str, str]]) -> str:
    types = {"twilio/quick-reply": {"body": "Choisissez", "actions": actions}}
    document = {"friendly_name": "raw", "language": "fr", "types": types}
    answer = sandbox.http.post("/content.twilio.com/v1/Content", json=document, auth=(ACCOUNT, TOKEN))
    return str(answer.json()["sid"])


def test_a_template_can_be_created_fetched_listed_and_deleted(sandbox: Rig) -> None:
    made = [template(sandbox, QUICK_REPLY).sid for _ in range(5)]
    contents = sandbox.twilio.content.v1.contents
    assert made[0].startswith("HX")
    assert contents(made[0]).fetch().friendly_name == "dellusi_two"
    assert [found.sid for found in contents.list(page_size=2)] == made[::-1]
    assert contents(made[0]).delete()
    assert len(contents.list()) == 4


def test_clearing_keeps_templates_as_clients_remember_their_ids(sandbox: Rig) -> None:
    sid = template(sandbox, QUICK_REPLY).sid
    sandbox.control("clear", {})
    assert sandbox.twilio.content.v1.contents(sid).fetch().sid == sid


def test_buttons_are_filled_in_and_shown(sandbox: Rig) -> None:
    send(sandbox, template(sandbox, QUICK_REPLY).sid, {"1": "D'accord ?", "2": "Oui", "3": "yes"})
    shown = sandbox.thread("whatsapp:" + AWA)[-1]
    assert shown["text"] == "D'accord ?"
    assert shown["interactive"] == {
        "kind": "quick-reply",
        "button": "",
        "items": [{"id": "yes", "title": "Oui", "description": ""}],
    }
    assert report(sandbox) == ("delivered", None)


def test_a_tapped_button_says_its_id_and_the_message_it_belongs_to(sandbox: Rig) -> None:
    sent = send(sandbox, template(sandbox, QUICK_REPLY).sid, {"1": "D'accord ?", "2": "Oui", "3": "yes"})
    sandbox.phone(channel="whatsapp", button={"id": "yes", "title": "Oui", "kind": "quick-reply"}, message_sid=sent.sid)
    form = sandbox.receiver.inbound()[-1].form
    assert (form["Body"], form["ButtonText"], form["ButtonPayload"], form["MessageType"]) == ("Oui", "Oui", "yes", "interactive")
    assert form["OriginalRepliedMessageSid"] == sent.sid
    assert form["OriginalRepliedMessageSender"] == "whatsapp:" + WHATSAPP


def test_a_picked_row_says_its_list_id(sandbox: Rig) -> None:
    sent = send(sandbox, template(sandbox, LIST).sid, {"1": "Votre besoin ?", "2": "Santé", "3": "health", "4": "Soins"})
    assert sandbox.thread("whatsapp:" + AWA)[-1]["interactive"]["button"] == "Choisir"
    sandbox.phone(channel="whatsapp", button={"id": "health", "title": "Santé", "kind": "list-picker"}, message_sid=sent.sid)
    form = sandbox.receiver.inbound()[-1].form
    assert (form["Body"], form["ListId"], form["ListTitle"]) == ("Santé", "health", "Santé")
    assert "ButtonPayload" not in form


def test_a_list_may_not_open_a_conversation_and_an_approved_template_may(sandbox: Rig) -> None:
    stranger = "+221770000077"
    send(sandbox, template(sandbox, LIST).sid, {"1": "x"}, to=stranger)
    assert report(sandbox) == ("undelivered", "63016")
    sandbox.receiver.got.clear()
    sid = template(sandbox, {"twilio/text": {"body": "Bonjour {{1}}, votre dossier avance."}}).sid
    approval = sandbox.twilio.content.v1.contents(sid).approval_fetch().fetch()
    assert approval.whatsapp is not None
    assert approval.whatsapp["status"] == "unsubmitted"
    url = f"/content.twilio.com/v1/Content/{sid}/ApprovalRequests/whatsapp"
    assert sandbox.http.post(url, json={"name": "x", "category": "UTILITY"}, auth=(ACCOUNT, TOKEN)).json()["status"] == "approved"
    send(sandbox, sid, {"1": "Awa"}, to=stranger)
    assert report(sandbox) == ("delivered", None)


@pytest.mark.parametrize("value", ["", "  ", "a     b", "a\n\nb"])
def test_variables_that_whatsapp_dislikes_fail_in_the_report(sandbox: Rig, value: str) -> None:
    send(sandbox, template(sandbox, QUICK_REPLY).sid, {"1": value, "2": "Oui", "3": "yes"})
    assert report(sandbox) == ("undelivered", "63013")


@pytest.mark.parametrize(
    "actions",
    [
        [{"title": "a" * 21, "id": "1"}],
        [{"title": "a", "id": "1"}, {"title": "b", "id": "1"}],
        [{"title": str(number), "id": str(number)} for number in range(4)],
    ],
)
def test_buttons_beyond_the_limits_fail_in_the_report(sandbox: Rig, actions: list[dict[str, str]]) -> None:
    send(sandbox, raw_quick_reply(sandbox, actions), {})
    assert report(sandbox) == ("undelivered", "63021")


def test_by_sms_a_template_becomes_a_numbered_list(sandbox: Rig) -> None:
    sid = template(sandbox, LIST).sid
    sandbox.twilio.messages.create(to=AWA, from_=SMS, content_sid=sid, content_variables=json.dumps({"1": "Besoin ?", "2": "Santé"}))
    assert sandbox.thread()[-1]["text"] == "Besoin ?\n1. Santé\n2. Autre"


@pytest.mark.parametrize("variables", ["nothing", "[1]", "{"])
def test_variables_that_are_no_object_are_refused(sandbox: Rig, variables: str) -> None:
    sid = template(sandbox, QUICK_REPLY).sid
    with pytest.raises(TwilioRestException) as caught:
        sandbox.whatsapp(content_sid=sid, content_variables=variables)
    assert caught.value.code == 21656


@pytest.mark.parametrize(
    "types", [{}, {"twilio/quick-reply": {"body": "x"}}, {"twilio/list-picker": {"body": "x", "items": [{"id": "1"}]}}]
)
def test_a_template_without_its_parts_is_refused(sandbox: Rig, types: dict[str, Any]) -> None:
    document = {"friendly_name": "x", "language": "fr", "types": types}
    answer = sandbox.http.post("/v1/Content", json=document, auth=(ACCOUNT, TOKEN))
    assert (answer.status_code, answer.json()["code"]) == (400, 20422)
