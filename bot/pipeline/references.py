"""What an outbox row and a status callback are about: a kind and an id."""

from uuid import UUID

REPLY, NOTICE = "reply", "notice"
# Who an admin's own notices are for: one that fails is no matter of its own, or it would call for the next.
ADMIN = "admin"
# Where news of a referral are said: no flow asks there, and outside the window of WhatsApp they knock as news.
TOLD = "casework.told"


def reference(kind: str, subject_id: UUID) -> str:
    """Our id in the callback address: what it is about, and which."""
    return f"{kind}.{subject_id}"


def read_reference(written: str) -> tuple[str, UUID] | None:
    """The kind and the id of a reference; None for what no version of ours wrote."""
    kind, _, subject_id = written.partition(".")
    try:
        return (kind, UUID(subject_id)) if kind in (REPLY, NOTICE) else None
    except ValueError:
        return None
