"""What the sandbox is told at start. It reads no environment: whoever starts it hands the values in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """One account with its senders.

    `public_url` is where our webhooks are served, without a trailing slash; `own_url` where this sandbox is reached (media
    links point there). `sms_sender` is a +E.164 number or an alphanumeric name (which cannot be answered), `whatsapp_sender`
    a number without scheme. `webhook_rules` are Twilio's connection overrides (rc, rp, ct, rt, tt), used for inbound messages
    unless an address brings its own fragment. `partners` are (name, address) pairs; the page proposes those with a
    number to whoever plays a caseworker. With `advanced_opt_out` Twilio reads STOP on WhatsApp too and says so in
    `OptOutType`. `kept` bounds the memory, in messages. `seed` makes chance repeatable; ids stay
    unique all the same, as a service that keeps its database would take a repeated id for a duplicate.
    """

    account_sid: str
    auth_token: str
    public_url: str
    own_url: str
    sms_sender: str
    whatsapp_sender: str
    messaging_service_sid: str | None = None
    webhook_rules: str = "rc=2&rp=ct,rt,5xx&ct=5000&rt=8000&tt=15000"
    callback_delay: float = 0.15
    advanced_opt_out: bool = False
    kept: int = 100_000
    seed: int = 0
    partners: tuple[tuple[str, str], ...] = ()
