"""The tables. One file per group of nouns; `METADATA` is what migrations are held against."""

from bot.storage.models.base import METADATA
from bot.storage.models.casework import casework_questions, detail_links, guesses, referral_notes
from bot.storage.models.conversation import addresses, consents, contacts, messages, seen_ids, sessions, submissions
from bot.storage.models.flows import flow_activations, flow_signatures, flow_versions, session_moves
from bot.storage.models.media import media, media_events
from bot.storage.models.members import members
from bot.storage.models.offers import offer_answers, offer_confirmations
from bot.storage.models.review import unclear_labels, unclear_texts
from bot.storage.models.sending import incidents, paces, templates
from bot.storage.models.work import OPEN_REFERRAL, notifications, outbox, referral_events, referral_timers, referrals, sweeps

__all__ = [
    "METADATA",
    "OPEN_REFERRAL",
    "addresses",
    "casework_questions",
    "consents",
    "contacts",
    "detail_links",
    "flow_activations",
    "flow_signatures",
    "flow_versions",
    "guesses",
    "incidents",
    "media",
    "media_events",
    "members",
    "messages",
    "notifications",
    "offer_answers",
    "offer_confirmations",
    "outbox",
    "paces",
    "referral_events",
    "referral_notes",
    "referral_timers",
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
