"""Everything a person may send besides plain words, and what Twilio understands by itself."""

from collections.abc import Iterator

import pytest

from tests.sandbox.sandbox_rig import ACCOUNT, AWA, TOKEN, WHATSAPP, Rig, rig

CHAT = "whatsapp:" + AWA


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig() as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {})
    shared.control("opt-out", {"advanced": False, "stop": []})
    shared.receiver.got.clear()
    return shared


def test_a_reply_to_an_earlier_message_names_it(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="Salaam")
    sent = sandbox.whatsapp("Salaam, Awa")
    sandbox.phone(channel="whatsapp", text="Merci", message_sid=sent.sid)
    form = sandbox.receiver.inbound()[-1].form
    assert (form["OriginalRepliedMessageSid"], form["OriginalRepliedMessageSender"]) == (sent.sid, "whatsapp:" + WHATSAPP)


@pytest.mark.parametrize(("how", "once", "often"), [("", "false", "false"), ("once", "true", "false"), ("often", "true", "true")])
def test_forwarded_says_how_often(sandbox: Rig, how: str, once: str, often: str) -> None:
    sandbox.phone(channel="whatsapp", text="Salaam", forwarded=how)
    form = sandbox.receiver.inbound()[-1].form
    assert (form["Forwarded"], form["FrequentlyForwarded"]) == (once, often)


def test_an_advertisement_that_was_tapped_is_named(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="Salaam", ad={"text": "Retour au pays ?", "url": "https://fb.me/abc"})
    form = sandbox.receiver.inbound()[-1].form
    assert (form["ReferralBody"], form["ReferralSourceUrl"], form["ReferralSourceType"]) == ("Retour au pays ?", "https://fb.me/abc", "ad")


def test_a_file_is_named_by_an_id_and_listed_with_its_message(sandbox: Rig) -> None:
    sid = sandbox.phone(channel="whatsapp", media="photo")["sid"]
    url = sandbox.receiver.inbound()[-1].form["MediaUrl0"]
    (listed,) = sandbox.twilio.messages(sid).media.list()
    assert url.endswith(f"/Messages/{sid}/Media/{listed.sid}")
    assert sandbox.twilio.messages(sid).media(str(listed.sid)).fetch().content_type == "image/jpeg"
    assert sandbox.http.get(url.removeprefix("http://sandbox.test"), auth=(ACCOUNT, TOKEN)).content.startswith(b"\xff\xd8")


def test_a_message_that_never_reached_us_is_in_the_list(sandbox: Rig) -> None:
    lost = sandbox.phone(text="Salaam", lost=True)
    assert sandbox.receiver.inbound() == []
    assert [found.sid for found in sandbox.twilio.messages.list(from_=AWA)] == [lost["sid"]]


def test_the_words_of_a_message_can_be_taken_out(sandbox: Rig) -> None:
    sent = sandbox.sms("Salaam")
    assert sandbox.twilio.messages(sent.sid).update(body="").body == ""
    assert sandbox.thread()[-1]["text"] == ""


@pytest.mark.parametrize(("word", "kind"), [("stop", "STOP"), ("ARRET", "STOP"), ("Help", "HELP"), ("start", "START"), ("menu", "")])
def test_advanced_opt_out_reads_words_on_whatsapp_too_and_says_so(sandbox: Rig, word: str, kind: str) -> None:
    sandbox.control("opt-out", {"advanced": True, "stop": ["arret"]})
    sandbox.phone(channel="whatsapp", text=word)
    assert sandbox.receiver.inbound()[-1].form.get("OptOutType", "") == kind
    assert bool(sandbox.control("state")["stopped"]) == (kind == "STOP")


def test_without_it_whatsapp_has_no_words_of_its_own(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="STOP")
    assert "OptOutType" not in sandbox.receiver.inbound()[-1].form
    assert sandbox.control("state")["stopped"] == []


def test_somebody_can_be_noted_as_stopped_and_taken_back(sandbox: Rig) -> None:
    assert sandbox.control("opt-out", {"person": CHAT})["stopped"] == [["whatsapp:" + WHATSAPP, CHAT]]
    assert sandbox.control("opt-out", {"person": CHAT, "stopped": False})["stopped"] == []
