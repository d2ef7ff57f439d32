"""The ports of a local run: which they are, and whether they are free."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.errors import SettingsError
from bot.supervisor import procfs
from bot.supervisor.processes import StartError

DEFAULT = 8000


@dataclass(frozen=True, slots=True)
class Ports:
    """TCP ports of the processes that listen."""

    webhooks: int
    sandbox: int
    nlu: int


def choose(base: int | None, given: Mapping[str, str]) -> Ports:
    """A variable decides, then the base: webhooks on it, nlu 5 and sandbox 8 above; without a base the usual ones.

    Raises `SettingsError` for a variable that is no port.
    """
    usual = Ports(DEFAULT, 8008, 5005) if base is None else Ports(base, base + 8, base + 5)
    return Ports(
        webhooks=_given(given, "BOT_WEBHOOKS_PORT", usual.webhooks),
        sandbox=_given(given, "BOT_SANDBOX_PORT", usual.sandbox),
        nlu=_given(given, "BOT_NLU_PORT", usual.nlu),
    )


def _given(given: Mapping[str, str], name: str, usual: int) -> int:
    text = given.get(name, "") or str(usual)
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"{name}: write a port from 1 to 65535")
    return int(text)


def check_free(wanted: Mapping[str, int], host: str = "127.0.0.1") -> None:
    """Raise one `StartError` for all taken ports of `wanted` (process name -> port): who holds each, what to change."""
    taken = [_taken(name, port) for name, port in wanted.items() if not _is_free(host, port)]
    if taken:
        raise StartError("\n".join([*taken, "Or move all of them at once: make run PORT=9000 (dellusi run --port 9000)."]))


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as our servers do; a closed port may linger
        try:
            trial.bind((host, port))
            trial.listen(1)
        except OSError:
            return False
    return True


def _taken(name: str, port: int) -> str:
    pid = procfs.listener(port)
    holder = f"process {pid} ({procfs.command_of(pid)})" if pid else "a process that we may not look at"
    return f"Port {port}, wanted by {name}, is taken by {holder}. Stop that one, or set BOT_{name.upper()}_PORT to another port."
