"""The writer: commits what is submitted, in order of arrival, in batches.

Writes that wait together are committed together. No timer is needed; a batch forms by itself while
the one before is being written.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from backend.instruments import Histogram
from backend.logs import Journal, Spell
from backend.store.batch import Commit, Done, Outcome, Settled, Work, commit_batch
from backend.store.engine.batch import nothing
from backend.store.engine.connection import Connection
from backend.store.engine.db import OpenDb
from backend.store.engine.faults import DatabaseError, Unavailable, is_broken
from backend.store.engine.rows import Asked

T = TypeVar("T")

Waiting = tuple[Work[Any], Done[Any], Callable[[], Iterable[Asked]]]

MAX_BATCH = 500
POLL_SECONDS = 0.25
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, MAX_BATCH)

journal = Journal("parley.store")


class Writer:
    """Commits what is submitted, in order of arrival, in batches."""

    def __init__(self, connection: Connection, position: int) -> None:
        self._connection = connection
        self._waiting: deque[Waiting] = deque()
        self._wake = asyncio.Event()
        self._position = position
        self._epoch: str | None = None
        self._is_behind = False
        self._stopped = False
        self._away = Spell(_not_read, _read_again)
        self.failing: str | None = None
        self.commit_seconds = Histogram()
        """How long batches took, from their thread to the disk."""
        self.commit_writes = Histogram(SIZES)
        """How many writes those batches had."""
        self.commits_failed = 0
        self._turned_at = time.monotonic()
        self.on_commit: Callable[[Commit], None] = settle
        self.on_long_log: Callable[[], None] = lambda: None
        """Called when what was logged is to be moved."""

    @property
    def position(self) -> int:
        """How far the log has been read."""
        return self._position

    @property
    def quiet_seconds(self) -> float:
        """How long ago it came round last, which it does at least every POLL_SECONDS when idle."""
        return time.monotonic() - self._turned_at

    @property
    def waiting(self) -> int:
        """How many writes are queued."""
        return len(self._waiting)

    def go_on(self, epoch: str) -> None:
        """From here on in that epoch: another one that follows it is told with a commit."""
        self._epoch = epoch

    def submit(
        self, work: Work[T], done: Done[T], ahead: Callable[[], Iterable[Asked]] = nothing
    ) -> None:
        """Queue `work`; `done` is called in the event loop once its batch is over.

        `ahead` gives what the work is going to look up, as far as that is known.
        """
        if self._stopped:
            done(Settled(None, Unavailable("the server is stopping"), self._position), None)
            return
        self._waiting.append((work, done, ahead))
        self._wake.set()

    def look(self) -> None:
        """Read the log soon: another process may have committed."""
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
        self._turned_at = time.monotonic()
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
        self.submit(lambda db: Outcome(None), lambda _, __: settled.set_result(None))
        await settled

    async def _has_news(self) -> bool:
        try:
            has_news = await self._connection.run(lambda db: db.has_news())
        except DatabaseError as error:
            self._away.meet(self, error)
            return False
        self._away.pass_by(self)
        return has_news or self._is_behind

    async def _commit_waiting(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_BATCH))]
        if self._waiting:
            self._wake.set()
        since, at = time.perf_counter(), (self._position, self._epoch)
        try:
            commit, is_long = await self._connection.run(lambda db: _commit(db, batch, *at))
            if is_long:
                self.on_long_log()
            if batch:
                self.commit_seconds.add(time.perf_counter() - since)
                self.commit_writes.add(len(commit.settled))
            self.failing = None if batch else self.failing
            self._is_behind = False
        except Exception as error:
            text = "a batch of %(writes)d writes failed: %(reason)s"
            fault = None if is_broken(error) else error
            journal.error("batch_failed", text, fault=fault, writes=len(batch), reason=error)
            self.failing = str(error)
            self.commits_failed += 1
            self._is_behind = True  # what others have committed may have gone unread
            refusal = Settled[object](None, Unavailable(str(error)), self._position)
            commit = Commit([(done, refusal) for _, done, _ in batch], [], self._position)
        left = batch[len(commit.settled) :]
        if left:
            self._waiting.extendleft(reversed(left))
            self._wake.set()
        self._position = commit.position
        self._epoch = commit.begun.epoch if commit.begun is not None else self._epoch
        try:
            self.on_commit(commit)
        except Exception as error:
            text = "what was committed could not be delivered"
            journal.critical("not_delivered", text, fault=error)
            raise


def _not_read(error: Exception) -> None:
    journal.error("database_not_read", "the database cannot be read: %(reason)s", reason=error)


def _read_again() -> None:
    journal.info("database_read_again", "the database can be read again")


def _commit(
    db: OpenDb, batch: list[Waiting], position: int, epoch: str | None
) -> tuple[Commit, bool]:
    """The commit, and whether what was logged is to be moved."""
    works = [(work, done) for work, done, _ in batch]
    commit = commit_batch(
        db, works, position, epoch, lambda: (each for *_, ahead in batch for each in ahead())
    )
    return commit, db.is_log_long()


def settle(commit: Commit) -> None:
    """What happens to a commit when no hub listens: everybody is told how it went."""
    for done, settled in commit.settled:
        done(settled, None)
