"""What /proc tells about processes and ports that may not be ours."""

from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")
_LISTENING = "0A"  # TCP_LISTEN as /proc/net/tcp writes it


def boot() -> str:
    """An id of this boot: process ids and start times mean nothing after another."""
    return _read(_PROC / "sys/kernel/random/boot_id").strip()


def started(pid: int) -> int | None:
    """When a living process started, in clock ticks since boot; None when it is gone or only waits to be reaped."""
    fields = _stat(pid)
    return int(fields[19]) if fields and fields[0] not in "ZX" else None


def of_session(session: int) -> tuple[int, ...]:
    """The living processes of a session."""
    return tuple(pid for pid in _pids() if (fields := _stat(pid)) and fields[0] not in "ZX" and int(fields[3]) == session)


def command_of(pid: int) -> str:
    """The command line of a process, cut to what fits in a sentence."""
    return _read(_PROC / str(pid) / "cmdline").replace("\0", " ").strip()[:80]


def listener(port: int) -> int | None:
    """The process that listens on a TCP port, when we may know."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    return next((pid for pid in _pids() if sockets & set(_open_files(pid))), None)


def _listening_inodes(port: int) -> Iterator[str]:
    for table in ("net/tcp", "net/tcp6"):
        for row in _read(_PROC / table).splitlines()[1:]:
            columns = row.split()
            if columns[3] == _LISTENING and int(columns[1].rsplit(":", 1)[1], 16) == port:
                yield columns[9]


def _open_files(pid: int) -> Iterator[str]:
    try:
        for link in (_PROC / str(pid) / "fd").iterdir():
            yield str(link.readlink())
    except OSError:  # not ours to look at, or gone meanwhile
        return


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())


def _stat(pid: int) -> list[str]:
    """The fields after the name: state is 0, session 3, start time 19 (proc(5))."""
    return _read(_PROC / str(pid) / "stat").rpartition(")")[2].split()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
