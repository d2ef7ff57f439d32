"""Keys and passwords of a local run: made once, kept in a file that only its owner reads."""

import base64
import os
import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path


def new_keys(today: date) -> dict[str, str]:
    """Fresh keys that protect personal data. The id of the encryption key is its day: rotation keeps several, newest first."""
    return {
        "BOT_ENCRYPTION_KEYS": f"k{today:%Y%m%d}:{_key()}",
        "BOT_INDEX_KEY": _key(),
        "BOT_CALLBACK_KEY": _key(),
    }


def local(file: Path, today: date) -> Mapping[str, str]:
    """What a local run needs and nobody gave: read from `file`, missing ones made and written there (mode 600)."""
    kept = _read(file)
    fresh = {**new_keys(today), **_sandbox_account(), "BOT_NLU_TOKEN": secrets.token_urlsafe(24)}
    missing = {name: value for name, value in fresh.items() if name not in kept}
    if missing:
        write_private(file, as_lines({**kept, **missing}))
    return {**kept, **missing}


def as_lines(variables: Mapping[str, str]) -> str:
    """NAME=value lines, as shells and container tools read them; our values hold no quote and no space."""
    return "".join(f"{name}={value}\n" for name, value in variables.items())


def write_private(file: Path, text: str) -> None:
    """Write a file that nobody else could read at any moment; replaced whole."""
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
    fresh.replace(file)


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    lines = (line.partition("=") for line in file.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _, value in lines}


def _sandbox_account() -> dict[str, str]:
    """An account of the stand-in for Twilio, shaped like a real one."""
    return {"BOT_TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}", "BOT_TWILIO_AUTH_TOKEN": secrets.token_hex(16)}


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
