"""Requests as the public app reads them, signed as Twilio signs them, and the recorded payloads."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

from twilio.request_validator import RequestValidator

from bot.channels.twilio_inbound import TwilioProvider
from bot.domain.signing import Signer

PAYLOADS = Path(__file__).parent / "payloads"
ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN, SECOND_TOKEN = "token-of-the-tests", "second-token"
URL = "https://example.org/bot/twilio/sms"
SIGNER = Signer(b"c" * 32)


@dataclass(frozen=True)
class Posted:
    """Fulfils the Request port."""

    form: dict[str, list[str]]
    url: str = URL
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    key: str = ""
    remote: str = "192.0.2.1"


class _Multi(dict[str, list[str]]):
    def getlist(self, name: str) -> list[str]:
        return self[name]


def recorded(name: str) -> dict[str, list[str]]:
    """The parameters of a recorded payload."""
    return parse_qs((PAYLOADS / f"{name}.form").read_text().strip(), keep_blank_values=True)


def signed(form: dict[str, list[str]], url: str = URL, token: str = TOKEN) -> Posted:
    """A request with Twilio's signature."""
    return Posted(form, url, {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, _Multi(form))})


def provider(*tokens: str) -> TwilioProvider:
    """Our half, with these tokens."""
    return TwilioProvider(ACCOUNT, tokens or (TOKEN,), SIGNER)
