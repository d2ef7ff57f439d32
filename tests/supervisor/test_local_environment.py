"""The settings of a local run: what was given stays, the rest is made, and secrets go only where they are used."""

import stat
import subprocess
from datetime import date
from pathlib import Path

from bot import settings
from bot.supervisor import credentials, environment
from bot.supervisor.ports import choose

TODAY = date(2030, 1, 31)
STORES = {"BOT_DATABASE_URL": "postgresql://postgres@/dellusi?host=/a folder/data", "BOT_REDIS_URL": "unix:///run/redis.sock?db=0"}
REAL = {"BOT_TWILIO_ACCOUNT_SID": f"AC{'0' * 32}", "BOT_TWILIO_AUTH_TOKEN": "secret", "BOT_PUBLIC_URL": "https://example.org"}


def computed(given: dict[str, str], folder: Path) -> dict[str, str]:
    local = credentials.local(folder / "secrets.env", TODAY)
    return environment.computed(given, ports=choose(None, given), credentials=local, stores=STORES)


def test_with_nothing_given_the_settings_are_complete_and_the_sandbox_plays(tmp_path: Path) -> None:
    loaded = settings.load(computed({}, tmp_path))
    assert loaded.sandbox
    assert loaded.twilio_api_url == "http://127.0.0.1:8008"
    assert loaded.public_url == "http://127.0.0.1:8000"
    assert loaded.twilio_sms_sender
    assert loaded.twilio_whatsapp_sender


def test_generated_secrets_stay_the_same_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    first = credentials.local(file, TODAY)
    assert credentials.local(file, date(2031, 1, 1)) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_secret_that_a_newer_version_needs_is_added_to_the_kept_ones(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    kept = dict(credentials.local(file, TODAY))
    del kept["BOT_NLU_TOKEN"]
    file.write_text(credentials.as_lines(kept))
    again = credentials.local(file, TODAY)
    assert again["BOT_NLU_TOKEN"]
    assert {name: again[name] for name in kept} == kept


def test_new_keys_are_accepted_by_the_settings_and_never_repeat(tmp_path: Path) -> None:
    one, other = credentials.new_keys(TODAY), credentials.new_keys(TODAY)
    assert not set(one.values()) & set(other.values())
    assert one["BOT_ENCRYPTION_KEYS"].startswith("k20300131:")
    settings.load(computed(one, tmp_path))


def test_real_credentials_mean_the_real_provider(tmp_path: Path) -> None:
    variables = computed(REAL, tmp_path)
    loaded = settings.load(variables)
    assert not loaded.sandbox
    assert loaded.twilio_api_url is None
    assert loaded.public_url == "https://example.org"
    assert "BOT_TWILIO_SMS_SENDER" not in variables


def test_credentials_with_another_api_address_keep_the_sandbox(tmp_path: Path) -> None:
    assert environment.wants_sandbox({**REAL, "BOT_TWILIO_API_URL": "http://127.0.0.1:8008"})


def test_what_was_given_is_not_replaced(tmp_path: Path) -> None:
    given = {"BOT_DATABASE_URL": "postgresql://db/mine", "BOT_LOG_FORMAT": "json", "BOT_WEBHOOKS_PORT": "8100", "BOT_REGION": "thies"}
    variables = computed(given, tmp_path)
    assert variables.items() >= given.items()
    assert variables["BOT_PUBLIC_URL"] == "http://127.0.0.1:8100"


def test_a_secret_given_as_a_file_is_not_shadowed_by_a_generated_one(tmp_path: Path) -> None:
    file = tmp_path / "index_key"
    key = credentials.new_keys(TODAY)["BOT_INDEX_KEY"]
    file.write_text(key)
    variables = computed({"BOT_INDEX_KEY_FILE": str(file)}, tmp_path)
    assert "BOT_INDEX_KEY" not in variables
    assert settings.load(variables).index_key.get_secret_value() == key


def test_an_empty_variable_counts_as_not_given(tmp_path: Path) -> None:
    assert settings.load(computed({"BOT_TWILIO_ACCOUNT_SID": "", "BOT_INDEX_KEY": ""}, tmp_path)).sandbox


def test_the_understanding_service_sees_its_token_and_no_other_secret(tmp_path: Path) -> None:
    seen = environment.for_nlu({**computed({}, tmp_path), "PATH": "/bin", "HOME": "/home/me"})
    assert {name for name in seen if name.startswith("BOT_")} == {"BOT_NLU_TOKEN", "BOT_NLU_PORT"}
    assert seen["PATH"] == "/bin"


def test_a_shell_reads_the_environment_back_exactly(tmp_path: Path) -> None:
    variables = computed({}, tmp_path)
    (tmp_path / "environment.sh").write_text(environment.as_script(variables))
    shown = subprocess.run(["bash", "-c", ". ./environment.sh && env -0"], cwd=tmp_path, env={}, capture_output=True, check=True, text=True)
    read = dict(line.split("=", 1) for line in shown.stdout.split("\0") if line.startswith("BOT_"))
    assert read == variables
