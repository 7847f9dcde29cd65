"""Uploads write in turns, and rest between them while people write to each other.

An upload has all the time in the world, somebody's message has not. Every piece takes the event
loop and a thread from the messages, and eight uploads at once took most of both.
"""

import asyncio
import time
from collections.abc import Callable

from backend.files.storage import T, Threads

CALM_SECONDS = 0.25  # without anything new in the log: nobody writes
REST = 3.0  # times as long as the piece took, so that uploads have a quarter of the time
LONGEST_REST = 0.05


class Pace:
    """How long uploads rest after a piece: not at all while nobody writes. Pure."""

    def __init__(self, position: int) -> None:
        """`position` is the newest id of the log, here and below."""
        self._position = position
        self._calm_at = 0.0

    def rest(self, position: int, took: float, now: float) -> float:
        """The seconds to rest after a piece that took so many."""
        if position != self._position:
            self._position, self._calm_at = position, now + CALM_SECONDS
        return min(REST * took, LONGEST_REST) if now < self._calm_at else 0.0


class Turns:
    """One piece of all uploads is written at a time, in the order they came."""

    def __init__(self, threads: Threads, position: Callable[[], int]) -> None:
        self._threads = threads
        self._position = position
        self._pace = Pace(position())
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives or raises, on a thread, in turn; a rest may follow."""
        async with self._turn:
            begun = time.monotonic()
            done = await self._threads.run(work)
            now = time.monotonic()
            await asyncio.sleep(self._pace.rest(self._position(), now - begun, now))
        return done
