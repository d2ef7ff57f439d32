"""What Meta thinks of templates: at once, later, never, and no longer."""

from collections.abc import Iterator
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from tests.sandbox.sandbox_rig import Rig, rig, until

STRANGER = "+221770000077"
GOOD = "Bonjour, votre demande {{1}} avance. Merci."


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig() as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {"contents": True})
    shared.receiver.got.clear()
    return shared


def template(sandbox: Rig, body: str = GOOD) -> str:
    document = {"friendly_name": "news", "language": "fr", "variables": {"1": "KX7M4P"}, "types": {"twilio/text": {"body": body}}}
    return str(sandbox.twilio.content.v1.contents.create(ContentList.ContentCreateRequest(document)).sid)


def submit(sandbox: Rig, sid: str, name: str = "news", category: str = "UTILITY") -> Any:
    wanted = ApprovalCreateList.ContentApprovalRequest({"name": name, "category": category})
    return sandbox.twilio.content.v1.contents(sid).approval_create.create(wanted)


def opinion(sandbox: Rig, sid: str) -> tuple[str, str]:
    whatsapp = sandbox.twilio.content.v1.contents(sid).approval_fetch().fetch().whatsapp or {}
    return str(whatsapp["status"]), str(whatsapp["rejection_reason"])


def outside_the_window(sandbox: Rig, sid: str) -> str | None:
    sandbox.receiver.got.clear()
    sandbox.whatsapp(to=STRANGER, content_sid=sid, status_callback=sandbox.callback_url())
    until(lambda: {"delivered", "undelivered"} & set(sandbox.receiver.statuses()))
    return sandbox.receiver.got[-1].form.get("ErrorCode")


def test_pending_until_somebody_decides(sandbox: Rig) -> None:
    sandbox.control("approvals", {"status": "pending"})
    sid = template(sandbox)
    assert submit(sandbox, sid).status == "pending"
    assert outside_the_window(sandbox, sid) == "63016"
    sandbox.control("approvals", {"sid": sid, "status": "approved"})
    assert opinion(sandbox, sid) == ("approved", "")
    assert outside_the_window(sandbox, sid) is None


def test_a_rejected_template_has_a_reason_and_its_name_is_used_up(sandbox: Rig) -> None:
    sandbox.control("approvals", {"status": "rejected", "reason": "TAG_CONTENT_MISMATCH"})
    first, second = template(sandbox), template(sandbox)
    submit(sandbox, first)
    assert opinion(sandbox, first) == ("rejected", "TAG_CONTENT_MISMATCH")
    sandbox.control("approvals", {"status": "approved"})
    assert submit(sandbox, second).status == "rejected"
    assert submit(sandbox, second, name="news_2").status == "approved"


@pytest.mark.parametrize(("status", "code"), [("rejected", "63040"), ("paused", "63041"), ("disabled", "63042")])
def test_an_approval_that_is_taken_back_is_told_in_the_report(sandbox: Rig, status: str, code: str) -> None:
    sid = template(sandbox)
    submit(sandbox, sid)
    sandbox.control("approvals", {"sid": sid, "status": status})
    assert outside_the_window(sandbox, sid) == code


@pytest.mark.parametrize(
    "body",
    ["{{1}} avance.", "Bonjour {{1}}", "Votre demande {{1}}{{2}} avance bien.", "Votre demande {{2}} avance.", "a {{1}} b"],
)
def test_words_that_meta_never_approves_are_rejected(sandbox: Rig, body: str) -> None:
    sid = template(sandbox, body)
    assert submit(sandbox, sid).status == "rejected"


@pytest.mark.parametrize(("name", "category"), [("With Blank", "UTILITY"), ("news", "CHAT"), ("", "UTILITY")])
def test_a_request_without_a_proper_name_and_category_is_refused(sandbox: Rig, name: str, category: str) -> None:
    sid = template(sandbox)
    with pytest.raises(TwilioRestException) as caught:
        submit(sandbox, sid, name, category)
    assert caught.value.code == 20422


def test_templates_are_listed_with_their_approvals(sandbox: Rig) -> None:
    sids = [template(sandbox) for _ in range(3)]
    submit(sandbox, sids[0])
    listed = sandbox.twilio.content.v1.content_and_approvals.list(page_size=2)
    assert [found.sid for found in listed] == sids[::-1]
    assert [(found.approval_requests or {})["status"] for found in listed] == ["unsubmitted", "unsubmitted", "approved"]
