"""An HTTP SMS gateway, both halves: Kannel, Jasmin, Africa's Talking, or another that config/gateways/ describes.

None of them signs what it calls us with. So an address of ours has a secret part, and beside it Basic authentication, a list of
addresses, or both may be demanded. They keep no list that could be asked: a send in doubt stays in doubt until its report comes.
"""

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter

from bot.channels.gateway_text import decoded, hexadecimal, international, is_gsm
from bot.channels.rendering import sms_text
from bot.domain.addresses import Address, ChannelType
from bot.domain.capabilities import Capabilities
from bot.domain.errors import RequestRefused, SendError
from bot.domain.gateways import Gateway
from bot.domain.messages import Accepted, InboundMessage, OutboundMessage, Sent, Status, StatusUpdate
from bot.domain.ports import Door, Request
from bot.domain.segments import measure
from bot.domain.sending import Verdict
from bot.domain.signing import Signer
from bot.domain.splitting import split

# Where a gateway calls us; <key> is the secret part.
MESSAGE, STATUS, OPT_OUT = "/gateway/<key>/message", "/gateway/<key>/status", "/gateway/<key>/optout"
_LONGEST_ID = 200
# Enough for any gateway's yes or no.
_LONGEST_ANSWER = 10_000
_DEFAULTS = {401: Verdict.OURS, 403: Verdict.OURS, 404: Verdict.OURS, 429: Verdict.PACE}


@dataclass(frozen=True, slots=True)
class Account:
    """How we reach the gateway. `key` is the secret part of the addresses that it calls, `public_url` their beginning."""

    url: str
    user: str
    password: str
    sender: str
    key: str
    public_url: str
    country: str = "221"
    timeout: float = 10.0
    connections: int = 64


@dataclass(frozen=True, slots=True)
class Guard:
    """What a call has to bring beside the secret address: Basic authentication as `user:password`, an address of these networks."""

    basic: str = ""
    networks: tuple[IPv4Network | IPv6Network, ...] = ()


class GatewayChannel:
    """SMS over the gateway."""

    type: ChannelType = "sms"

    def __init__(self, gateway: Gateway, account: Account, signer: Signer, capabilities: Capabilities) -> None:
        self.sender = account.sender
        self.capabilities = capabilities
        self._asking = gateway.asking
        self._account = account
        self._signer = signer
        self._callback = account.public_url.rstrip("/") + STATUS.replace("<key>", account.key)
        self._session = requests.Session()
        self._session.trust_env = False
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=account.connections))

    def render(self, message: OutboundMessage) -> str:
        """The text as it is sent."""
        return sms_text(message)

    def parts(self, message: OutboundMessage) -> tuple[str, ...]:
        """One text, or several where it is too long for one."""
        return split(self.render(message), self.capabilities.longest)

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        """Hand the message to the gateway. Raises `SendError`; `ambiguous` when no answer, or an odd one, came after it was sent."""
        text, attempt = self.render(message), uuid4().hex
        answer = self._ask(self._parameters(message, text, reference, attempt))
        body = answer.content[:_LONGEST_ANSWER].decode("utf-8", "replace")
        if answer.status_code < 300 and re.search(self._asking.accepted, body):
            found = re.search(self._asking.id, body) if self._asking.id else None
            return Sent(_id(found[1]) if found else attempt, Status.QUEUED, measure(text).segments)
        raise self._refusal(answer.status_code, body)

    def find(self, message: OutboundMessage, since: datetime) -> Accepted | None:
        """Raises `SendError`: there is no list to look in, so a report has to tell, or an admin."""
        raise SendError("no_list", retryable=False)

    def _parameters(self, message: OutboundMessage, text: str, reference: str, attempt: str) -> dict[str, str]:
        to = message.recipient.value
        known = {
            "user": self._account.user,
            "password": self._account.password,
            "sender": self.sender,
            "to": to.removeprefix("+") if self._asking.numbers == "digits" else to,
            "text": text,
            "hex": hexadecimal(text),
            "callback": f"{self._callback}?m={reference}&t={self._signer.sign(reference)}&a={attempt}",
            "minutes": str(max(1, (message.valid or 36_000) // 60)),
        }
        alphabet = self._asking.gsm7 if is_gsm(text) else self._asking.ucs2
        return {name: value.format(**known) for name, value in {**self._asking.parameters, **alphabet}.items()}

    def _ask(self, parameters: Mapping[str, str]) -> requests.Response:
        headers = {
            name: value.format(user=self._account.user, password=self._account.password) for name, value in self._asking.headers.items()
        }
        carried: Any = {"params": parameters} if self._asking.method == "GET" else {"data": parameters}
        try:
            return self._session.request(
                self._asking.method, self._account.url, headers=headers, timeout=self._account.timeout, allow_redirects=False, **carried
            )
        except requests.RequestException as error:
            never = isinstance(error, requests.ConnectTimeout) or "NewConnectionError" in repr(error)
            raise SendError("no_connection" if never else "no_answer", retryable=True, ambiguous=not never) from error

    def _refusal(self, status: int, body: str) -> SendError:
        for rule in self._asking.refusals:
            if rule.status in (None, status) and re.search(rule.match, body):
                return _error(rule.code, rule.verdict)
        if status >= 500:
            # It may have been taken before something broke behind it.
            return SendError(f"gateway_{status}", retryable=True, ambiguous=True)
        if status < 300:
            return SendError("gateway_odd_answer", retryable=True, ambiguous=True)
        return _error(f"gateway_{status}", _DEFAULTS.get(status, Verdict.NEVER))


class GatewayProvider:
    """Verifies and reads what the gateway calls us with."""

    def __init__(self, gateway: Gateway, key: str, signer: Signer, *, guard: Guard | None = None, country: str = "221") -> None:
        self._gateway, self._key, self._signer = gateway, key, signer
        self._guard, self._country = guard or Guard(), country
        hearing, reporting = gateway.hearing, gateway.reporting
        leaving = (Door(OPT_OUT, "message", answer=hearing.answer),) if gateway.leaving.sender else ()
        self.doors: Sequence[Door] = (
            Door(MESSAGE, "message", hearing.methods, hearing.answer),
            Door(STATUS, "status", reporting.methods, reporting.answer),
            *leaving,
        )

    def verify(self, request: Request) -> None:
        """Raises `RequestRefused` unless the address has our secret and everything else that is demanded is there."""
        if not hmac.compare_digest(request.key.encode("utf-8", "replace"), self._key.encode()):
            # As if there were no such address: a guess learns nothing.
            raise RequestRefused("key", 404)
        if self._guard.networks and not _inside(request.remote, self._guard.networks):
            raise RequestRefused("address")
        if self._guard.basic and not hmac.compare_digest(_credentials(request), self._guard.basic.encode()):
            raise RequestRefused("authorization", 401)

    def inbound(self, request: Request) -> InboundMessage:
        """The message, or the opt-out that the gateway took itself. Raises `RequestRefused` (400) without an id or a sender."""
        names, leaver = self._gateway.hearing, self._gateway.leaving.sender
        payload = {name: list(values) for name, values in request.form.items()}
        if leaver and (left := _first(request, leaver)) and not _first(request, names.id):
            sender = Address("sms", international(left, self._country))
            return InboundMessage("sms", f"optout-{uuid4().hex}", sender, "", "empty", opt_out="stop", payload=payload)
        provider_id, written = _id(_first(request, names.id)), _first(request, names.sender)
        if not provider_id or not written.strip():
            raise RequestRefused("missing_parameter", 400)
        text = self._text(request)
        return InboundMessage(
            channel="sms",
            provider_id=provider_id,
            sender=Address("sms", international(written, self._country)),
            recipient=_first(request, names.recipient),
            kind="text" if text.strip() else "empty",
            text=text,
            payload=payload,
        )

    def status(self, request: Request) -> StatusUpdate:
        """The report. Raises `RequestRefused` where our own signed id is due and does not match."""
        names, reference = self._gateway.reporting, ""
        if names.by_reference:
            reference = request.query.get("m", "")
            if not self._signer.matches(reference, request.query.get("t", "")):
                raise RequestRefused("reference")
        provider_id = _id(_first(request, names.id) or request.query.get("a", ""))
        word, code = _first(request, names.word).strip().lower(), _first(request, names.code).strip()
        verdict = names.verdicts.get(code.lower()) or names.verdicts.get(word)
        status = names.words.get(word)
        failed = status in (Status.UNDELIVERED, Status.FAILED)
        return StatusUpdate(
            reference=reference,
            provider_id=provider_id,
            status=status,
            word=word if re.fullmatch(r"[a-z0-9_]{1,40}", word) else "odd",
            error_code=(code if re.fullmatch(r"\w{1,40}", code) and code.strip("0") else word) if failed else None,
            stop=failed and verdict is Verdict.STOP,
            verdict=verdict if failed else None,
        )

    def _text(self, request: Request) -> str:
        names = self._gateway.hearing
        digits = _first(request, names.binary) if names.binary else ""
        read = decoded(digits, _first(request, names.coding) or "0") if digits else None
        return read if read is not None else _first(request, names.text)


def _error(code: str, verdict: Verdict) -> SendError:
    retryable = verdict in (Verdict.SOON, Verdict.PACE, Verdict.LATER)
    return SendError(code, retryable=retryable, ours=verdict is Verdict.OURS, stop=verdict is Verdict.STOP, verdict=verdict)


def _first(request: Request, name: str) -> str:
    values = request.form.get(name) if name else None
    return values[0] if values else ""


def _id(written: str) -> str:
    """An id that a database can hold and a log may show; empty for anything else."""
    return written if written.isprintable() and len(written) <= _LONGEST_ID else ""


def _inside(remote: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    try:
        address = ip_address(remote)
    except ValueError:
        return False
    return any(address.version == network.version and address in network for network in networks)


def _credentials(request: Request) -> bytes:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    try:
        return base64.b64decode(encoded, validate=True) if scheme.lower() == "basic" else b""
    except ValueError:
        return b""
