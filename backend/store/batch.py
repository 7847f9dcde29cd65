"""A batch of writes: one transaction, one fsync, and the rows of the log that are new with it."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

import msgspec

from backend.store import log
from backend.store.engine.db import Db
from backend.store.engine.faults import forget_damage, is_broken

T = TypeVar("T")

Work = Callable[[Db], T]


class Settled(msgspec.Struct, Generic[T], frozen=True):
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


class _Spoiled(Exception):
    """A write failed after it had changed something, so the batch has to be run without it."""

    def __init__(self, index: int, error: Exception) -> None:
        super().__init__(index)
        self.index = index
        self.error = error


def commit_batch(db: Db, batch: list[tuple[Work[object], Done]], position: int) -> Commit:
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
    db: Db,
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
        forget_damage(db, error)
        raise
    return Commit(settled, rows, rows[-1].id if rows else position)


def _run_one(db: Db, work: Work[object], index: int) -> Settled[object]:
    """One write; raises _Spoiled when it fails having changed something."""
    before = db.total_changes
    try:
        value = work(db)
        # an answer that is a row of the log has its place; others come after what there is now
        return Settled(value, None, getattr(value, "log_id", None) or log.head(db))
    except Exception as error:
        if is_broken(error) or not db.in_transaction:
            raise
        if db.total_changes != before:
            raise _Spoiled(index, error) from error
        return Settled(None, error, log.head(db))
