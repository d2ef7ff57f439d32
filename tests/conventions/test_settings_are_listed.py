"""config/example.env lists every setting, with its real default, and nothing else."""

import re
from datetime import date
from pathlib import Path

from bot.settings import PREFIX, Settings, load
from bot.supervisor import credentials

EXAMPLE = Path(__file__).resolve().parents[2] / "config" / "example.env"
LINE = re.compile(r"^(?P<optional># )?(?P<name>BOT_[A-Z_]+)=(?P<value>.*)$")
PLAIN_DEFAULTS = (int, float, str, bool)


def listed() -> dict[str, re.Match[str]]:
    matches = (LINE.match(line) for line in EXAMPLE.read_text(encoding="utf-8").splitlines())
    found = [match for match in matches if match]
    names = [match["name"] for match in found]
    assert len(names) == len(set(names))
    return {match["name"]: match for match in found}


def test_every_setting_is_listed_and_nothing_else() -> None:
    assert set(listed()) == {PREFIX + name.upper() for name in Settings.model_fields}


def test_settings_without_default_are_the_ones_to_fill_in() -> None:
    required = {PREFIX + name.upper() for name, field in Settings.model_fields.items() if field.is_required()}
    assert {name for name, match in listed().items() if not match["optional"]} == required


def test_the_shown_defaults_are_the_real_ones() -> None:
    shown = {name: match["value"] for name, match in listed().items() if match["optional"] and match["value"]}
    defaults = {PREFIX + name.upper(): field.default for name, field in Settings.model_fields.items()}
    plain = {name: value for name, value in defaults.items() if isinstance(value, PLAIN_DEFAULTS) and value != ""}
    as_text = {name: {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value) for name, value in plain.items()}
    assert shown == as_text


def test_the_example_with_its_blanks_filled_in_is_a_valid_environment() -> None:
    filled = {
        **{name: match["value"] for name, match in listed().items()},
        "BOT_DATABASE_URL": "postgresql://user:password@db/dellusi",
        "BOT_REDIS_URL": "redis://redis:6379/0",
        "BOT_TWILIO_ACCOUNT_SID": f"AC{'0' * 32}",
        "BOT_TWILIO_AUTH_TOKEN": "token",
        "BOT_PUBLIC_URL": "https://sms.example.org",
        **credentials.new_keys(date(2030, 1, 1)),
    }
    load(filled)
