"""What the stand-in answers is what Twilio publishes: every field, no other, each of its type, pattern and enumeration."""

import inspect
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from twilio.rest.api.v2010.account.message import MessageInstance
from twilio.rest.api.v2010.account.message.media import MediaInstance
from twilio.rest.content.v1.content import ContentInstance
from twilio.rest.content.v1.content.approval_create import ApprovalCreateInstance
from twilio.rest.content.v1.content.approval_fetch import ApprovalFetchInstance
from twilio.rest.messaging.v1.service import ServiceInstance

from tests.sandbox.contract import PUBLISHED, problems
from tests.sandbox.sandbox_rig import ACCOUNT, AWA, SERVICE, SMS, TOKEN, WHATSAPP, Rig, rig, until

API = f"/api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages"
CONTENT = "/content.twilio.com/v1/Content"
QUICK_REPLY = {"twilio/quick-reply": {"body": "Ça va ?", "actions": [{"type": "QUICK_REPLY", "title": "Oui", "id": "yes"}]}}
# What a way of sending comes to, by the statuses that are asked for.
LIVES = ((), ("delivered",), ("undelivered:30008",), ("failed:21610",), ("read",))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Rig]:
    with rig(messaging_service_sid=SERVICE) as parts:
        yield parts


def ask(sandbox: Rig, method: str, path: str, **more: Any) -> tuple[int, Any]:
    """The raw answer: the SDK would forgive what the contract does not."""
    answer = sandbox.http.request(method, path, auth=(ACCOUNT, TOKEN), **more)
    return answer.status_code, answer.json()


def create(sandbox: Rig, **form: Any) -> Any:
    status, document = ask(sandbox, "POST", API + ".json", data={"To": AWA, "Body": "Salaam", **form})
    assert status == 201, document
    return document


@pytest.mark.parametrize(
    "form",
    [
        {"From": SMS},
        {"MessagingServiceSid": SERVICE},
        {"From": SMS, "MediaUrl": "https://example.org/a.jpg"},
        {"From": "whatsapp:" + WHATSAPP, "To": "whatsapp:" + AWA},
        {"From": "whatsapp:" + WHATSAPP, "To": "whatsapp:SN.abc123"},
    ],
)
def test_a_message_that_was_just_created(sandbox: Rig, form: dict[str, str]) -> None:
    assert problems("message", create(sandbox, **form)) == []


@pytest.mark.parametrize("reports", LIVES)
@pytest.mark.parametrize("sender", [{"From": SMS}, {"MessagingServiceSid": SERVICE}])
def test_a_message_at_every_end_of_its_life(sandbox: Rig, sender: dict[str, str], reports: tuple[str, ...]) -> None:
    sandbox.control("faults", {"do": "reports", "reports": list(reports)})
    sid, seen = create(sandbox, **sender)["sid"], set()

    def ended() -> bool:
        _, document = ask(sandbox, "GET", f"{API}/{sid}.json")
        assert problems("message", document) == []
        seen.add(document["status"])
        return document["status"] in {"delivered", "undelivered", "failed", "read"}

    until(ended)
    assert seen


def test_a_page_of_messages_of_both_directions_and_the_page_after_it(sandbox: Rig) -> None:
    sandbox.phone(text="Salaam", media="photo")
    sandbox.phone(channel="whatsapp", location={"latitude": 14.7, "longitude": -17.4})
    for _ in range(3):
        create(sandbox, From=SMS)
    for page in (0, 1):
        status, document = ask(sandbox, "GET", API + ".json", params={"PageSize": 2, "Page": page})
        assert (status, problems("message_page", document)) == (200, [])
        assert len(document["messages"]) == 2


def test_the_files_of_a_message(sandbox: Rig) -> None:
    sid = sandbox.phone(text="", media="voice")["sid"]
    status, document = ask(sandbox, "GET", f"{API}/{sid}/Media.json")
    assert (status, problems("media_page", document)) == (200, [])
    _, file = ask(sandbox, "GET", f"{API}/{sid}/Media/{document['media_list'][0]['sid']}.json")
    assert problems("media", file) == []


def test_templates_their_approval_and_their_lists(sandbox: Rig) -> None:
    posted = {"friendly_name": "two", "language": "fr", "variables": {"1": "a"}, "types": QUICK_REPLY}
    status, made = ask(sandbox, "POST", CONTENT, json=posted)
    assert (status, problems("content", made)) == (201, [])
    asked_for = {"name": "two", "category": "UTILITY"}
    _, asked = ask(sandbox, "POST", f"{CONTENT}/{made['sid']}/ApprovalRequests/whatsapp", json=asked_for)
    assert problems("approval_create", asked) == []
    for path, resource in (
        (f"{CONTENT}/{made['sid']}", "content"),
        (f"{CONTENT}/{made['sid']}/ApprovalRequests", "approval_fetch"),
        (f"{CONTENT}?PageSize=1", "content_page"),
        (f"{CONTENT}AndApprovals", "content_and_approvals_page"),
    ):
        assert problems(resource, ask(sandbox, "GET", path)[1]) == [], path


def test_messaging_services(sandbox: Rig) -> None:
    base = "/messaging.twilio.com/v1/Services"
    assert problems("service_page", ask(sandbox, "GET", base)[1]) == []
    assert problems("service", ask(sandbox, "GET", f"{base}/{SERVICE}")[1]) == []


@pytest.mark.parametrize(("number", "status"), [("+15005550001", 400), ("+15001216100", 400), ("+15003004290", 429), ("+15003005030", 503)])
def test_a_refusal(sandbox: Rig, number: str, status: int) -> None:
    answered, document = ask(sandbox, "POST", API + ".json", data={"To": number, "From": SMS, "Body": "x"})
    assert (answered, document["status"], problems("error", document)) == (status, status, [])


@pytest.mark.parametrize(
    ("resource", "instance", "rare"),
    [
        ("message", MessageInstance, set()),
        ("media", MediaInstance, set()),
        ("content", ContentInstance, set()),
        ("approval_fetch", ApprovalFetchInstance, set()),
        ("service", ServiceInstance, set()),
        # Newer than the published examples: only in templates that are bid for.
        ("approval_create", ApprovalCreateInstance, {"send_ttl_seconds", "bid_amount"}),
    ],
)
def test_the_condensed_contract_names_what_the_sdk_reads(resource: str, instance: type, rare: set[str]) -> None:
    source = inspect.getsource(instance.__init__)  # type: ignore[misc]
    fields = set(re.findall(r'payload\.get\(\s*"(\w+)"', source))
    listed = set(PUBLISHED["resources"][resource])
    assert fields
    assert fields - rare <= listed


def test_the_contract_notices_a_wrong_answer(sandbox: Rig) -> None:
    good = create(sandbox, From=SMS)
    wrong = (good | {"sid": "SM1"}, good | {"status": "sending soon"}, good | {"date_created": "2026-11-25"}, good | {"extra": 1})
    assert all(problems("message", document) for document in wrong)
    del good["uri"]
    assert problems("message", json.loads(json.dumps(good)))
