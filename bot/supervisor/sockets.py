"""Where the private servers put their sockets: beside their data, unless the path would be too long for the kernel."""

import hashlib
import os
import tempfile
from pathlib import Path

from bot.supervisor.processes import StartError

LONGEST_PATH = 107  # bytes of sockaddr_un.sun_path without its end (unix(7))


def socket_folder(home: Path, socket_name: str, owner: int) -> Path:
    """`home`, or a short private folder of user id `owner` when `home`/`socket_name` is too long.

    Raises `StartError` when somebody else made that folder first: its owner could pretend to be our server.
    """
    if len(os.fsencode(home / socket_name)) <= LONGEST_PATH:
        return home
    place = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"dellusi-{owner}-{place}"
    try:
        short.mkdir(mode=0o700)
        os.chown(short, owner, -1)
    except FileExistsError:
        found = short.lstat()
        if short.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
            raise StartError(f"{short} is not a private folder of ours; remove it, or use a shorter --state folder.") from None
    return short
