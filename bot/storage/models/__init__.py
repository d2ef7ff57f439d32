"""The tables. One file per group of nouns; `METADATA` is what migrations are held against."""

from bot.storage.models.base import METADATA
from bot.storage.models.conversation import addresses, consents, contacts, messages, seen_ids, sessions, submissions
from bot.storage.models.work import notifications, outbox, referral_events, referrals, sweeps

__all__ = [
    "METADATA",
    "addresses",
    "consents",
    "contacts",
    "messages",
    "notifications",
    "outbox",
    "referral_events",
    "referrals",
    "seen_ids",
    "sessions",
    "submissions",
    "sweeps",
]
