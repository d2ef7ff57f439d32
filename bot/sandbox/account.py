"""The parts of one sandbox, put together once and handed around as one value."""

import base64
from dataclasses import dataclass

from bot.sandbox.callbacks import Callbacks, Manner
from bot.sandbox.clock import MovableClock
from bot.sandbox.contents import Contents
from bot.sandbox.faults import Script
from bot.sandbox.options import SandboxSettings
from bot.sandbox.posting import Poster
from bot.sandbox.quotas import Quotas
from bot.sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Account:
    """One Twilio account, its people and its troubles."""

    settings: SandboxSettings
    store: Store
    contents: Contents
    clock: MovableClock
    script: Script
    poster: Poster
    callbacks: Callbacks
    quotas: Quotas
    authorization: bytes

    @property
    def whatsapp_sender(self) -> str:
        """The WhatsApp sender as Twilio writes it."""
        return "whatsapp:" + self.settings.whatsapp_sender

    def sender(self, channel: str) -> str:
        """The address that a phone writes to on this channel, as Twilio writes it."""
        return self.whatsapp_sender if channel == "whatsapp" else self.settings.sms_sender


def open_account(settings: SandboxSettings) -> Account:
    """An empty account."""
    script, poster = Script(settings.seed), Poster(settings.auth_token)
    pair = f"{settings.account_sid}:{settings.auth_token}".encode()
    return Account(
        settings=settings,
        store=Store(settings.kept),
        contents=Contents(),
        clock=MovableClock(),
        script=script,
        poster=poster,
        callbacks=Callbacks(settings.account_sid, poster, script, Manner(delay=settings.callback_delay)),
        quotas=Quotas(),
        authorization=b"Basic " + base64.b64encode(pair),
    )
