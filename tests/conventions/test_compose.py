"""docker-compose.yml runs every process of the service, as the code knows them, and keeps what the design promises."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from bot import settings, worker
from bot.cli import COMMANDS, dellusi

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "dellusi-bot"}
BUILT = {name: service for name, service in SERVICES.items() if "build" in service}
SECRETS = ROOT / "deploy" / "secrets" / "make"


def command_of(service: dict[str, Any]) -> list[str]:
    return [str(part) for part in service["command"]]


def settings_of(service: dict[str, Any]) -> dict[str, str]:
    """The BOT_ variables of a service, those of its env files included."""
    lines = [line for file in service.get("env_file", []) for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    pairs = (line.split("=", 1) for line in lines if line.startswith("BOT_"))
    return {**{name: value for name, value in pairs}, **service.get("environment", {})}


def test_every_process_of_the_service_is_there() -> None:
    assert set(SERVICES) == {"webhooks", "worker-advance", "worker-dispatch", "worker-media", "timers", "migrate", "nlu", "db", "redis"}


@pytest.mark.parametrize("name", OURS)
def test_its_command_is_one_of_ours(name: str) -> None:
    program, *words = command_of(OURS[name])
    assert program == "dellusi"
    command: click.Command = dellusi
    while words and isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None
        command = found
    command.make_context(command.name, words)  # raises when it does not take these arguments


def test_every_queue_has_a_worker_and_every_worker_a_queue() -> None:
    served = [command[2] for command in map(command_of, OURS.values()) if command[1] == "worker"]
    assert sorted(served) == sorted(worker.QUEUES)


def test_every_command_that_runs_for_long_is_served() -> None:
    lasting = {name for name, (module, _) in COMMANDS.items() if module == "bot.cli.processes"}
    served = {command_of(service)[1] for service in OURS.values()}
    assert lasting <= served | {"sandbox"}  # where real people write, nobody plays a phone


@pytest.mark.parametrize("name", OURS)
def test_its_variables_are_settings(name: str) -> None:
    for variable in settings_of(OURS[name]):
        assert variable.removeprefix(settings.PREFIX).removesuffix("_FILE").lower() in settings.Settings.model_fields


@pytest.mark.parametrize("name", OURS)
def test_with_the_blanks_filled_in_its_settings_are_valid(name: str, tmp_path: Path) -> None:
    make_secrets(tmp_path)
    blanks = {"BOT_TWILIO_ACCOUNT_SID": f"AC{'0' * 32}", "BOT_PUBLIC_URL": "https://sms.example.org"}
    given = {variable: value.replace("/run/secrets", str(tmp_path)) for variable, value in settings_of(OURS[name]).items()}
    loaded = settings.load({**given, **blanks})
    assert not loaded.sandbox
    assert loaded.host == "0.0.0.0"  # noqa: S104
    assert f"127.0.0.1:{loaded.webhooks_port}:{loaded.webhooks_port}" in SERVICES["webhooks"]["ports"]
    assert loaded.nlu_url == "http://nlu:5005"
    assert "--port 5005" in " ".join(command_of(SERVICES["nlu"]))


def test_there_are_no_more_workers_than_lanes() -> None:
    assert SERVICES["worker-advance"]["scale"] <= int(OURS["worker-advance"]["environment"]["BOT_LANES"])


def test_secrets_are_files_that_the_script_makes_and_nothing_else_holds_any(tmp_path: Path) -> None:
    made = make_secrets(tmp_path)
    assert {f"deploy/secrets/{name}" for name in made} == {secret["file"] for secret in COMPOSE["secrets"].values()}
    assert made["redis_config"].removeprefix("requirepass ") in made["redis_url"]
    assert made["database_password"] in made["database_url"]
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])
    assert not [
        name for service in SERVICES.values() for name in service.get("environment", {}) if re.search("(KEY|KEYS|TOKEN|PASSWORD)$", name)
    ]


def test_made_secrets_are_kept_when_the_script_runs_again(tmp_path: Path) -> None:
    assert make_secrets(tmp_path) == make_secrets(tmp_path)


def test_each_service_gets_only_the_secrets_it_reads() -> None:
    for service in SERVICES.values():
        text = str({key: value for key, value in service.items() if key != "secrets"})
        for secret in service["secrets"]:
            assert f"/run/secrets/{secret}" in text


def test_only_webhooks_is_published_and_on_loopback() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"webhooks"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["webhooks"]["ports"])


def test_the_understanding_of_texts_and_the_stores_have_no_way_out() -> None:
    for name in ("nlu", "db", "redis"):
        assert all(COMPOSE["networks"][network]["internal"] for network in SERVICES[name]["networks"])
    assert not set(SERVICES["nlu"]["networks"]) & set(SERVICES["db"]["networks"])


def test_who_talks_to_whom_shares_a_network() -> None:
    for name in OURS:
        assert "stores" in SERVICES[name]["networks"]
    assert "understanding" in SERVICES["worker-advance"]["networks"]
    for name in ("worker-dispatch", "worker-media", "timers"):
        assert "outside" in SERVICES[name]["networks"]  # they call the provider


@pytest.mark.parametrize("name", SERVICES)
def test_it_is_hardened_and_comes_back(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == ("no" if name == "migrate" else "always")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize("name", SERVICES)
def test_it_does_not_run_as_root(name: str) -> None:
    if name in BUILT:
        users = re.findall(r"^USER (\S+)", dockerfile(name), flags=re.MULTILINE)
        assert int(users[-1]) > 0
    else:
        assert SERVICES[name]["user"] not in {"root", "0"}


def test_stores_keep_what_was_acknowledged() -> None:
    postgres, redis = (shlex.join(command_of(SERVICES[name])) for name in ("db", "redis"))
    for setting in ("fsync=on", "synchronous_commit=on", "full_page_writes=on"):
        assert f"-c {setting}" in postgres
    for setting in ("--appendonly yes", "--appendfsync everysec", "--maxmemory-policy noeviction"):
        assert setting in redis
    for name in ("db", "redis"):
        assert SERVICES[name]["volumes"][0].split(":")[0] in COMPOSE["volumes"]


def test_what_others_wait_for_has_a_health_check() -> None:
    for service in SERVICES.values():
        for other, wish in service.get("depends_on", {}).items():
            assert "healthcheck" in SERVICES[other] or wish["condition"] == "service_completed_successfully"
    assert all("healthcheck" in SERVICES[name] for name in ("webhooks", "nlu", "db", "redis"))


def test_nothing_starts_before_the_database_is_upgraded() -> None:
    for name, service in OURS.items():
        assert name == "migrate" or service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", BUILT)
def test_what_its_image_copies_exists(name: str) -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile(name), flags=re.MULTILINE):
        *sources, _ = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source


def test_the_image_holds_every_package_of_ours() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages
    assert all(f"COPY {package} {package}" in dockerfile("webhooks") for package in packages - {"tests"})


def dockerfile(name: str) -> str:
    file: str = BUILT[name]["build"]["dockerfile"]
    return (ROOT / file).read_text(encoding="utf-8")


def make_secrets(folder: Path) -> dict[str, str]:
    environment = {"PATH": os.environ["PATH"], "TWILIO_AUTH_TOKEN": "0" * 32}
    subprocess.run([str(SECRETS), str(folder)], env=environment, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return {file.name: file.read_text() for file in folder.iterdir()}
