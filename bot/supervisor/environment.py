"""What each process of a local run sees of the environment."""

import os
import shlex
from collections.abc import Mapping

from bot.settings import PREFIX
from bot.supervisor.ports import Ports

SANDBOX_SENDER = "+221330000000"  # 33 is a fixed-line prefix of Senegal and no block begins with 000: nobody's number


def inherited() -> dict[str, str]:
    """Everything that we were started with; the settings of our processes are computed from it."""
    return dict(os.environ)


def has(given: Mapping[str, str], name: str) -> bool:
    """Whether setting `name` is given, as itself or as a file of it."""
    return bool(given.get(name) or given.get(f"{name}_FILE"))


def wants_sandbox(given: Mapping[str, str]) -> bool:
    """Real credentials without another API address mean the real provider; everything else is played here."""
    return not has(given, "BOT_TWILIO_ACCOUNT_SID") or has(given, "BOT_TWILIO_API_URL")


def computed(given: Mapping[str, str], *, ports: Ports, credentials: Mapping[str, str], stores: Mapping[str, str]) -> dict[str, str]:
    """The BOT_* variables of our processes: what was given stays, the rest is filled in for this machine."""
    filled = _filled(ports, credentials, stores, sandbox=wants_sandbox(given))
    ours = {name: value for name, value in given.items() if name.startswith(PREFIX) and value}
    return {name: value for name, value in filled.items() if not has(given, name)} | ours


def _filled(ports: Ports, credentials: Mapping[str, str], stores: Mapping[str, str], *, sandbox: bool) -> dict[str, str]:
    everywhere = {
        **stores,
        **credentials,
        "BOT_WEBHOOKS_PORT": str(ports.webhooks),
        "BOT_SANDBOX_PORT": str(ports.sandbox),
        "BOT_NLU_PORT": str(ports.nlu),
        "BOT_NLU_URL": f"http://127.0.0.1:{ports.nlu}",
        "BOT_LOG_FORMAT": "console",
        "BOT_SANDBOX": "yes" if sandbox else "no",
    }
    if not sandbox:
        return everywhere
    return everywhere | {
        "BOT_PUBLIC_URL": f"http://127.0.0.1:{ports.webhooks}",
        "BOT_TWILIO_API_URL": f"http://127.0.0.1:{ports.sandbox}",
        "BOT_TWILIO_SMS_SENDER": SANDBOX_SENDER,
        "BOT_TWILIO_WHATSAPP_SENDER": SANDBOX_SENDER,
        # Whoever tries the service at night wants to see every message now; nobody real is woken.
        "BOT_QUIET_HOURS": "no",
    }


def surroundings(given: Mapping[str, str]) -> dict[str, str]:
    """The environment without our settings: path, home, language, proxies; and output that comes line by line."""
    return {name: value for name, value in given.items() if not name.startswith(PREFIX)} | {"PYTHONUNBUFFERED": "1"}


def for_nlu(given: Mapping[str, str]) -> dict[str, str]:
    """What the understanding service sees: its token and port. No key, no store, no provider; it has no use for them."""
    allowed = ("BOT_NLU_TOKEN", "BOT_NLU_TOKEN_FILE", "BOT_NLU_PORT")
    return surroundings(given) | {name: given[name] for name in allowed if given.get(name)}


def as_script(variables: Mapping[str, str]) -> str:
    """Lines for a shell to read, so that other commands reach what runs here."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(variables.items()))
