"""Phones: the webhooks they cause, signed and complete, and what happens when our service does not take them."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from bot.sandbox.posting import Rules
from tests.sandbox.sandbox_rig import ACCOUNT, AWA, SMS, TOKEN, WHATSAPP, Received, Receiver, Rig, free_port, rig, serving


@pytest.fixture(scope="module")
def shared() -> Iterator[Rig]:
    with rig(webhook_rules="rc=2&rp=ct,rt,5xx&rt=300&tt=15000") as parts:
        yield parts


@pytest.fixture
def sandbox(shared: Rig) -> Rig:
    shared.control("clear", {})
    shared.receiver.got.clear()
    shared.receiver.answers.clear()
    shared.receiver.pause = 0.0
    shared.receiver.react = None
    return shared


def form(sandbox: Rig) -> dict[str, str]:
    received = sandbox.receiver.got[-1]
    assert received.signed
    return received.form


def test_an_sms_carries_what_the_provider_sends(sandbox: Rig) -> None:
    answer = sandbox.phone(text="Nanga def ? ŋ" + "a" * 70)
    got = form(sandbox)
    assert sandbox.receiver.got[-1].path == "/twilio/sms"
    assert answer["taken"]
    assert got["MessageSid"] == got["SmsSid"] == got["SmsMessageSid"] == answer["sid"]
    assert (got["From"], got["To"], got["AccountSid"]) == (AWA, SMS, ACCOUNT)
    assert (got["NumMedia"], got["NumSegments"], got["SmsStatus"], got["ApiVersion"]) == ("0", "2", "received", "2010-04-01")
    assert (got["FromCountry"], got["FromCity"]) == ("SN", "")


def test_a_whatsapp_text_carries_the_profile(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="Salaam", name="Awa Ndiaye")
    got = form(sandbox)
    assert sandbox.receiver.got[-1].path == "/twilio/whatsapp"
    assert (got["From"], got["To"]) == ("whatsapp:" + AWA, "whatsapp:" + WHATSAPP)
    assert (got["ProfileName"], got["WaId"], got["MessageType"], got["NumSegments"]) == ("Awa Ndiaye", AWA[1:], "text", "1")
    assert got["ExternalUserId"].startswith("whatsapp:SN.")


def test_a_hidden_number_leaves_only_the_id_and_it_is_the_same_one(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", text="Salaam")
    known = form(sandbox)["ExternalUserId"]
    answer = sandbox.phone(channel="whatsapp", text="Salaam", hidden=True)
    got = form(sandbox)
    assert got["From"] == got["ExternalUserId"] == known == answer["from"]
    assert "WaId" not in got
    assert sandbox.whatsapp("Maa ngi fi", to=known.removeprefix("whatsapp:")).sid


def test_a_phone_may_have_no_number_at_all(sandbox: Rig) -> None:
    sandbox.phone(**{"from": "SN.abc123", "channel": "whatsapp", "text": "Salaam"})
    assert form(sandbox)["From"] == "whatsapp:SN.abc123"
    assert sandbox.thread("whatsapp:SN.abc123")[-1]["text"] == "Salaam"


@pytest.mark.parametrize(
    ("name", "content_type", "kind", "begins"),
    [
        ("voice", "audio/ogg", "audio", b"OggS"),
        ("photo", "image/jpeg", "image", b"\xff\xd8"),
        ("sticker", "image/webp", "sticker", b"RIFF"),
        ("document", "text/plain", "document", b"Attestation"),
        ("contact", "text/vcard", "contacts", b"BEGIN:VCARD"),
    ],
)
def test_files_are_real_and_need_the_credentials(sandbox: Rig, name: str, content_type: str, kind: str, begins: bytes) -> None:
    sandbox.phone(channel="whatsapp", media=name)
    got = form(sandbox)
    assert (got["NumMedia"], got["MediaContentType0"], got["MessageType"], got["Body"]) == ("1", content_type, kind, "")
    assert got["MessageSid"].startswith("MM")
    path = got["MediaUrl0"].removeprefix("http://sandbox.test")
    assert sandbox.http.get(path).status_code == 401
    assert sandbox.http.get(path, auth=(ACCOUNT, TOKEN)).content.startswith(begins)
    assert sandbox.http.get(sandbox.thread("whatsapp:" + AWA)[-1]["media"][0]["shown_at"]).content.startswith(begins)


def test_a_file_that_we_delete_is_gone_at_the_provider(sandbox: Rig) -> None:
    sandbox.phone(channel="whatsapp", media="voice")
    path = form(sandbox)["MediaUrl0"].removeprefix("http://sandbox.test")
    assert sandbox.http.delete(path + ".json").status_code == 401
    assert sandbox.http.delete(path + ".json", auth=(ACCOUNT, TOKEN)).status_code == 204
    assert sandbox.http.get(path, auth=(ACCOUNT, TOKEN)).status_code == 404
    assert sandbox.http.delete(path + ".json", auth=(ACCOUNT, TOKEN)).status_code == 404


def test_a_place_is_shared_on_whatsapp_only(sandbox: Rig) -> None:
    place = {"latitude": 14.8586, "longitude": -15.8758, "label": "Touba"}
    sandbox.phone(channel="whatsapp", location=place)
    got = form(sandbox)
    assert (got["Latitude"], got["Longitude"], got["Label"], got["Body"]) == ("14.8586", "-15.8758", "Touba", "")
    answer = sandbox.http.post("/control/phones/send", json={"from": AWA, "channel": "sms", "location": place})
    assert (answer.status_code, answer.json()["error"]) == (400, "an SMS cannot carry a location")


def test_an_empty_text_and_odd_parameters_can_be_sent(sandbox: Rig) -> None:
    sandbox.phone(text="", extra={"NumMedia": "0", "Brand-New": "é&=+ ", "Body": " blanks "})
    assert (form(sandbox)["Brand-New"], form(sandbox)["Body"]) == ("é&=+ ", " blanks ")


def test_a_500_is_tried_again_twice_with_the_same_token_and_id(sandbox: Rig) -> None:
    sandbox.receiver.answers.extend([500, 503, 200])
    answer = sandbox.phone(text="Salaam")
    assert [attempt["status"] for attempt in answer["attempts"]] == [500, 503, 200]
    assert answer["taken"]
    assert len({received.token for received in sandbox.receiver.got}) == 1
    assert len({received.form["MessageSid"] for received in sandbox.receiver.got}) == 1


def test_after_three_tries_the_message_is_lost_to_us_but_stays_in_the_providers_list(sandbox: Rig) -> None:
    sandbox.receiver.answers.extend([500] * 5)
    answer = sandbox.phone(text="Salaam")
    assert (len(answer["attempts"]), answer["taken"]) == (3, False)
    assert sandbox.thread()[-1]["taken"] is False
    assert [message.body for message in sandbox.twilio.messages.list(to=SMS)] == ["Salaam"]


def test_a_403_is_final(sandbox: Rig) -> None:
    sandbox.receiver.answers.extend([403])
    assert [attempt["failure"] for attempt in sandbox.phone(text="Salaam")["attempts"]] == ["4xx"]


def test_a_slow_answer_is_tried_again(sandbox: Rig) -> None:
    sandbox.receiver.pause = 0.6
    assert [attempt["failure"] for attempt in sandbox.phone(text="Salaam")["attempts"]] == ["rt", "rt", "rt"]


def test_a_service_that_is_not_there_is_a_connection_failure() -> None:
    with rig(public_url="http://127.0.0.1:1") as parts:
        assert [attempt["failure"] for attempt in parts.phone(text="Salaam")["attempts"]] == ["ct"] * 3


def test_a_service_that_comes_back_between_tries_gets_the_message() -> None:
    port, late = free_port(), Receiver()
    late.url = f"http://127.0.0.1:{port}"
    with rig(public_url=late.url, webhook_rules="rc=5&rp=ct") as parts, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(parts.phone, text="Salaam")
        time.sleep(0.4)
        with serving(late.app(), port):
            assert answer.result()["taken"]
    assert [attempt["failure"] for attempt in answer.result()["attempts"]][:2] == ["ct", "ct"]
    assert [received.signed for received in late.got] == [True]


def test_the_same_webhook_can_be_repeated_ten_times_at_once(sandbox: Rig) -> None:
    sandbox.phone(text="Salaam")
    answer = sandbox.control("phones/repeat", {"address": AWA, "times": 10, "at_once": True})
    assert (answer["times"], answer["taken"]) == (10, 10)
    assert len(sandbox.receiver.got) == 11
    assert all(received.signed for received in sandbox.receiver.got)
    assert len({received.form["MessageSid"] for received in sandbox.receiver.got}) == 1
    assert len(sandbox.thread()) == 1


def test_the_thread_shows_both_directions_with_their_cost(sandbox: Rig) -> None:
    def reply(received: Received) -> None:
        sandbox.sms("reçu : " + received.form["Body"])

    sandbox.receiver.react = reply
    sandbox.phone(text="Salaam")
    mine, theirs = sandbox.thread()
    assert (mine["direction"], mine["encoding"], mine["segments"], mine["taken"]) == ("in", "GSM-7", 1, True)
    assert (theirs["direction"], theirs["encoding"], theirs["units"], theirs["text"]) == ("out", "UCS-2", 13, "reçu : Salaam")


def test_only_news_come_after_a_point_and_waiting_ends_with_the_first_one(sandbox: Rig) -> None:
    sandbox.control("callbacks", {"delay": 0})
    sandbox.sms("un")
    point = sandbox.control(f"phones/{AWA}/messages")["next"]
    sandbox.receiver.react = lambda _: sandbox.sms("deux") and None
    begun = time.monotonic()
    httpx.post(sandbox.url + "/control/phones/send", json={"from": AWA, "channel": "sms", "text": "Salaam"})
    news: dict[str, Any] = sandbox.control(f"phones/{AWA}/messages?since={point}&wait=5")
    assert time.monotonic() - begun < 4
    assert [message["text"] for message in news["messages"] if message["serial"] > point] == ["Salaam", "deux"]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"from": "", "channel": "sms"},
        {"from": "SN.abc", "channel": "sms", "text": "x"},
        {"from": AWA, "channel": "fax", "text": "x"},
        {"from": AWA, "channel": "sms", "media": "film"},
        {"from": AWA, "channel": "sms", "button": {"id": "1", "title": "x"}},
        {"from": AWA, "channel": "whatsapp", "button": "x"},
        {"from": AWA, "channel": "whatsapp", "location": {"latitude": "north"}},
        {"from": AWA, "channel": "whatsapp", "extra": "x"},
    ],
)
def test_what_no_phone_can_do_is_refused_with_a_reason(sandbox: Rig, document: dict[str, Any]) -> None:
    answer = sandbox.http.post("/control/phones/send", json=document)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert sandbox.receiver.got == []


def test_rules_are_read_from_a_fragment_and_default_to_the_providers() -> None:
    assert Rules.parse("") == Rules(1, frozenset({"ct"}), 5.0, 15.0, 15.0)
    assert Rules.parse("rc=9&rp=ct,rt,5xx&ct=100&rt=8000&tt=9000") == Rules(5, frozenset({"ct", "rt", "5xx"}), 0.1, 8.0, 9.0)
