"""The tables. One file per group of nouns; `METADATA` is what migrations are held against."""

from bot.storage.models.base import METADATA
from bot.storage.models.conversation import addresses, consents, contacts, messages, seen_ids, sessions, submissions
from bot.storage.models.flows import flow_activations, flow_signatures, flow_versions, session_moves
from bot.storage.models.media import media, media_events
from bot.storage.models.offers import offer_answers, offer_confirmations
from bot.storage.models.review import unclear_labels, unclear_texts
from bot.storage.models.sending import incidents, paces, templates
from bot.storage.models.work import notifications, outbox, referral_events, referrals, sweeps

__all__ = [
    "METADATA",
    "addresses",
    "consents",
    "contacts",
    "flow_activations",
    "flow_signatures",
    "flow_versions",
    "incidents",
    "media",
    "media_events",
    "messages",
    "notifications",
    "offer_answers",
    "offer_confirmations",
    "outbox",
    "paces",
    "referral_events",
    "referrals",
    "seen_ids",
    "session_moves",
    "sessions",
    "submissions",
    "sweeps",
    "templates",
    "unclear_labels",
    "unclear_texts",
]
