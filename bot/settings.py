"""Everything that the environment decides, in one frozen class. Nothing else in the project reads the environment.

A secret `BOT_X` may also come from a file named by `BOT_X_FILE` (container secrets). An unknown `BOT_*` variable is an
error: a mistyped name must not be silently ignored.
"""

import base64
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.domain.errors import SettingsError

PREFIX = "BOT_"
PROJECT = Path(__file__).resolve().parent.parent


def _strict_boolean(value: object) -> object:
    """Only yes/no/true/false/1/0: `BOT_X=off` that counts as true has cost others dearly."""
    if isinstance(value, str):
        lowered = value.strip().lower()
        if lowered in {"1", "true", "yes"}:
            return True
        if lowered in {"0", "false", "no"}:
            return False
        raise ValueError("write yes or no")
    return value


Flag = Annotated[bool, BeforeValidator(_strict_boolean)]


class Settings(BaseModel):
    """The settings of one process. Field `x_y` is the variable `BOT_X_Y`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Stores. PostgreSQL is the only truth; Redis carries wake-ups and may be lost at any time.
    database_url: str = Field(description="PostgreSQL, e.g. postgresql://user:password@host/name")
    redis_url: str = Field(description="Redis, e.g. redis://host:6379/0 or unix:///path")
    database_pool: int = Field(default=8, ge=1, le=100, description="connections a process keeps open at most")

    # Keys for personal data. They live outside the database and its backups on purpose.
    encryption_keys: SecretStr = Field(
        description="id:base64 pairs of 32-byte keys, newest first, separated by commas; new data uses the first"
    )
    index_key: SecretStr = Field(description="base64 of 32 bytes; finds an address without decrypting any")
    callback_key: SecretStr = Field(description="base64 of 32 bytes; signs our ids in status callback addresses")

    # Twilio. The primary auth token signs webhooks; the secondary is accepted during a rotation.
    twilio_account_sid: str = Field(pattern=r"^AC[0-9a-fA-F]{32}$")
    twilio_auth_token: SecretStr
    twilio_auth_token_secondary: SecretStr | None = None
    twilio_api_url: str | None = Field(default=None, description="another API address (the sandbox); empty is Twilio")
    twilio_sms_sender: str | None = Field(default=None, description="+E.164 number or alphanumeric name that sends SMS")
    twilio_whatsapp_sender: str | None = Field(default=None, description="+E.164 number that sends WhatsApp messages")
    twilio_messaging_service_sid: str | None = Field(
        default=None, pattern=r"^MG[0-9a-fA-F]{32}$", description="sends SMS, with or without a sender of it"
    )
    twilio_whatsapp_service_sid: str | None = Field(
        default=None, pattern=r"^MG[0-9a-fA-F]{32}$", description="sends WhatsApp messages, with or without a sender of it"
    )
    twilio_timeout: float = Field(default=10.0, gt=0, le=60, description="seconds a call to the provider may take")

    # SMS: over whom, and what phones there can do.
    sms_provider: Literal["twilio", "gateway"] = "twilio"
    sms_one_way: Flag = Field(default=False, description="nobody can answer our texts; a sender of letters never hears anything")
    sms_answer_at: str = Field(default="", max_length=60, description="where to answer a text instead, e.g. WhatsApp +221 33 000 00 01")
    sms_most_segments: int = Field(default=10, ge=0, le=30, description="segments of one text; a longer one is sent as several")
    sms_joined: Flag = Field(default=True, description="phones show the segments of one text as one; else each text has one segment")

    # An HTTP gateway for SMS, described by a file of config/gateways. What calls us has no signature: a secret address, and more.
    gateway: str = Field(default="", pattern=r"^[a-z0-9_]*$", description="the name of its file in config/gateways")
    gateway_url: str = Field(default="", pattern=r"^(https?://[^\s]+)?$", description="where it takes messages")
    gateway_user: str = ""
    gateway_password: SecretStr = SecretStr("")
    gateway_sender: str = Field(default="", description="the number, short code or name that it sends with")
    gateway_key: SecretStr = Field(default=SecretStr(""), description="the secret part of the addresses that it calls")
    gateway_basic: SecretStr = Field(default=SecretStr(""), description="user:password that its calls have to bring, if any")
    gateway_networks: str = Field(default="", description="networks that it calls from, e.g. 192.0.2.0/24, separated by commas")
    gateway_country: str = Field(default="221", pattern=r"^[1-9]\d{0,2}$", description="calling code of numbers without one")
    gateway_timeout: float = Field(default=10.0, gt=0, le=60, description="seconds a call to it may take")

    # A phone that is off is tried again.
    later_seconds: float = Field(default=600.0, gt=0, le=21_600, description="the first wait; each after it is four times as long")

    # What never reached us is looked for in the provider's log.
    reconcile_minutes: float = Field(default=5.0, ge=0, le=1440, description="how often; 0 is never")
    late_minutes: float = Field(default=15.0, gt=0, description="what is older is not answered step by step: one word that we are back")

    # The understanding service. The bot lives without it, on keywords, numbers and menus.
    nlu_url: str = Field(default="http://127.0.0.1:5005")
    nlu_token: SecretStr = SecretStr("")
    nlu_timeout: float = Field(default=1.5, gt=0, le=10, description="seconds for one text, connection included")

    # Where we are reached: the configured public address is what signatures are checked against, never the Host header.
    public_url: str = Field(pattern=r"^https?://[^/\s]+(/[^\s]*)?$", description="public base address of webhooks/")
    trusted_proxies: int = Field(default=0, ge=0, le=5, description="our own proxies in front, whose X-Forwarded-For is believed")
    host: str = "127.0.0.1"
    webhooks_port: int = Field(default=8000, ge=1, le=65535)
    webhooks_threads: int = Field(default=8, ge=1, le=64)
    sandbox_port: int = Field(default=8008, ge=1, le=65535)
    nlu_port: int = Field(default=5005, ge=1, le=65535)

    # Work.
    lanes: int = Field(default=2, ge=1, le=64, description="partitions of contacts; one worker drains a lane at a time")
    sends_in_flight: int = Field(default=64, ge=1, le=256, description="provider calls at once in one dispatch worker")
    sweep_seconds: float = Field(default=5.0, gt=0, le=60, description="how often left-behind work is looked for")

    # How much goes out, by sender and by person. 0 is no limit. Words about a danger always go.
    sms_per_second: float = Field(default=100.0, ge=0, description="texts a second over the SMS sender")
    whatsapp_per_second: float = Field(default=80.0, ge=0, description="messages a second over the WhatsApp sender")
    person_per_minute: float = Field(default=30.0, ge=0, description="messages a minute to one person, on the whole")
    person_day_messages: int = Field(default=150, ge=0, description="messages to one person in a day, then an admin has to look")
    person_day_segments: int = Field(default=300, ge=0, description="SMS segments to one person in a day")
    person_day_repeats: int = Field(default=30, ge=0, description="the same text to one person in a day")
    sms_day_segments: int = Field(default=0, ge=0, description="SMS segments to everybody in a day")

    # Who hears that something is wrong: channel:address, separated by commas, e.g. sms:+221...
    admin_addresses: str = Field(default="", pattern=r"^$|^(sms|whatsapp):\+\d{7,15}(, *(sms|whatsapp):\+\d{7,15})*$")

    # Notices to partners by e-mail, and to their own systems. Both empty: neither.
    smtp_url: str = Field(default="", pattern=r"^$|^smtps?://\S+$", description="smtp://user:password@host:587 or smtps://...")
    smtp_sender: str = Field(default="", description="the address that e-mail comes from")
    notice_webhook_key: SecretStr = Field(default=SecretStr(""), description="what notices to partners' systems are signed with")

    # Content.
    content_dir: Path = Field(default=PROJECT, description="the folder that holds flows/, config/ and nlu/")
    region: str = Field(default="diourbel", description="the region whose framework runs this service")

    # Nothing unasked at night, on Sundays and on holidays. Only a trial, where nobody sleeps, does without.
    quiet_hours: Flag = True

    # What people send. Voice notes, pictures and documents are kept sealed for so long, and then deleted.
    media_days: int = Field(default=30, ge=1, le=365, description="days that a file from a person is kept")

    # Telemetry. Logs never hold texts, names or addresses.
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    # A test's way to pull the plug: the name of a point at which the process dies.
    crash_at: str = ""

    # The sandbox lets anyone be any phone: never true where real people write.
    sandbox: Flag = False

    @property
    def answer_at(self) -> str:
        """Where a text is answered that cannot be answered itself: as set, else on WhatsApp. Empty where there is nothing."""
        return self.sms_answer_at or (f"WhatsApp {self.twilio_whatsapp_sender}" if self.twilio_whatsapp_sender else "")


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Raises `SettingsError` that names every wrong, missing or unknown variable at once.
    """
    environment = os.environ if environ is None else environ
    values: dict[str, str] = {}
    problems: list[str] = []
    for name, value in environment.items():
        if not name.startswith(PREFIX) or value == "":
            continue
        field = name[len(PREFIX) :].lower()
        try:
            if field.endswith("_file") and field[:-5] in Settings.model_fields:
                values[field[:-5]] = Path(value).read_text(encoding="utf-8").strip()
            elif field in Settings.model_fields:
                values[field] = value
            else:
                problems.append(f"{name}: no such setting; config/example.env lists them all")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{name}: the file cannot be read ({getattr(error, 'strerror', 'not UTF-8')})")
    try:
        settings = Settings.model_validate(values) if not problems else None
    except ValidationError as error:
        problems += [_problem(dict(fault)) for fault in error.errors(include_input=False, include_url=False)]
        settings = None
    if settings is None:
        raise SettingsError("The settings are wrong:\n" + "\n".join(f"  - {problem}" for problem in problems))
    _check_keys(settings)
    return settings


def preferred_language(languages: tuple[str, ...]) -> str:
    """The language of the terminal where it is one of `languages`, else the first of them."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        written = os.environ.get(name, "")[:2].lower()
        if written in languages:
            return written
    return languages[0]


def crash_at() -> str:
    """Where this process is to die (`name` or `name:nth time`): a test's way to pull the plug. Empty outside tests."""
    return os.environ.get(f"{PREFIX}CRASH_AT", "")


def _problem(fault: dict[str, object]) -> str:
    place = fault["loc"]
    name = PREFIX + str(place[0] if isinstance(place, tuple) and place else place).upper()
    missing = fault["type"] == "missing"
    return f"{name}: is missing" if missing else f"{name}: {fault['msg']}"


def parse_keys(secret: SecretStr) -> tuple[tuple[str, bytes], ...]:
    """The (id, key) pairs of `encryption_keys`, newest first. Raises `SettingsError` on a malformed pair."""
    pairs = []
    for part in secret.get_secret_value().split(","):
        name, separator, encoded = part.strip().partition(":")
        key = parse_key(encoded, "BOT_ENCRYPTION_KEYS")
        if not separator or not name.isalnum():
            raise SettingsError("BOT_ENCRYPTION_KEYS: write id:base64, the id of letters and digits")
        pairs.append((name, key))
    return tuple(pairs)


def parse_key(encoded: str, name: str) -> bytes:
    """32 bytes from base64. Raises `SettingsError` that names the variable and never shows its value."""
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise SettingsError(f"{name}: is not base64") from None
    if len(key) != 32:
        raise SettingsError(f"{name}: must be 32 bytes, is {len(key)}; `dellusi keys new` makes one")
    return key


def _check_keys(settings: Settings) -> None:
    parse_keys(settings.encryption_keys)
    parse_key(settings.index_key.get_secret_value(), "BOT_INDEX_KEY")
    parse_key(settings.callback_key.get_secret_value(), "BOT_CALLBACK_KEY")
