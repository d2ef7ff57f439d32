"""The public door: what comes in, what is refused, and that nothing refused leaves a trace."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from bot.domain.messages import Status
from bot.storage.database import Database
from bot.storage.vault import Vault
from tests.channels.rig import ACCOUNT, SECOND_TOKEN, SIGNER, TOKEN, provider, recorded
from tests.conftest import KEYS, Clock
from tests.pipeline.world import World
from webhooks.app import LARGEST_BODY, create_app

FORM = "application/x-www-form-urlencoded"
PUBLIC = "https://example.org/bot"
THANKS = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
TRACES = "SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM contacts) + (SELECT count(*) FROM seen_ids)"


@pytest.fixture
def app(world: World) -> Flask:
    """The app on a real runtime, with a rotation going on."""
    return create_app(world.rt, provider(TOKEN, SECOND_TOKEN))


def sign(path: str, form: dict[str, Any], token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(PUBLIC + path, {name: values[0] for name, values in form.items()}))


def post(app: Flask, path: str, form: dict[str, Any], signature: str | None = None, **more: Any) -> TestResponse:
    headers = {"X-Twilio-Signature": sign(path, form) if signature is None else signature} | more.pop("headers", {})
    given = {"data": urlencode(form, doseq=True), "content_type": FORM, "headers": headers} | more
    return app.test_client().post(path, **given)


def status_path(world: World, **changes: str) -> str:
    reference = f"reply.{world.one('SELECT id FROM messages WHERE NOT inbound')}"
    return "/twilio/status?" + urlencode({"m": reference, "t": SIGNER.sign(reference)} | changes)


@pytest.mark.parametrize(("path", "payload"), [("/twilio/sms", "sms_text"), ("/twilio/whatsapp", "whatsapp_list")])
def test_a_signed_message_is_thanked_for_and_kept(app: Flask, world: World, path: str, payload: str) -> None:
    answer = post(app, path, recorded(payload))
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/xml", THANKS)
    assert world.rows("SELECT provider_id, handled_at FROM messages") == [(recorded(payload)["MessageSid"][0], None)]
    assert len(world.queue.wakes) == 1


def test_a_payload_of_any_kind_is_kept_and_answered(app: Flask, world: World) -> None:
    kinds = (
        "voice image video document sticker location contact_card_without_file button from_an_ad hidden_sender interactive_broken".split()
    )
    for kind in kinds:
        assert post(app, "/twilio/whatsapp", recorded(f"whatsapp_{kind}")).status_code == 200
    world.advance()
    assert world.one("SELECT count(*) FROM messages WHERE inbound AND handled_at IS NOT NULL AND fault IS NULL") == len(kinds)
    assert world.one("SELECT count(DISTINCT contact_id) FROM messages") == 1


def test_the_same_delivery_again_is_thanked_for_and_changes_nothing(app: Flask, world: World) -> None:
    for _ in range(3):
        assert post(app, "/twilio/sms", recorded("sms_text")).data == THANKS
    assert world.one("SELECT count(*) FROM messages") == 1
    assert len(world.queue.wakes) == 1


def test_the_same_delivery_ten_times_at_once_is_kept_once(app: Flask, world: World) -> None:
    start = threading.Barrier(10)

    def deliver(_: int) -> int:
        start.wait()
        return post(app, "/twilio/sms", recorded("sms_text")).status_code

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(deliver, range(10))) == {200}
    assert world.rows("SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM contacts)") == [(1, 1)]


REFUSED: dict[str, tuple[int, Callable[[Flask], TestResponse]]] = {
    "no signature": (403, lambda app: post(app, "/twilio/sms", recorded("sms_text"), "")),
    "a forged one": (403, lambda app: post(app, "/twilio/sms", recorded("sms_text"), "bm90IGEgc2lnbmF0dXJl")),
    "another address": (403, lambda app: post(app, "/twilio/sms", recorded("sms_text"), sign("/twilio/whatsapp", recorded("sms_text")))),
    "another token": (403, lambda app: post(app, "/twilio/sms", recorded("sms_text"), sign("/twilio/sms", recorded("sms_text"), "x"))),
    "another query": (403, lambda app: post(app, "/twilio/sms?x=1", recorded("sms_text"), sign("/twilio/sms", recorded("sms_text")))),
    "another account": (403, lambda app: post(app, "/twilio/sms", recorded("sms_text") | {"AccountSid": ["AC" + "f" * 32]})),
    "a status without our mark": (403, lambda app: post(app, "/twilio/status", recorded("status_sent"))),
    "a status with another mark": (403, lambda app: post(app, "/twilio/status?m=reply.x&t=" + "0" * 32, recorded("status_sent"))),
    "a mark in odd letters": (403, lambda app: post(app, "/twilio/status?m=reply.x&t=%C3%A9", recorded("status_sent"))),
    "JSON": (415, lambda app: post(app, "/twilio/sms", {}, sign("/twilio/sms", {}), data=b"{}", content_type="application/json")),
    "multipart": (415, lambda app: post(app, "/twilio/sms", {}, data={"a": "b"}, content_type="multipart/form-data")),
    "no type": (415, lambda app: post(app, "/twilio/sms", {}, data=b"a=b", content_type=None)),
    "a large body": (413, lambda app: post(app, "/twilio/sms", recorded("sms_text") | {"Body": ["x" * LARGEST_BODY]})),
    "a megabyte": (413, lambda app: post(app, "/twilio/sms", {"Body": ["x" * 1_000_000]}, "x")),
    "no length": (413, lambda app: post(app, "/twilio/sms", recorded("sms_text"), headers={"Transfer-Encoding": "chunked"})),
    "no id": (400, lambda app: post(app, "/twilio/sms", {"AccountSid": [ACCOUNT], "From": ["+221771234567"], "Body": ["salut"]})),
    "no sender": (400, lambda app: post(app, "/twilio/sms", {"AccountSid": [ACCOUNT], "MessageSid": ["SM1"], "Body": ["salut"]})),
    "bytes in the query": (
        400,
        lambda app: post(app, "/twilio/sms", recorded("sms_text"), "x", environ_overrides={"QUERY_STRING": "x=\xe9"}),
    ),
    "an empty body": (403, lambda app: post(app, "/twilio/sms", {})),
    "GET": (405, lambda app: app.test_client().get("/twilio/sms")),
    "another method": (405, lambda app: app.test_client().put("/twilio/status")),
    "another path": (404, lambda app: app.test_client().post("/twilio/other")),
    "the root": (404, lambda app: app.test_client().get("/")),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_leaves_nothing_and_tells_nothing(app: Flask, world: World, what: str) -> None:
    status, request = REFUSED[what]
    answer = request(app)
    assert answer.status_code == status
    assert b"Salaam" not in answer.data
    assert len(answer.data) < 200
    assert world.one(TRACES) == 0
    assert world.queue.wakes == []


def test_the_host_header_and_forwarded_headers_change_nothing(app: Flask, world: World) -> None:
    spoofed = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Original-URL": "/other"}
    assert post(app, "/twilio/sms", recorded("sms_text"), headers=spoofed).status_code == 200
    form = {name: values[0] for name, values in recorded("sms_empty").items()}
    evil = RequestValidator(TOKEN).compute_signature("https://evil.example/twilio/sms", form)
    assert post(app, "/twilio/sms", recorded("sms_empty"), str(evil), headers=spoofed).status_code == 403


def test_a_query_counts_as_it_was_written(app: Flask, world: World) -> None:
    assert post(app, "/twilio/sms?ville=Thi%C3%A8s&a=%2F%20b+c", recorded("sms_text")).status_code == 200
    assert world.one("SELECT count(*) FROM messages") == 1


def test_repeated_parameters_are_read_as_they_were_signed(app: Flask) -> None:
    form = recorded("sms_text") | {"Extra": ["b", "a", "b"]}

    class Repeated(dict[str, list[str]]):
        def getlist(self, name: str) -> list[str]:
            return self[name]

    signature = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/twilio/sms", Repeated(form))
    assert post(app, "/twilio/sms", form, str(signature)).status_code == 200
    assert post(app, "/twilio/sms", form | {"Extra": ["c"]}, str(signature)).status_code == 403


def test_the_second_token_counts_during_a_rotation(app: Flask) -> None:
    form = recorded("sms_text")
    assert post(app, "/twilio/sms", form, sign("/twilio/sms", form, SECOND_TOKEN)).status_code == 200


def test_a_body_of_the_largest_size_comes_in(app: Flask, world: World) -> None:
    form = recorded("sms_text")
    room = LARGEST_BODY - len(urlencode(form | {"Pad": [""]}, doseq=True))
    assert post(app, "/twilio/sms", form | {"Pad": ["x" * room]}).status_code == 200
    assert post(app, "/twilio/sms", form | {"Pad": ["x" * (room + 1)]}).status_code == 413


def test_five_thousand_fields_are_no_burden(app: Flask, world: World) -> None:
    form = recorded("sms_text") | {f"f{number}": ["x"] for number in range(5000)}
    assert post(app, "/twilio/sms", form).status_code in (200, 413)


def test_a_report_is_taken_silently_and_moves_the_status(app: Flask, world: World) -> None:
    world.say("bonjour")
    answer = post(app, status_path(world), recorded("status_delivered"))
    assert (answer.status_code, answer.data) == (204, b"")
    assert world.one("SELECT status FROM messages WHERE NOT inbound") == int(Status.DELIVERED)
    for word in ("queued", "sent", "delivered", "accepted"):
        assert post(app, status_path(world), recorded(f"status_{word}")).status_code == 204
    assert world.one("SELECT status FROM messages WHERE NOT inbound") == int(Status.DELIVERED)


def test_a_report_on_another_of_our_messages_needs_its_own_mark(app: Flask, world: World) -> None:
    world.say("bonjour")
    other = status_path(world, m="reply.11111111-2222-3333-4444-555555555555")
    assert post(app, other, recorded("status_delivered")).status_code == 403


def test_a_report_in_an_unknown_word_is_taken_and_changes_nothing(app: Flask, world: World) -> None:
    world.say("bonjour")
    before = world.rows("SELECT status FROM messages")
    assert post(app, status_path(world), recorded("status_sent") | {"MessageStatus": ["teleported"]}).status_code == 204
    assert world.rows("SELECT status FROM messages") == before


def test_without_a_database_the_provider_is_asked_to_come_again(clock: Clock) -> None:
    away = World(Database("postgresql://nobody@127.0.0.1:9/none", Vault(KEYS, b"i" * 32), clock), clock)
    app = create_app(away.rt, provider())
    answer = post(app, "/twilio/sms", recorded("sms_text"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert post(app, "/twilio/sms", recorded("sms_text"), "").status_code == 403


def test_after_the_database_cut_every_connection_a_message_is_taken_at_the_first_try(app: Flask, world: World) -> None:
    post(app, "/twilio/sms", recorded("sms_text"))
    other = Database(str(world.rt.database.engine.url.render_as_string(hide_password=False)), Vault(KEYS, b"i" * 32))
    with other.writing() as tx:
        world_pids = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        tx.connection.exec_driver_sql(world_pids)
    other.close()
    assert post(app, "/twilio/sms", recorded("sms_empty")).status_code == 200


def test_an_error_of_our_own_is_told_as_such_so_that_the_provider_tries_again(app: Flask, world: World) -> None:
    world.change("ALTER TABLE seen_ids RENAME TO seen_ids_away")
    try:
        answer = post(app, "/twilio/sms", recorded("sms_text"))
    finally:
        world.change("ALTER TABLE seen_ids_away RENAME TO seen_ids")
    assert (answer.status_code, answer.data) == (500, b"error\n")
    assert world.one(TRACES) == 0
