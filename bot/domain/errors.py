"""The errors of the service. Codes are stable strings; sentences are translated where they are shown."""

from dataclasses import dataclass

from bot.domain.sending import Verdict


class BotError(Exception):
    """Anything that this service raises on purpose."""

    code = "bot_error"


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a content file, placed so that its author finds it.

    `key` is the path inside the file ("nodes.consent.ask"), `hint` the likely fix. Lines count from 1; 0 is the whole file.
    `code` names the kind of mistake and is what catalogues translate; `values` fill its sentence.
    """

    file: str
    line: int
    key: str
    code: str
    values: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    severity: str = "error"


class ContentError(BotError):
    """A flow, form, region or catalogue is wrong: refuse to start or to publish."""

    code = "content_error"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} fault(s) in the content")
        self.faults = faults


class SettingsError(BotError):
    """The environment is wrong: a missing, unknown or malformed variable. The sentence says which and what to do."""

    code = "settings_error"


class RequestRefused(BotError):
    """A request that is not let in: signature, payload, permission. `status` is the HTTP status to answer."""

    code = "request_refused"

    def __init__(self, reason: str, status: int = 403) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Conflict(BotError):
    """A duplicate, a stale or an illegal move."""

    code = "conflict"


class Unavailable(BotError):
    """The database, the queue, the NLU or a provider does not answer: try later."""

    code = "unavailable"


class SendError(BotError):
    """A provider did not take a message.

    `code` is the provider's code as text, `retryable` says whether trying again can help, `ours` that an operator has to
    act (credentials, configuration), `stop` that this address must not be written to again, `ambiguous` that the
    provider may have taken the message although no answer reached us. `verdict` says what to do; it follows from the rest
    where it is not given.
    """

    def __init__(
        self,
        code: str,
        *,
        retryable: bool,
        ours: bool = False,
        stop: bool = False,
        ambiguous: bool = False,
        retry_after: float | None = None,
        verdict: Verdict | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.retryable = retryable
        self.ours = ours
        self.stop = stop
        self.ambiguous = ambiguous
        self.retry_after = retry_after
        self.verdict = verdict or _verdict(retryable=retryable, ours=ours, stop=stop)


def _verdict(*, retryable: bool, ours: bool, stop: bool) -> Verdict:
    if stop:
        return Verdict.STOP
    if retryable:
        return Verdict.SOON
    return Verdict.OURS if ours else Verdict.NEVER
