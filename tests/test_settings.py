"""The environment decides everything, strictly, and its secrets never show."""

from pathlib import Path

import pytest

from bot.domain.errors import SettingsError
from bot.settings import Settings, load, parse_keys
from tests.pipeline.world import environment, key


def refused(**changes: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(environment(**changes))
    return str(caught.value)


def test_the_smallest_environment_is_enough() -> None:
    settings = load(environment())
    assert parse_keys(settings.encryption_keys) == (("k2", b"2" * 32), ("k1", b"1" * 32))
    assert (settings.lanes, settings.sandbox, settings.region) == (2, False, "diourbel")


@pytest.mark.parametrize(("written", "meant"), [("yes", True), ("TRUE", True), ("1", True), ("no", False), ("False", False), ("0", False)])
def test_yes_and_no_are_read(written: str, meant: bool) -> None:  # noqa: FBT001 - a table
    assert load(environment(sandbox=written)).sandbox is meant


@pytest.mark.parametrize("written", ["off", "on", "oui", "2", "y", "nope"])
def test_anything_else_is_neither_yes_nor_no(written: str) -> None:
    assert "BOT_SANDBOX" in refused(sandbox=written)


def test_an_unknown_setting_stops_the_start() -> None:
    assert "BOT_TWILIO_AUTH_TOKN: no such setting" in refused(twilio_auth_tokn="x")


def test_variables_of_others_are_none_of_our_business() -> None:
    assert load(environment() | {"HOME": "/root", "ROBOT_X": "1"}).host == "127.0.0.1"


def test_every_mistake_is_named_at_once() -> None:
    told = refused(database_url="", lanes="0", public_url="example.org", log_level="loud", webhooks_port="99999")
    for name in ("DATABASE_URL: is missing", "BOT_LANES", "BOT_PUBLIC_URL", "BOT_LOG_LEVEL", "BOT_WEBHOOKS_PORT"):
        assert name in told


def test_a_mistake_never_shows_the_value() -> None:
    for name in ("encryption_keys", "index_key", "callback_key", "twilio_account_sid", "lanes"):
        assert "s3cr3t" not in refused(**{name: "k1:s3cr3t" if name == "encryption_keys" else "s3cr3t"})


def test_secrets_do_not_show_in_a_printed_settings_object() -> None:
    settings = load(environment(twilio_auth_token="s3cr3t-token", nlu_token="s3cr3t-nlu"))
    assert "s3cr3t" not in f"{settings!r} {settings}"
    assert key("i") not in repr(settings)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ("k1", "32 bytes"),
        ("k1:", "32 bytes"),
        ("k1:abc", "base64"),
        ("k1:é", "base64"),
        (f"k1:{key('1')[:-4]}", "32 bytes"),
        (f":{key('1')}", "id"),
        (f"k-1:{key('1')}", "id"),
        (f"k1:{key('1')},", "32 bytes"),
        (f"k1:{key('1')};k2:{key('2')}", "base64"),
    ],
)
def test_a_malformed_key_is_named_and_not_shown(keys: str, problem: str) -> None:
    told = refused(encryption_keys=keys)
    assert "BOT_ENCRYPTION_KEYS" in told
    assert problem in told
    assert key("1") not in told


@pytest.mark.parametrize("name", ["index_key", "callback_key"])
def test_the_other_keys_are_checked_too(name: str) -> None:
    assert f"BOT_{name.upper()}" in refused(**{name: "YWJj"})


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")
    given = environment(twilio_auth_token_file=str(tmp_path / "token"))
    del given["BOT_TWILIO_AUTH_TOKEN"]
    assert load(given).twilio_auth_token.get_secret_value() == "from-a-file"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert "BOT_INDEX_KEY_FILE" in refused(index_key_file=str(tmp_path / "none"))
    assert "BOT_INDEX_KEY_FILE" in refused(index_key_file=str(tmp_path / "binary"))


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load(environment(lanes="")).lanes == 2
    assert "BOT_REDIS_URL: is missing" in refused(redis_url="")


def test_settings_do_not_change_once_loaded() -> None:
    settings = load(environment())
    with pytest.raises(ValueError, match="frozen"):
        settings.lanes = 5
    assert Settings.model_config["frozen"]
