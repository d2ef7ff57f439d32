"""Everything about the sandbox that can be set while it runs: troubles, times, quotas, opt-outs and approvals."""

from dataclasses import asdict
from typing import Any

from bot.sandbox.account import Account
from bot.sandbox.approvals import STATUSES, Policy
from bot.sandbox.documents import Wrong, document, fault, number
from bot.sandbox.phones import Phones
from bot.sandbox.quotas import Quota

MOST_REPEATS = 100


class Knobs:
    """One method per address below /control that sets something; each answers with all that is set now."""

    def __init__(self, account: Account, phones: Phones) -> None:
        self._account = account
        self._phones = phones

    def state(self) -> dict[str, Any]:
        """Everything that can be set, as it is set now."""
        account = self._account
        return {
            "senders": {"sms": account.settings.sms_sender, "whatsapp": account.settings.whatsapp_sender},
            "service": account.settings.messaging_service_sid,
            "partners": [[name, number] for name, number in account.settings.partners if number.startswith("+")],
            "webhooks": account.settings.public_url,
            "seed": account.script.seed,
            "latency": {"seconds": account.script.latency, "jitter": account.script.jitter},
            "faults": [asdict(fault) for fault in account.script.waiting()],
            "list": {"broken": account.script.blind},
            "quotas": {
                "sms": asdict(account.quotas.sms),
                "whatsapp": asdict(account.quotas.whatsapp),
                "api_per_second": account.quotas.api_per_second,
            },
            "callbacks": asdict(account.callbacks.manner),
            "approvals": asdict(account.contents.policy),
            "opt_out": {"advanced": self._phones.advanced, "stop": sorted(self._phones.stop_words)},
            "clock": {"offset": account.clock.offset, "now": account.clock.now().isoformat(timespec="seconds")},
            "messages": account.store.count(),
            "phones": account.store.people()[-200:],
            "stopped": [list(pair) for pair in account.store.stopped_pairs()],
        }

    def add_faults(self) -> dict[str, Any]:
        """`{"faults": [{"do": "429", "next": 3}, ...]}`, or one of them alone. `next: null` lasts until cleared."""
        given = document()
        for line in [fault(line) for line in given.get("faults", [given])]:
            self._account.script.add(line)
        return self.state()

    def clear_faults(self) -> dict[str, Any]:
        """No more trouble."""
        self._account.script.clear()
        return self.state()

    def seed(self) -> dict[str, Any]:
        """`{"seed": 7}`: chance from the beginning."""
        self._account.script.restart(int(number(document(), "seed", 0, 2**53)))
        return self.state()

    def latency(self) -> dict[str, Any]:
        """`{"seconds": 0.1, "jitter": 0.05}`: how long each send takes."""
        given = document()
        self._account.script.latency = abs(number(given, "seconds", 0.0, 60))
        self._account.script.jitter = abs(number(given, "jitter", 0.0, 60))
        return self.state()

    def list_of_messages(self) -> dict[str, Any]:
        """`{"broken": true}`: the list of messages answers 503, so that a send in doubt cannot be looked up."""
        self._account.script.blind = bool(document().get("broken"))
        return self.state()

    def quotas(self) -> dict[str, Any]:
        """`{"sms": {"per_second": 1, "queue": 10}, "whatsapp": {...}, "api_per_second": 100}`; 0 per second is no limit."""
        given, quotas = document(), self._account.quotas
        quotas.sms = _quota(given.get("sms"), quotas.sms)
        quotas.whatsapp = _quota(given.get("whatsapp"), quotas.whatsapp)
        quotas.api_per_second = int(abs(number(given, "api_per_second", quotas.api_per_second, 1e6)))
        return self.state()

    def callbacks(self) -> dict[str, Any]:
        """`{"delay": 0.15, "repeat": 1, "shuffle": false, "read": false, "silent": false}`: how reports come."""
        given, manner = document(), self._account.callbacks.manner
        manner.delay = abs(number(given, "delay", manner.delay, 3600))
        manner.repeat = int(abs(number(given, "repeat", manner.repeat, MOST_REPEATS)))
        manner.shuffle = bool(given.get("shuffle", manner.shuffle))
        manner.read = bool(given.get("read", manner.read))
        manner.silent = bool(given.get("silent", manner.silent))
        return self.state()

    def approvals(self) -> dict[str, Any]:
        """`{"status": "pending"}` for what is submitted from now on; with `"sid": "HX..."` for that template, at once."""
        given = document()
        status, reason = given.get("status"), str(given.get("reason") or Policy().reason)
        if status not in STATUSES:
            raise Wrong(f"status is one of {', '.join(STATUSES)}")
        if "sid" not in given:
            self._account.contents.policy = Policy(status, reason)
        elif not self._account.contents.decide(str(given["sid"]), status, reason if status in {"rejected", "paused", "disabled"} else ""):
            raise Wrong("no template of that id")
        return self.state()

    def opt_out(self) -> dict[str, Any]:
        """`{"advanced": true, "stop": ["ARRET"]}`: Twilio's Advanced Opt-Out, with further words for STOP.

        `{"person": "whatsapp:+221...", "stopped": true}` notes that this phone stopped its sender, or takes it back.
        """
        given = document()
        self._phones.advanced = bool(given.get("advanced", self._phones.advanced))
        if isinstance(given.get("stop"), list):
            self._phones.stop_words = frozenset(str(word).upper() for word in given["stop"])
        if "person" in given:
            person = str(given["person"])
            sender = self._account.sender("whatsapp" if person.startswith("whatsapp:") else "sms")
            change = self._account.store.stop if given.get("stopped", True) else self._account.store.resume
            change(sender, person)
        return self.state()

    def clock(self) -> dict[str, Any]:
        """`{"offset": 90000}`: seconds that the sandbox's time is ahead."""
        self._account.clock.offset = number(document(), "offset", 0.0, 10 * 365 * 86400)
        return self.state()

    def clear(self) -> dict[str, Any]:
        """Forget messages, opt-outs, trouble, latency, quotas and the clock's offset, and begin chance anew. Templates stay, as
        clients remember their ids; `{"contents": true}` forgets them too."""
        account, contents = self._account, document().get("contents", False)
        for part in (account.script, account.callbacks, account.store, account.quotas, *((account.contents,) if contents else ())):
            part.clear()
        account.script.latency = account.script.jitter = account.clock.offset = 0.0
        account.script.blind = False
        account.script.restart()
        return self.state()


def _quota(given: Any, now: Quota) -> Quota:
    if given is None:
        return now
    if not isinstance(given, dict):
        raise Wrong("a quota is an object with per_second and queue")
    return Quota(abs(number(given, "per_second", now.per_second, 1e6)), int(abs(number(given, "queue", now.queue, 1e9))))
