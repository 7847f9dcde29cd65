"""Jobs that a server does again and again beside its work, until it stops."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from backend.logs import Spell
from backend.store.engine.faults import Unavailable


class Periodic:
    """Tasks that go on until `stop`; no fault of a job's ends its repeating."""

    def __init__(self, away: Spell, failed: Callable[[Exception], None]) -> None:
        """Jobs that the database does not take now meet `away`; `failed` is told of all else."""
        self._away = away
        self._failed = failed
        self._tasks: list[asyncio.Task[None]] = []

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Let this go on."""
        self._tasks.append(asyncio.create_task(work))

    def repeat(self, seconds: float, job: Callable[[], Awaitable[object]]) -> None:
        """Do a job again and again, so long after it was done."""
        self.run(self._repeat(seconds, job))

    async def stop(self) -> None:
        """Return once all have ended."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _repeat(self, seconds: float, job: Callable[[], Awaitable[object]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await job()
            except Unavailable as error:
                self._away.meet(job, error)
            except Exception as error:
                self._failed(error)
            else:
                self._away.pass_by(job)
