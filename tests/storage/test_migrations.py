"""Migrations that change rows which are there already."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command

from bot.storage import schema
from bot.storage.database import Database
from bot.storage.vault import Vault
from tests.conftest import KEYS, postgres

_NOTICE = """
WITH told AS (
    INSERT INTO notifications (id, effect_key, partner, event, means, hash, recipient, text, created_at)
    VALUES (gen_random_uuid(), :key, 'baos', 'incident', :means, ''::bytea, ''::bytea, '', now()) RETURNING id)
INSERT INTO outbox (id, kind, subject_id, ordering_key, state, error_code, due_at, created_at, finished_at)
SELECT gen_random_uuid(), 'notice', id, :key, :state, :code, now(), now(), now() - CAST(:ago AS interval) FROM told
"""


@pytest.fixture
def before() -> Iterator[Database]:
    """A database of the version before rows of the outbox knew their channel."""
    with postgres() as url:
        database = Database(url, Vault(KEYS, b"i" * 32))
        schema._run(database, lambda config: command.downgrade(config, "0011_eager_vacuum"))
        yield database
        database.close()


def test_what_may_still_be_sent_learns_its_channel(before: Database) -> None:
    rows = {
        "waits": ("due", None, None, "whatsapp"),
        "parked": ("parked", None, None, "whatsapp"),
        "failed": ("failed", "30003", "30 days", "email"),
        "expired": ("cancelled", "expired", "30 days", "whatsapp"),
        "sent": ("sent", None, "1 day", "whatsapp"),
    }
    with before.engine.begin() as connection:
        for key, (state, code, ago, means) in rows.items():
            connection.execute(sa.text(_NOTICE), {"key": key, "state": state, "code": code, "ago": ago, "means": means})
    schema.upgrade(before)
    with before.engine.connect() as connection:
        found = {row.ordering_key: row.channel for row in connection.execute(sa.text("SELECT ordering_key, channel FROM outbox"))}
    assert found == {key: means for key, (_, _, _, means) in rows.items()}
