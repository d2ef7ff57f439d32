"""Run the understanding service: Rasa's HTTP API on loopback, behind a token, without a word in the log."""

import os
import sys
from pathlib import Path

from training.data import ROOT
from training.parser import hush

TOKEN_VARIABLE = "BOT_NLU_TOKEN"  # noqa: S105 - the name of the variable, not a token


def token_from_environment() -> str | None:
    """The token in `BOT_NLU_TOKEN`, or in the file that `BOT_NLU_TOKEN_FILE` names. Raises OSError for a missing file."""
    if path := os.environ.get(f"{TOKEN_VARIABLE}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(TOKEN_VARIABLE)


def arguments(model: Path, host: str, port: int, token: str | None) -> list[str]:
    """What `rasa` is called with. The token stands behind an equals sign: one that begins with a dash would be read as an option."""
    authentication = [f"--auth-token={token}"] if token else []
    return ["run", "--enable-api", "-i", host, "-p", str(port), "-m", str(model), "--quiet", *authentication]


def serve(model: Path, host: str, port: int, token: str | None) -> int:
    """Serve until stopped; returns the exit code (2: there is no model)."""
    if not model.exists():
        sys.stderr.write(f"no model at {model}: train one with `python -m training train`\n")
        return 2
    hush()
    model = model.resolve()
    os.chdir(ROOT)  # components are imported from here
    sys.path.insert(0, str(ROOT))
    sys.argv = ["rasa", *arguments(model, host, port, token)]
    from rasa.__main__ import main

    main()
    return 0
