"""What gateways call us with, one file an event as their documentation shows it, and what each becomes."""

from typing import Any

import pytest

from bot.domain.addresses import Address
from bot.domain.messages import Status
from tests.channels.gateway_rig import provider
from tests.channels.rig import PAYLOADS, SIGNER, Posted, recorded

AWA = Address("sms", "+221771234567")
REFERENCE = "reply.11111111-2222-3333-4444-555555555555"
FOLDER = PAYLOADS / "gateways"
# payload -> what differs from a text from Awa
INBOUND: dict[str, dict[str, Any]] = {
    "kannel_text": {"text": "Salaam, dama bëgg liggéey ci Touba"},
    "kannel_empty": {"text": "", "kind": "empty"},
    "kannel_unicode": {"text": "سلام 👋"},
    "kannel_stop": {"text": "STOP"},
    "kannel_national_number": {"text": "bonjour"},
    "jasmin_gsm7": {"text": "Salaam"},
    "jasmin_latin1": {"text": "Départ"},
    "jasmin_ucs2": {"text": "سلام 👋"},
    "jasmin_empty": {"text": "", "kind": "empty"},
    "africastalking_text": {"text": "Salaam"},
    "africastalking_empty": {"text": "", "kind": "empty"},
    "africastalking_optout": {"text": "", "kind": "empty", "opt_out": "stop"},
}
STATUSES = {
    "kannel_status_1": Status.DELIVERED,
    "kannel_status_2": Status.UNDELIVERED,
    "kannel_status_4": Status.QUEUED,
    "kannel_status_8": Status.SENT,
    "kannel_status_16": Status.FAILED,
    "jasmin_status_esme_rok": Status.SENT,
    "jasmin_status_acceptd": Status.SENT,
    "jasmin_status_enroute": Status.SENT,
    "jasmin_status_delivrd": Status.DELIVERED,
    "jasmin_status_undeliv": Status.UNDELIVERED,
    "jasmin_status_expired": Status.UNDELIVERED,
    "jasmin_status_unknown": Status.UNDELIVERED,
    "jasmin_status_rejectd": Status.FAILED,
    "jasmin_status_deleted": Status.FAILED,
    "africastalking_status_sent": Status.SENT,
    "africastalking_status_submitted": Status.SENT,
    "africastalking_status_buffered": Status.QUEUED,
    "africastalking_status_success": Status.DELIVERED,
    "africastalking_status_rejected": Status.FAILED,
    "africastalking_status_failed": Status.FAILED,
    "africastalking_status_absentsubscriber": Status.UNDELIVERED,
    "africastalking_status_expired": Status.UNDELIVERED,
}


@pytest.mark.parametrize("name", INBOUND)
def test_each_message_is_read_as_what_it_is(name: str) -> None:
    read = provider(name.partition("_")[0]).inbound(Posted(recorded(f"gateways/{name}")))
    expected = {"kind": "text", "opt_out": None} | INBOUND[name]
    assert {"text": read.text, "kind": read.kind, "opt_out": read.opt_out} == expected
    assert (read.channel, read.sender) == ("sms", AWA)
    assert read.payload == recorded(f"gateways/{name}")


@pytest.mark.parametrize("name", STATUSES)
def test_each_report_is_read_as_how_far_it_is(name: str) -> None:
    query = {"m": REFERENCE, "t": SIGNER.sign(REFERENCE), "a": "attempt"}
    update = provider(name.partition("_")[0]).status(Posted(recorded(f"gateways/{name}"), query=query))
    failed = STATUSES[name] in (Status.UNDELIVERED, Status.FAILED)
    assert update.status == STATUSES[name]
    assert (update.error_code is not None, update.verdict is not None) == (failed, failed)


def test_every_payload_is_in_one_of_the_tables() -> None:
    assert {path.stem for path in FOLDER.glob("*.form")} == set(INBOUND) | set(STATUSES)
