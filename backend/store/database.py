"""The database as the rest of the server sees it: reads, writes, and the tail of the log."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypeVar

from backend.logs import Journal
from backend.store import epochs, log
from backend.store.batch import Outcome, Settled
from backend.store.checkpoints import Checkpoints
from backend.store.engine.connection import Connection, is_postgres, listen
from backend.store.engine.db import Db, OpenDb
from backend.store.engine.faults import Unavailable, is_broken
from backend.store.engine.readers import Readers
from backend.store.writer import Writer

T = TypeVar("T")

journal = Journal("parley.store")
READERS = 2  # for what users ask
READERS_AFAR = 8  # the same where each waits for the network
ENTRY_READERS = 1  # for who is about to come in, and for the server itself


class Database:
    """One writer, a few readers, each on a thread of its own."""

    def __init__(
        self, writer: Writer, readers: Readers, entry: Readers, connection: Connection
    ) -> None:
        self.writer = writer
        self._readers = readers
        self._entry = entry
        self._connection = connection
        self._task = asyncio.create_task(writer.run(), name="writer")
        self._listening: asyncio.Task[None] | None = None
        self._beside: Connection | None = None
        self._checkpoints: Checkpoints | None = None
        self.on_told: Callable[[str], None] = lambda text: None
        """Called with what other nodes tell."""
        self.on_hearing: Callable[[], None] = lambda: None
        """Called when they are heard, and heard again."""

    @classmethod
    async def open(
        cls, where: str, prepare: Callable[[OpenDb], None] = lambda db: None
    ) -> "Database":
        """Open a migrated database; the log is tailed from where it ends now.

        `prepare` is run once on each connection that reads.
        """
        connection = await Connection.open(where)
        position = await connection.run(log.head)
        readers = await Readers.open(
            where, READERS_AFAR if is_postgres(where) else READERS, prepare
        )
        entry = await Readers.open(where, ENTRY_READERS, prepare)
        database = cls(Writer(connection, position), readers, entry, connection)
        if is_postgres(where):
            database._beside = await Connection.open(where)
        else:
            database._checkpoints = await Checkpoints.open(where, connection)
            database.writer.on_long_log = database._checkpoints.ask
        database._listening = asyncio.create_task(
            listen(where, database.writer.look, database._told, database._hearing)
        )
        return database

    def _told(self, text: str) -> None:
        """Have a note heard; whatever is in it, the next ones are heard too."""
        try:
            self.on_told(text)
        except Exception as error:
            journal.error("note_not_heard", "what another node tells was not heard", fault=error)

    def _hearing(self) -> None:
        self.on_hearing()

    @property
    def is_shared(self) -> bool:
        """Whether other processes may serve it as well."""
        return self._beside is not None

    async def start(self) -> str:
        """Begin to serve it; gives the name of the epoch, which cursors carry."""
        epoch = await self.write(epochs.start_epoch)
        self.writer.go_on(epoch)
        return epoch

    async def beside(self, work: Callable[[OpenDb], T]) -> T:
        """What `work` returns, in a transaction beside the writers' of a database that is shared.

        Raises Unavailable, or its error.
        """
        assert self._beside is not None

        def run(db: OpenDb) -> T:
            with db.beside():
                return work(db)

        try:
            return await self._beside.run(run)
        except Exception as error:
            if is_broken(error):
                raise Unavailable(str(error)) from error
            raise

    async def read(self, work: Callable[[Db], T], user_id: int | None = None) -> T:
        """What `work` returns, run in a snapshot of its own; raises Unavailable, or its error.

        It waits for nothing that users ask; what one user causes here waits in their turn.
        """
        return await self._entry.run(work, user_id)

    async def read_for(self, user_id: int, work: Callable[[Db], T]) -> T:
        """The same for what a user asks: one read of theirs at a time, and users take turns."""
        return await self._readers.run(work, user_id)

    async def write(self, work: Callable[[Db], T]) -> T:
        """What `work` returns, once on disk and delivered; raises Unavailable, or its error."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def done(settled: Settled[T], told: bytes | None) -> None:
            if future.cancelled():
                return
            if settled.error is not None:
                future.set_exception(settled.error)
            else:
                future.set_result(settled.value)  # type: ignore[arg-type]

        self.writer.submit(lambda db: Outcome(work(db)), done)
        return await future

    async def checkpoint(self) -> None:
        """Take what was deleted out of what was logged, if nobody is in the way for long."""
        if self._checkpoints is not None:
            await self._checkpoints.cut()

    async def size(self) -> int:
        """How many bytes the database takes."""
        return await self._connection.run(lambda db: db.size())

    @property
    def is_broken(self) -> bool:
        """Whether the writer has stopped, by a fault or because the database is closed."""
        return self._task.done()

    async def broken(self) -> None:
        """Return when the writer has stopped, which it does only by a fault while delivering.

        Live sockets may have missed something then. The process is to end: clients resume.
        """
        await asyncio.wait([self._task])

    async def close(self) -> None:
        """Settle what waits, then close every connection."""
        if not self.is_broken:
            await self.writer.flush()
        for task in filter(None, (self._listening, self._task)):
            task.cancel()
            with contextlib.suppress(Exception, asyncio.CancelledError):
                await task
        await self._readers.close()
        await self._entry.close()
        if self._beside is not None:
            await self._beside.close()
        if self._checkpoints is not None:
            await self._checkpoints.close()
        await self._connection.close()
