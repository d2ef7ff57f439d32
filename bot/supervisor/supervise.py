"""Bring a plan up, keep it up, take it down."""

import asyncio
import signal
from typing import Any

from bot.supervisor.child import BackOff, Child
from bot.supervisor.output import Console
from bot.supervisor.processes import Plan, StartError
from bot.supervisor.remains import State

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def supervise(plan: Plan, console: Console, state: State, back_off: BackOff | None = None) -> int:
    """Run until SIGINT, SIGTERM or SIGHUP (a second one ends everything at once). 0 stopped as asked, 1 could not start.

    Has to run in the main thread: the leash of a child is tied to the thread that started it.
    """
    return await _Supervision(plan, console, state, back_off or BackOff()).run()


class _Supervision:
    def __init__(self, plan: Plan, console: Console, state: State, back_off: BackOff) -> None:
        self._plan = plan
        self._console = console
        self._state = state
        self._stop = asyncio.Event()
        self._stages = [[Child(process, console, self._note, back_off) for process in stage] for stage in plan.stages]

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in STOPPING:
            loop.add_signal_handler(number, self._asked_to_stop)
        try:
            await self._start()
            if not self._stop.is_set():
                self._console.show(self._plan.greeting)
            await self._stop.wait()
            self._console.say("Stopping (Ctrl-C again ends everything at once).")
        except StartError as error:
            self._console.complain(str(error))
            return 1
        finally:
            await self._take_down()
            self._console.say(self._plan.farewell)
        return 0

    async def _start(self) -> None:
        for stage in self._stages:
            if self._stop.is_set():
                return
            self._console.say("Starting " + ", ".join(child.process.name for child in stage) + ".")
            for child in stage:
                child.start()
            await self._up_or_asked_to_stop(stage)

    async def _up_or_asked_to_stop(self, stage: list[Child]) -> None:
        stop: asyncio.Future[Any] = asyncio.ensure_future(self._stop.wait())
        waiting: set[asyncio.Future[Any]] = {child.up for child in stage}
        while waiting and not stop.done():
            done, _ = await asyncio.wait({*waiting, stop}, return_when=asyncio.FIRST_COMPLETED)
            waiting -= done
            for ended in done:
                ended.result()  # the first that cannot start ends the start
        stop.cancel()

    async def _take_down(self) -> None:
        for stage in reversed(self._stages):
            await asyncio.gather(*(child.stop() for child in stage))

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():
            for child in self._children:
                child.kill()
        self._stop.set()

    def _note(self) -> None:
        self._state.note(tuple(child.living for child in self._children if child.living))

    @property
    def _children(self) -> list[Child]:
        return [child for stage in self._stages for child in stage]
