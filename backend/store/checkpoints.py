"""What is committed moves from the write-ahead log into the database file, beside the writer.

SQLite would do so within a commit, every thousand pages, or all at once when a reader has held it
up for long: a backup of minutes left a commit of half a second. It is worth waiting, too: a page
that is changed ten times is moved once.
"""

import asyncio
import contextlib

from backend.logs import Journal
from backend.store.engine.connection import Connection
from backend.store.engine.faults import DatabaseError

PASSES = 2  # the second finds what was committed during the first
CUT_MS = 20
CUT_TRIES = 50
CUT_PAUSE = 0.1

journal = Journal("parley.store")


class Checkpoints:
    """Moves the log on a connection of its own; the writer is asked for the very last of it."""

    def __init__(self, writer: Connection, beside: Connection) -> None:
        self._writer = writer
        self._beside = beside
        self._due = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="checkpoints")

    @classmethod
    async def open(cls, where: str, writer: Connection) -> "Checkpoints":
        """For a writer that makes none by itself from here on."""
        await writer.run(lambda db: db.leave_checkpoints())
        return cls(writer, await Connection.open(where))

    def ask(self) -> None:
        """Move it soon."""
        self._due.set()

    async def cut(self) -> None:
        """Move all of it, and cut the log to nothing.

        That takes what was deleted out of the log's bytes. A reader who stays in the way, such as
        a backup, leaves it for the next time.
        """
        await self._pass()
        for _ in range(CUT_TRIES):
            if await self._writer.run(lambda db: db.checkpoint(CUT_MS)):
                return
            await asyncio.sleep(CUT_PAUSE)

    async def close(self) -> None:
        """End."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._beside.close()

    async def _run(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                await self._pass()
                # that no page is left is what lets the next commit begin the log anew
                await self._writer.run(lambda db: db.move_log())
            except DatabaseError as error:
                journal.error("no_checkpoint", "the log was not moved: %(reason)s", reason=error)

    async def _pass(self) -> None:
        for _ in range(PASSES):
            await self._beside.run(lambda db: db.move_log())
