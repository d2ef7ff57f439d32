"""Builds the Runtime. The only place that names adapters."""

import secrets
from dataclasses import replace

from bot.channels.abilities import gateway_account, networks, sms_abilities, whatsapp_abilities
from bot.channels.gateway import GatewayChannel, GatewayProvider, Guard
from bot.channels.twilio import TwilioChannel, client_for
from bot.channels.twilio_files import TwilioMedia
from bot.channels.twilio_inbound import TwilioProvider
from bot.channels.twilio_log import TwilioLog
from bot.channels.twilio_templates import TwilioTemplates
from bot.content import Content
from bot.content.gateways import load_gateway
from bot.content.load import load_around, load_content
from bot.content.reading import Faults
from bot.content.store import ContentStore
from bot.content.templates import load_templates
from bot.domain.addresses import ChannelType
from bot.domain.capabilities import Capabilities
from bot.domain.errors import ContentError, SettingsError
from bot.domain.ports import Channel, Log, Notifier, Provider
from bot.domain.referrals import new_code
from bot.domain.signing import Signer
from bot.notifiers.email import EmailNotifier
from bot.notifiers.text import TextNotifier
from bot.notifiers.webhook import WebhookNotifier
from bot.pipeline.jobs import COUNTED
from bot.queueing import WakeQueue, connect
from bot.runtime import Runtime
from bot.settings import Settings, parse_key, parse_keys
from bot.storage.database import Database
from bot.storage.vault import Vault
from bot.understanding import PhraseLayer, RasaUnderstander

# job -> its function. RQ carries this name and a key, as JSON, and nothing else.
FUNCTIONS = {"advance": "bot.worker.advance", "dispatch": "bot.worker.dispatch", "media": "bot.worker.fetch_media"}


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
        queue=WakeQueue(connect(settings.redis_url), FUNCTIONS, counted=COUNTED),
        channels=channels,
        notifiers=_notifiers(settings, channels),
        media=TwilioMedia(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            timeout=settings.twilio_timeout,
            api_url=settings.twilio_api_url,
        ),
        new_code=lambda: new_code(secrets.randbelow),
        templates=load_templates(settings.content_dir),
        logs=_logs(settings),
        opinion=TwilioTemplates(client_for(settings)).opinion,
    )


def make_contents(settings: Settings, database: Database) -> ContentStore:
    """What is published, else the files. Raises `ContentError` when what it takes from the files is broken."""
    faults = Faults()
    beside = load_around(settings.content_dir, faults, home=settings.region, sandbox=settings.sandbox)
    if faults.errors:
        raise ContentError(faults.errors)
    calendar = replace(beside.directory.calendar, quiet=settings.quiet_hours)
    beside = replace(beside, directory=replace(beside.directory, calendar=calendar))

    def from_files() -> Content:
        loaded = load_content(settings.content_dir, home=settings.region, sandbox=settings.sandbox)
        return replace(loaded, directory=beside.directory)

    # In the sandbox an author changes a text and goes on with the same phone: there, conversations follow the files.
    root = None if settings.sandbox else settings.content_dir / "flows"
    return ContentStore(database, beside, from_files, root=root)


def make_providers(settings: Settings) -> tuple[Provider, ...]:
    """The inbound halves of every provider that may call us."""
    twilio = _twilio_provider(settings)
    if settings.sms_provider != "gateway":
        return (twilio,)
    gateway, account = load_gateway(settings.content_dir, settings.gateway), gateway_account(settings)
    guard = Guard(settings.gateway_basic.get_secret_value(), networks(settings))
    return twilio, GatewayProvider(gateway, account.key, _signer(settings), guard=guard, country=account.country)


def _twilio_provider(settings: Settings) -> TwilioProvider:
    tokens = [settings.twilio_auth_token.get_secret_value()]
    if settings.twilio_auth_token_secondary:
        tokens.append(settings.twilio_auth_token_secondary.get_secret_value())
    return TwilioProvider(settings.twilio_account_sid, tokens, _signer(settings))


def _notifiers(settings: Settings, channels: dict[str, Channel]) -> dict[str, Notifier]:
    notifiers: dict[str, Notifier] = {name: TextNotifier(channel) for name, channel in channels.items()}
    if settings.smtp_url:
        notifiers["email"] = EmailNotifier(settings.smtp_url, settings.smtp_sender)
    key = settings.notice_webhook_key.get_secret_value()
    if key:
        notifiers["webhook"] = WebhookNotifier(key)
    return notifiers


def _signer(settings: Settings) -> Signer:
    return Signer(parse_key(settings.callback_key.get_secret_value(), "BOT_CALLBACK_KEY"))


def _senders(settings: Settings) -> dict[ChannelType, tuple[str, str | None]]:
    """Twilio's (sender, messaging service) by channel; one of the two is enough."""
    named: dict[ChannelType, tuple[str, str | None]] = {
        "sms": (settings.twilio_sms_sender or "", settings.twilio_messaging_service_sid),
        "whatsapp": (settings.twilio_whatsapp_sender or "", settings.twilio_whatsapp_service_sid),
    }
    if settings.sms_provider == "gateway":
        del named["sms"]
    return {channel: named_by for channel, named_by in named.items() if any(named_by)}


def _channels(settings: Settings) -> dict[str, Channel]:
    signer, client = _signer(settings), client_for(settings)
    abilities = {channel: _abilities(settings, channel, sender) for channel, (sender, _) in _senders(settings).items()}
    channels: dict[str, Channel] = {
        channel: TwilioChannel(channel, sender, client, signer, settings.public_url, service=service, capabilities=abilities[channel])
        for channel, (sender, service) in _senders(settings).items()
    }
    if settings.sms_provider == "gateway":
        gateway, account = load_gateway(settings.content_dir, settings.gateway), gateway_account(settings)
        joined = settings.sms_joined and gateway.joined
        channels["sms"] = GatewayChannel(gateway, account, signer, sms_abilities(settings, account.sender, joined=joined))
    if not channels:
        raise SettingsError("Name a sender: BOT_TWILIO_SMS_SENDER, BOT_TWILIO_WHATSAPP_SENDER or both")
    if "sms" in channels and not channels["sms"].capabilities.two_way and not settings.answer_at:
        raise SettingsError("Nobody can answer these texts: say where to answer instead, BOT_SMS_ANSWER_AT or BOT_TWILIO_WHATSAPP_SENDER")
    return channels


def _abilities(settings: Settings, channel: ChannelType, sender: str) -> Capabilities:
    return whatsapp_abilities() if channel == "whatsapp" else sms_abilities(settings, sender, joined=settings.sms_joined)


def _logs(settings: Settings) -> tuple[Log, ...]:
    """Twilio keeps a list of what it received; a gateway does not."""
    senders = {channel: sender for channel, (sender, _) in _senders(settings).items()}
    return (TwilioLog(client_for(settings), senders),) if senders else ()
