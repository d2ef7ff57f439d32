"""Ports: which a run uses, and what it says when one is taken."""

import os
import socket

import pytest

from bot.domain.errors import SettingsError
from bot.supervisor import ports
from bot.supervisor.processes import StartError


def test_the_usual_ports_need_no_word() -> None:
    assert ports.choose(None, {}) == ports.Ports(webhooks=8000, sandbox=8008, nlu=5005)


def test_a_base_moves_all_ports_apart_from_one_another() -> None:
    assert ports.choose(9000, {}) == ports.Ports(webhooks=9000, sandbox=9008, nlu=9005)


def test_a_variable_decides_its_port_whatever_the_base() -> None:
    assert ports.choose(9000, {"BOT_NLU_PORT": "7777"}) == ports.Ports(webhooks=9000, sandbox=9008, nlu=7777)


@pytest.mark.parametrize("text", ["eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_named(text: str) -> None:
    with pytest.raises(SettingsError, match="BOT_SANDBOX_PORT"):
        ports.choose(None, {"BOT_SANDBOX_PORT": text})


def test_a_free_port_is_no_trouble() -> None:
    ports.check_free({"webhooks": _free()})


def test_all_taken_ports_are_told_at_once_with_holder_and_variable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("0.0.0.0", 0)) as two:  # noqa: S104
        taken = {"webhooks": one.getsockname()[1], "nlu": two.getsockname()[1]}
        with pytest.raises(StartError) as refusal:
            ports.check_free(taken)
    text = str(refusal.value)
    for name, port in taken.items():
        assert f"Port {port}, wanted by {name}, is taken by process {os.getpid()} (" in text
        assert f"BOT_{name.upper()}_PORT" in text
    assert "make run PORT=9000" in text


def test_a_port_closed_a_moment_ago_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        accepted.close()  # our side closes first: the port lingers in TIME_WAIT
        client.close()
    ports.check_free({"webhooks": port})


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
