"""Builds the Runtime. The only place that names adapters."""

import secrets

from bot.channels.twilio import TwilioChannel, make_client
from bot.channels.twilio_inbound import TwilioProvider
from bot.content import Content
from bot.content.load import load_around, load_content
from bot.content.reading import Faults
from bot.content.store import ContentStore
from bot.domain.addresses import ChannelType
from bot.domain.errors import ContentError, SettingsError
from bot.domain.ports import Channel
from bot.domain.referrals import new_code
from bot.domain.signing import Signer
from bot.notifiers.text import TextNotifier
from bot.queueing import WakeQueue, connect
from bot.runtime import Runtime
from bot.settings import Settings, parse_key, parse_keys
from bot.storage.database import Database
from bot.storage.vault import Vault
from bot.understanding import PhraseLayer, RasaUnderstander

# job -> its function. RQ carries this name and a key, as JSON, and nothing else.
FUNCTIONS = {"advance": "bot.worker.advance", "dispatch": "bot.worker.dispatch"}


def make_database(settings: Settings) -> Database:
    """The database with the keys of the settings."""
    vault = Vault(parse_keys(settings.encryption_keys), parse_key(settings.index_key.get_secret_value(), "BOT_INDEX_KEY"))
    return Database(settings.database_url, vault, pool_size=settings.database_pool)


def make_runtime(settings: Settings) -> Runtime:
    """The service as the settings want it. Raises `ContentError` and `SettingsError`: it refuses to start on bad content."""
    database = make_database(settings)
    contents = make_contents(settings, database)
    content = contents.current
    understander = RasaUnderstander(
        settings.nlu_url,
        settings.nlu_token.get_secret_value(),
        settings.nlu_timeout,
        PhraseLayer(content.danger_in),
        content.intents,
    )
    channels = _channels(settings)
    return Runtime(
        settings=settings,
        database=database,
        contents=contents,
        understander=understander,
        queue=WakeQueue(connect(settings.redis_url), FUNCTIONS),
        channels=channels,
        notifiers={name: TextNotifier(channel) for name, channel in channels.items()},
        new_code=lambda: new_code(secrets.randbelow),
    )


def make_contents(settings: Settings, database: Database) -> ContentStore:
    """What is published, else the files. Raises `ContentError` when what it takes from the files is broken."""
    faults = Faults()
    beside = load_around(settings.content_dir, faults, home=settings.region, sandbox=settings.sandbox)
    if faults.errors:
        raise ContentError(faults.errors)

    def from_files() -> Content:
        return load_content(settings.content_dir, home=settings.region, sandbox=settings.sandbox)

    # In the sandbox an author changes a text and goes on with the same phone: there, conversations follow the files.
    root = None if settings.sandbox else settings.content_dir / "flows"
    return ContentStore(database, beside, from_files, root=root)


def make_provider(settings: Settings) -> TwilioProvider:
    """The inbound half of Twilio."""
    tokens = [settings.twilio_auth_token.get_secret_value()]
    if settings.twilio_auth_token_secondary:
        tokens.append(settings.twilio_auth_token_secondary.get_secret_value())
    return TwilioProvider(settings.twilio_account_sid, tokens, _signer(settings))


def _signer(settings: Settings) -> Signer:
    return Signer(parse_key(settings.callback_key.get_secret_value(), "BOT_CALLBACK_KEY"))


def _senders(settings: Settings) -> dict[ChannelType, str]:
    named: dict[ChannelType, str | None] = {"sms": settings.twilio_sms_sender, "whatsapp": settings.twilio_whatsapp_sender}
    senders = {channel: sender for channel, sender in named.items() if sender}
    if not senders:
        raise SettingsError("Name a sender: BOT_TWILIO_SMS_SENDER, BOT_TWILIO_WHATSAPP_SENDER or both")
    return senders


def _channels(settings: Settings) -> dict[str, Channel]:
    client = make_client(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        timeout=settings.twilio_timeout,
        connections=settings.sends_in_flight,
        api_url=settings.twilio_api_url,
    )
    signer = _signer(settings)
    return {channel: TwilioChannel(channel, sender, client, signer, settings.public_url) for channel, sender in _senders(settings).items()}
