"""The database as the rest of the server sees it: reads, writes, and the tail of the log.

Writes that wait together are committed together: one hop to the writer's thread, one transaction,
one fsync. No timer is needed; a batch forms by itself while the one before is being written.
"""

import asyncio
import contextlib
import itertools
import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from backend.store import log
from backend.store.connection import Connection

T = TypeVar("T")

Work = Callable[[sqlite3.Connection], T]
MAX_BATCH = 500
READERS = 2
POLL_SECONDS = 0.25
CHECKPOINT_MS = 20
CHECKPOINT_TRIES = 50
CHECKPOINT_PAUSE = 0.1

logger = logging.getLogger("parley.store")


class Unavailable(Exception):
    """The database did not take the work (full, locked, damaged, closing); nothing was changed."""


class Settled(NamedTuple, Generic[T]):
    """A write whose batch is over: what it gave or what it failed with.

    `last_id` is its place among the rows of the log: the row its value names, or else the newest
    one when it had run.
    """

    value: T | None
    error: Exception | None
    last_id: int


Done = Callable[[Settled[object]], None]


class Commit(NamedTuple):
    """A batch that is on disk (or failed), and the rows of the log that are new with it."""

    settled: list[tuple[Done, Settled[object]]]
    rows: list[log.LogRow]
    position: int


# What concerns the database as a whole, not the one statement that met it.
BROKEN = frozenset(
    {
        sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL,
    }
)  # fmt: skip


def is_broken(error: BaseException) -> bool:
    """Whether an error says that the database as a whole cannot be used now."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.Error) and code is not None and (code & 0xFF) in BROKEN


class Writer:
    """Commits what is submitted, in order of arrival, in batches."""

    def __init__(self, connection: Connection, position: int) -> None:
        self._connection = connection
        self._waiting: deque[tuple[Work[object], Done]] = deque()
        self._wake = asyncio.Event()
        self._position = position
        self._data_version = 0
        self._stopped = False
        self.failing: str | None = None
        self.on_commit: Callable[[Commit], None] = settle

    def submit(self, work: Work[object], done: Done) -> None:
        """Queue `work`; `done` is called in the event loop once its batch is over."""
        if self._stopped:
            done(Settled(None, Unavailable("the server is stopping"), self._position))
            return
        self._waiting.append((work, done))
        self._wake.set()

    async def run(self) -> None:
        """Commit batches until cancelled; look for other processes' commits in between."""
        try:
            while True:
                await self._commit_next()
        finally:  # nobody is to wait for what will not come
            self._stopped = True
            while self._waiting:
                self.submit(*self._waiting.popleft())

    async def _commit_next(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            if not await self._has_news():
                return
        self._wake.clear()
        await self._commit_waiting()

    async def flush(self) -> None:
        """Return when everything submitted so far is settled."""
        settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.submit(lambda db: None, lambda _: settled.set_result(None))
        await settled

    async def _has_news(self) -> bool:
        try:
            version = await self._connection.run(_data_version)
        except sqlite3.Error as error:
            logger.error("the database cannot be read: %s", error)
            return False
        changed, self._data_version = version != self._data_version, version
        return changed

    async def _commit_waiting(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_BATCH))]
        if self._waiting:
            self._wake.set()
        try:
            commit = await self._connection.run(lambda db: commit_batch(db, batch, self._position))
            self.failing = None if batch else self.failing
        except Exception as error:
            if not is_broken(error):
                logger.exception("a batch of %d writes failed", len(batch))
            else:
                logger.error("a batch of %d writes failed: %s", len(batch), error)
            self.failing = str(error)
            refusal = Settled[object](None, Unavailable(str(error)), self._position)
            commit = Commit([(done, refusal) for _, done in batch], [], self._position)
        self._position = commit.position
        try:
            self.on_commit(commit)
        except Exception:
            logger.critical("what was committed could not be delivered", exc_info=True)
            raise


def settle(commit: Commit) -> None:
    """What happens to a commit when no hub listens: everybody is told how it went."""
    for done, settled in commit.settled:
        done(settled)


class _Spoiled(Exception):
    """A write failed after it had changed something, so the batch has to be run without it."""

    def __init__(self, index: int, error: Exception) -> None:
        super().__init__(index)
        self.index = index
        self.error = error


def commit_batch(
    db: sqlite3.Connection, batch: list[tuple[Work[object], Done]], position: int
) -> Commit:
    """Run a batch in one transaction, then read the log above `position`.

    A write that fails is undone, its neighbours stay. Checks come before changes, so a refused one
    has nothing to undo; the rare one that has is left out, and the batch run anew. That saves every
    other write two statements for a savepoint.
    """
    spoiled: dict[int, Exception] = {}
    while True:
        try:
            return _try_batch(db, batch, position, spoiled)
        except _Spoiled as failure:
            spoiled[failure.index] = failure.error


def _try_batch(
    db: sqlite3.Connection,
    batch: list[tuple[Work[object], Done]],
    position: int,
    spoiled: dict[int, Exception],
) -> Commit:
    settled: list[tuple[Done, Settled[object]]] = []
    try:
        if batch:
            db.execute("BEGIN IMMEDIATE")
        for index, (work, done) in enumerate(batch):
            if index in spoiled:
                settled.append((done, Settled(None, spoiled[index], log.head(db))))
            else:
                settled.append((done, _run_one(db, work, index)))
        rows = log.tail(db, position)
        if batch:
            db.execute("COMMIT")
    except BaseException as error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        _forget_damage(db, error)
        raise
    return Commit(settled, rows, rows[-1].id if rows else position)


def _run_one(db: sqlite3.Connection, work: Work[object], index: int) -> Settled[object]:
    """One write; raises _Spoiled when it fails having changed something."""
    before = db.total_changes
    try:
        value = work(db)
        # an answer that is a row of the log has its place; others come after what there is now
        return Settled(value, None, getattr(value, "row", None) or log.head(db))
    except Exception as error:
        if is_broken(error) or not db.in_transaction:
            raise
        if db.total_changes != before:
            raise _Spoiled(index, error) from error
        return Settled(None, error, log.head(db))


def _checkpoint(db: sqlite3.Connection) -> bool:
    """Try it for a moment only, as writes wait meanwhile; gives whether it was done."""
    patience = db.execute("PRAGMA busy_timeout").fetchone()[0]
    db.execute(f"PRAGMA busy_timeout = {CHECKPOINT_MS}")
    try:
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        db.execute(f"PRAGMA busy_timeout = {patience}")
    return not busy


def _data_version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA data_version").fetchone()[0])


class Database:
    """One writer, a few readers, each on a thread of its own."""

    def __init__(self, writer: Writer, readers: list[Connection], connection: Connection) -> None:
        self.writer = writer
        self._readers = itertools.cycle(readers)
        self._connections = [*readers, connection]
        self._task = asyncio.create_task(writer.run(), name="writer")

    @classmethod
    async def open(cls, path: str, prepare: Work[None] | None = None) -> "Database":
        """Open a migrated database; the log is tailed from where it ends now.

        `prepare` is run once on each connection that reads.
        """
        connection = await Connection.open(path)
        position = await connection.run(log.head)
        readers = [await Connection.open(path) for _ in range(READERS)]
        if prepare is not None:
            for reader in readers:
                await reader.run(prepare)
        return cls(Writer(connection, position), readers, connection)

    async def read(self, work: Work[T]) -> T:
        """What `work` returns, run in a snapshot of its own; raises Unavailable, or its error."""
        try:
            return await next(self._readers).run(lambda db: in_snapshot(db, work))
        except Exception as error:
            if is_broken(error):
                raise Unavailable(str(error)) from error
            raise

    async def write(self, work: Work[T]) -> T:
        """What `work` returns, once on disk and delivered; raises Unavailable, or its error."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def done(settled: Settled[T]) -> None:
            if future.cancelled():
                return
            if settled.error is not None:
                future.set_exception(settled.error)
            else:
                future.set_result(settled.value)  # type: ignore[arg-type]

        self.writer.submit(work, done)  # type: ignore[arg-type]
        return await future

    async def checkpoint(self) -> None:
        """Move what is committed into the database file and cut the write-ahead log to nothing.

        That takes what was deleted out of the log's bytes. A reader who stays in the way, such as
        a backup, leaves it for the next time.
        """
        for _ in range(CHECKPOINT_TRIES):
            if await self._connections[-1].run(_checkpoint):
                return
            await asyncio.sleep(CHECKPOINT_PAUSE)

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
        self._task.cancel()
        with contextlib.suppress(Exception, asyncio.CancelledError):
            await self._task
        for connection in self._connections:
            await connection.close()


def in_snapshot(db: sqlite3.Connection, work: Work[T]) -> T:
    """Run a read so that all its statements see the same state."""
    try:
        db.execute("BEGIN")
        return work(db)
    except sqlite3.Error as error:
        _end(db)
        _forget_damage(db, error)
        raise
    finally:
        _end(db)


def _end(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        db.execute("COMMIT")


def _forget_damage(db: sqlite3.Connection, error: BaseException) -> None:
    """Drop the cached pages after a fault: damaged ones would outlive the damage."""
    if is_broken(error):
        with contextlib.suppress(sqlite3.Error):
            db.execute("PRAGMA shrink_memory")
