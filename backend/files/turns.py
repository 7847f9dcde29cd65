"""While people write to each other, uploads write in turns, and rest between them.

An upload has all the time in the world, somebody's message has not. Every piece takes the event
loop and a thread from the messages, and eight uploads at once took most of both. While nobody
writes, uploads hash and write side by side, which moves a quarter more.
"""

import asyncio
import time
from collections.abc import Callable

from backend.files.storage import T, Threads

CALM_SECONDS = 0.25  # without anything new in the log: nobody writes
REST = 7.0  # times as long as the piece took, so that uploads have an eighth of the time
LONGEST_REST = 0.05


class Pace:
    """Whether uploads take turns, and how long they rest after a piece. Pure."""

    def __init__(self, position: int) -> None:
        """`position` is the newest id of the log, here and below."""
        self._position = position
        self._calm_at = 0.0

    def is_calm(self, position: int, now: float) -> bool:
        """Whether nobody has written lately."""
        if position != self._position:
            self._position, self._calm_at = position, now + CALM_SECONDS
        return now >= self._calm_at

    def rest(self, position: int, took: float, now: float) -> float:
        """The seconds to rest after a piece that took so many."""
        return 0.0 if self.is_calm(position, now) else min(REST * took, LONGEST_REST)


class Turns:
    """Who writes a piece of an upload, and when."""

    def __init__(self, threads: Threads, position: Callable[[], int]) -> None:
        self._threads = threads
        self._position = position
        self._pace = Pace(position())
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives or raises, on a thread: in turns with rests, while people write."""
        if self._pace.is_calm(self._position(), time.monotonic()):
            return await self._threads.run(work)
        async with self._turn:
            begun = time.monotonic()
            done = await self._threads.run(work)
            now = time.monotonic()
            await asyncio.sleep(self._pace.rest(self._position(), now - begun, now))
        return done
