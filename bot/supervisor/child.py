"""One process kept running: started on a leash, listened to, started again when it dies, ended when asked."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.supervisor import procfs
from bot.supervisor.output import Console
from bot.supervisor.processes import Process, StartError
from bot.supervisor.remains import Living

LEASH = Path(__file__).with_name("leash.py")
REMEMBERED_LINES = 20
EARLY_DEATHS = 3  # a process that dies so often before it was ever ready will not get better by itself
REFUSED = 2  # what our commands end with when settings or content are wrong: trying again changes nothing
STILL_WORKING_SECONDS = 15.0
_LONGEST_LINE = 64 * 1024


@dataclass(frozen=True, slots=True)
class BackOff:
    """Seconds to wait before a dead process is started again: doubled each time, forgotten once it has lived `longest`."""

    shortest: float = 1.0
    longest: float = 30.0

    def pause(self, deaths: int) -> float:
        return min(self.longest, self.shortest * 2.0 ** min(deaths - 1, 16))


class Child:
    """A process and its life. `up` is done when it is ready, and holds `StartError` when it never will be."""

    def __init__(self, process: Process, console: Console, changed: Callable[[], None], back_off: BackOff) -> None:
        self.process = process
        self.up: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.living: Living | None = None
        self._console = console
        self._changed = changed
        self._back_off = back_off
        self._recent: deque[str] = deque(maxlen=REMEMBERED_LINES)
        self._deaths = 0
        self._stopping = False
        self._gone = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._once() if self.process.once else self._keep())

    async def stop(self) -> None:
        """Ask it to end, and end it when it does not within its grace."""
        self._stopping = True
        self._signal(self.process.stop_signal)
        if self.living:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._gone.wait(), self.process.grace)
        self.kill()
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self.up.done() and not self.up.cancelled():
            self.up.exception()  # seen: nobody else may be waiting for it any more
        self.up.cancel()

    def kill(self) -> None:
        """End it and all it started, for good and at once."""
        self._stopping = True
        self._signal(signal.SIGKILL, group=True)

    def _signal(self, number: int, *, group: bool = False) -> None:
        if self.living:
            with suppress(ProcessLookupError):
                (os.killpg if group else os.kill)(self.living.pid, number)

    async def _keep(self) -> None:
        while True:
            begun = time.monotonic()
            waiting = asyncio.create_task(self._wait_until_ready())
            code = await self._run()
            waiting.cancel()
            if self._stopping:
                return
            self._deaths = 1 if time.monotonic() - begun > self._back_off.longest else self._deaths + 1
            if not self.up.done() and (self._deaths >= EARLY_DEATHS or code == REFUSED):
                self._fail(f"{self.process.name} died before it was ready ({_how(code)}).")
                return
            self._tell_what_was_kept_quiet()
            pause = self._back_off.pause(self._deaths)
            self._console.complain(f"{self.process.name} has died ({_how(code)}); starting it again in {pause:g} s.")
            await asyncio.sleep(pause)

    def _tell_what_was_kept_quiet(self) -> None:
        if self.process.quiet:
            for text in self._recent:
                self._console.line(self.process.name, text)
        self._recent.clear()

    async def _once(self) -> None:
        telling = asyncio.create_task(self._tell_that_it_works())
        code = await self._run()
        telling.cancel()
        if self._stopping:
            return
        if code == 0:
            self._is_up()
        elif self.process.required:
            self._fail(f"{self.process.name} did not succeed ({_how(code)}).")
        else:
            self._console.complain(f"{self.process.name} did not succeed ({_how(code)}); going on all the same.")
            self._is_up()

    async def _tell_that_it_works(self) -> None:
        begun = time.monotonic()
        while True:
            await asyncio.sleep(STILL_WORKING_SECONDS)
            self._console.say(f"{self.process.name} is still at work ({time.monotonic() - begun:.0f} s).")

    async def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + self.process.patience
        if self.process.ready is None:
            await asyncio.sleep(self.process.settle)
        else:
            while not await self.process.ready():
                if time.monotonic() > deadline:
                    self._fail(f"{self.process.name} is not ready after {self.process.patience:g} s.")
                    return
                await asyncio.sleep(0.1)
        self._is_up()

    def _is_up(self) -> None:
        if not self.up.done():
            self.up.set_result(None)

    def _fail(self, sentence: str) -> None:
        if not self.up.done():
            lines = "".join(f"\n  {line}" for line in self._recent) or "\n  (nothing)"
            self.up.set_exception(StartError(f"{sentence} The last it said:{lines}"))

    async def _run(self) -> int:
        """One life, from start to exit code (negative: the signal that ended it)."""
        try:
            running = self._spawn()
        except OSError as error:
            self._recent.append(str(error))
            return 127
        self._gone.clear()
        self.living = Living(self.process.name, running.pid, procfs.started(running.pid) or 0, int(self.process.stop_signal))
        self._changed()
        listening = asyncio.create_task(self._listen(running))
        try:
            await _ended(running.pid)
        finally:
            # Not reaped yet, so the number is still its own: end what it started, or a port stays taken.
            self._signal(signal.SIGKILL, group=True)
            code = running.wait()
            self.living = None
            self._gone.set()
            self._changed()
        await asyncio.wait({listening}, timeout=1.0)
        listening.cancel()
        return code

    def _spawn(self) -> subprocess.Popen[bytes]:
        leash = (sys.executable, "-I", "-S", str(LEASH))
        terms = (str(int(self.process.stop_signal)), str(os.getpid()), self.process.user or "-")
        return subprocess.Popen(  # noqa: S603
            (*leash, *terms, *self.process.command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(self.process.environment),
            cwd=self.process.directory,
            start_new_session=True,  # Ctrl-C reaches us alone, and we end the others in order
        )

    async def _listen(self, running: subprocess.Popen[bytes]) -> None:
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), running.stdout)
        rest = b""
        try:
            while chunk := await reader.read(_LONGEST_LINE):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    self._line(line)
                if len(rest) > _LONGEST_LINE:
                    self._line(rest)
                    rest = b""
        finally:
            if rest:
                self._line(rest)
            pipe.close()

    def _line(self, raw: bytes) -> None:
        text = raw.decode(errors="replace").rstrip().rpartition("\r")[2]
        self._recent.append(text)
        if not self.process.quiet:
            self._console.line(self.process.name, text)


async def _ended(pid: int) -> None:
    """Wait for the end of a child of ours without reaping it."""
    loop, ended, watch = asyncio.get_running_loop(), asyncio.Event(), os.pidfd_open(pid)
    loop.add_reader(watch, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(watch)
        os.close(watch)


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
