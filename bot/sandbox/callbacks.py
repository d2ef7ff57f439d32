"""Reports on sent messages: a few threads that post each status when its time has come."""

import heapq
import threading
import time
from dataclasses import dataclass, field

from bot.sandbox.faults import Script
from bot.sandbox.messages import Message, Step, new_sid
from bot.sandbox.posting import Poster

THREADS = 4


@dataclass(slots=True)
class Manner:
    """How reports come: `delay` seconds apart, each `repeat` times, in a chance order if `shuffle`, with `read` on WhatsApp."""

    delay: float = 0.15
    repeat: int = 1
    shuffle: bool = False
    read: bool = False
    silent: bool = False


@dataclass(order=True, slots=True)
class _Due:
    at: float
    serial: int
    message: Message = field(compare=False)
    url: str = field(compare=False)
    order: list[int] = field(compare=False)
    next: int = field(compare=False, default=0)


class Callbacks:
    """Posts the steps of a message's plan to its StatusCallback. Threads start with the first message, so that forks are safe."""

    def __init__(self, account_sid: str, poster: Poster, script: Script, manner: Manner) -> None:
        self.manner = manner
        self._account = account_sid
        self._poster = poster
        self._script = script
        self._waiting: list[_Due] = []
        self._changed = threading.Condition()
        self._started = False

    def follow(self, message: Message, url: str) -> None:
        """Report on this message from now on. One report waits for the one before it, so order is kept unless shuffled."""
        if self.manner.silent or not message.told:
            return
        order = list(range(len(message.told)))
        order = self._script.shuffled(message.recipient, order) if self.manner.shuffle else order
        self._put(_Due(message.started + message.told[0].after, message.serial, message, url, order))

    def _put(self, due: _Due) -> None:
        with self._changed:
            heapq.heappush(self._waiting, due)
            if not self._started:
                self._started = True
                for number in range(THREADS):
                    threading.Thread(target=self._work, name=f"callbacks-{number}", daemon=True).start()
            self._changed.notify()

    def clear(self) -> None:
        """Forget what has not been reported yet."""
        with self._changed:
            self._waiting.clear()

    def _work(self) -> None:
        while True:
            due = self._take()
            step = due.message.told[due.order[due.next]]
            params = status_params(self._account, due.message, step)
            for _ in range(self.manner.repeat):
                self._poster.deliver(due.url, params, forged=step.forged)
            due.next += 1
            if due.next < len(due.order):
                due.at = due.message.started + due.message.told[due.next].after
                self._put(due)

    def _take(self) -> _Due:
        with self._changed:
            while True:
                wait = self._waiting[0].at - time.monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._waiting)
                self._changed.wait(wait)


def status_params(account_sid: str, message: Message, step: Step) -> dict[str, str]:
    """What Twilio says about one status. It carries no time, and nothing to order reports by."""
    sid = new_sid("SM") if step.foreign else message.sid
    params = {
        "MessageSid": sid,
        "MessageStatus": step.word,
        "SmsSid": sid,
        "SmsStatus": step.word,
        "From": message.sender,
        "To": message.recipient,
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
    }
    if message.service_sid:
        params["MessagingServiceSid"] = message.service_sid
    if step.error_code:
        params["ErrorCode"] = str(step.error_code)
    if message.sender.startswith("whatsapp:"):
        params |= {"ChannelPrefix": "whatsapp", "ChannelInstallSid": "XE" + account_sid[2:], "EventType": step.word.upper()}
    elif step.word in {"delivered", "undelivered"}:
        params["RawDlrDoneDate"] = f"{message.created:%y%m%d%H%M}"
    return params
