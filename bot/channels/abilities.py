"""What the settings say about SMS and about the gateway, in the words of the adapters."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network

from bot.channels.gateway import Account
from bot.domain.capabilities import Capabilities
from bot.domain.errors import SettingsError
from bot.domain.sending import WINDOWS
from bot.settings import Settings

# 24 letters and digits are more than 120 bits: nobody guesses them at the speed of HTTP.
_SHORTEST_KEY = 24


def whatsapp_abilities() -> Capabilities:
    """What WhatsApp can do over Twilio. Three buttons and ten entries need no approval inside the window."""
    return Capabilities(buttons=3, entries=10, media=True, window=WINDOWS["whatsapp"], listed=True)


def sms_abilities(settings: Settings, sender: str, *, joined: bool) -> Capabilities:
    """What SMS can do here. A sender of letters hears nothing, and neither does any where the country allows no two-way SMS."""
    named = bool(sender) and not sender.lstrip("+").isdigit()
    two_way = not (settings.sms_one_way or named)
    listed = settings.sms_provider == "twilio"
    return Capabilities(
        two_way,
        most_segments=settings.sms_most_segments,
        joined=joined,
        replies_can_stop=two_way,
        # A gateway passes a STOP on like any other word.
        answers_stop=listed,
        listed=listed,
    )


def gateway_account(settings: Settings) -> Account:
    """How we reach the gateway. Raises `SettingsError` that names what is missing."""
    needed = {
        "BOT_GATEWAY": settings.gateway,
        "BOT_GATEWAY_URL": settings.gateway_url,
        "BOT_GATEWAY_SENDER": settings.gateway_sender,
        "BOT_GATEWAY_KEY": settings.gateway_key.get_secret_value(),
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise SettingsError(f"BOT_SMS_PROVIDER=gateway needs {', '.join(missing)}")
    key = settings.gateway_key.get_secret_value()
    if not re.fullmatch(r"[A-Za-z0-9]+", key) or len(key) < _SHORTEST_KEY:
        raise SettingsError(f"BOT_GATEWAY_KEY: at least {_SHORTEST_KEY} letters and digits, for example from `openssl rand -hex 16`")
    return Account(
        url=settings.gateway_url,
        user=settings.gateway_user,
        password=settings.gateway_password.get_secret_value(),
        sender=settings.gateway_sender,
        key=key,
        public_url=settings.public_url,
        country=settings.gateway_country,
        timeout=settings.gateway_timeout,
        connections=settings.sends_in_flight,
    )


def networks(settings: Settings) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks that the gateway calls from. Raises `SettingsError`."""
    written = [part.strip() for part in settings.gateway_networks.split(",") if part.strip()]
    try:
        return tuple(ip_network(part) for part in written)
    except ValueError:
        raise SettingsError("BOT_GATEWAY_NETWORKS: write networks such as 192.0.2.0/24, separated by commas") from None
