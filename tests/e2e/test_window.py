"""The 24 hours of WhatsApp with every part real: templates pushed by command, a closed window, a tap on the button."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.e2e.rig import DELLUSI, Phone, Service, until

pytestmark = pytest.mark.e2e

CASEWORKER = "+221770000100"
DAY_AND_MORE = 25 * 3600


@pytest.fixture
def approved(service: Service) -> Iterator[Service]:
    """A service whose templates are approved; its provider's clock is put right afterwards."""
    for command in (("push",), ("status",)):
        environment = {**os.environ, **service.variables}
        done = subprocess.run((DELLUSI, "templates", *command), env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    yield service
    service.control("clock", {"offset": 0})


def referred(service: Service) -> tuple[Phone, str]:
    """A person on WhatsApp with a referral, and its code."""
    phone = service.phone("whatsapp")
    for text in ("agent", "oui", "Bambey"):
        phone.say(text)
    contact = service.one("SELECT contact_id FROM messages WHERE provider_id = %s", phone.thread[0]["sid"])
    return phone, str(until(lambda: _code(service, contact), what="a referral"))


def _code(service: Service, contact: object) -> str | None:
    found = service.rows("SELECT code FROM referrals WHERE contact_id = %s", contact)
    return found[0][0] if found else None


@pytest.mark.parametrize("known", [True, False])
def test_news_after_a_day_wait_behind_a_template_until_the_person_taps(approved: Service, known: bool) -> None:  # noqa: FBT001 - a table
    phone, code = referred(approved)
    approved.control("clock", {"offset": DAY_AND_MORE})
    if known:
        # We know it ourselves; otherwise only the provider's report, after it took the message, says that the window is closed.
        approved.rows(
            "UPDATE addresses SET last_inbound_at = last_inbound_at - interval '2 days' WHERE contact_id = "
            "(SELECT contact_id FROM referrals WHERE code = %s) RETURNING id",
            code,
        )
    phone.read()
    approved.phone("sms", CASEWORKER).say(f"OK {code}", expect=(code,))
    phone.hear("Dellusi")
    phone.say(expect=(code,), button={"id": "dellusi:read", "title": "Lire"})
    approved.quiet()
    states = approved.rows(
        "SELECT o.state FROM outbox o JOIN messages m ON m.id = o.subject_id WHERE m.node IN ('casework.told', 'template.news') "
        "AND m.contact_id = (SELECT contact_id FROM referrals WHERE code = %s)",
        code,
    )
    assert states == [("sent",), ("sent",)]
