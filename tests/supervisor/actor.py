"""A small program that plays a process of the service: `python actor.py ROLE [ARGUMENT]`. Standard library only."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def serve(port: str) -> None:
    """Answer every connection on a port."""
    with socket.create_server(("127.0.0.1", int(port))) as server:
        print("listening", flush=True)
        while True:
            connection, _ = server.accept()
            connection.close()


def fail(sentence: str) -> None:
    print(sentence, flush=True)
    raise SystemExit(3)


def refuse(sentence: str) -> None:
    """What our commands do when their settings are wrong."""
    print(sentence, flush=True)
    raise SystemExit(2)


def stubborn(_: str) -> None:
    """Do not end when asked."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("ignoring", flush=True)
    wait("")


def parent_of(port: str) -> None:
    """Start a child that holds a port, and do nothing."""
    subprocess.Popen([sys.executable, __file__, "serve", port])
    wait("")


def fail_once(mark: str) -> None:
    """Die the first time, run afterwards."""
    if not Path(mark).exists():
        Path(mark).touch()
        raise SystemExit(1)
    print("running now", flush=True)
    wait("")


def show(name: str) -> None:
    print(f"{name}={os.environ.get(name)}", flush=True)
    print("no tricks\r\x1b[2J\x1b[93mwith the cursor\x1b[0m", flush=True)
    sys.stdout.write("x" * 300_000 + "\nlast without newline")


def note_end(file: str) -> None:
    """Write our name at the end of a file when asked to end."""

    def ended(*_: object) -> None:
        with Path(file).open("a") as stream:
            stream.write(f"{os.environ['NAME']}\n")
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, ended)
    print("noting", flush=True)
    wait("")


def wait(_: str) -> None:
    while True:
        time.sleep(60)


ROLES = {role.__name__: role for role in (serve, fail, refuse, stubborn, parent_of, fail_once, show, note_end, wait)}

if __name__ == "__main__":
    ROLES[sys.argv[1]](sys.argv[2] if len(sys.argv) > 2 else "")
