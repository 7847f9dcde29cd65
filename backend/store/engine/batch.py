"""A batch of writes in one transaction, each of which can fail without the others."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from backend.store.engine.db import Db, Last, OpenDb
from backend.store.engine.faults import BulkError, LostError, is_broken
from backend.store.engine.rows import Asked

T = TypeVar("T")

BATCH_SECONDS = 0.02
BATCH_BYTES = 1024 * 1024
TRIES = 3  # for a batch whose connection is lost


class Failed(NamedTuple):
    """A write that was undone, and why."""

    error: Exception


class Ran(NamedTuple, Generic[T]):
    """A batch that is on disk: what each write gave, in order, and the rows read at the end.

    Those that are missing at the end were not begun: the batch was full.
    """

    results: list[T | Failed]
    last: list[Any]


class _Spoiled(Exception):
    """A write failed after it had changed something, so the batch has to be run without it."""

    def __init__(self, index: int, error: Exception) -> None:
        super().__init__(index)
        self.index = index
        self.error = error


def nothing() -> Iterable[Asked]:
    """What is looked up by writes of which that is not known."""
    return ()


def run_batch(
    db: OpenDb,
    works: Sequence[Callable[[Db], T]],
    first: Callable[[Db], None],
    last: Callable[[], Last],
    ahead: Callable[[], Iterable[Asked]] = nothing,
) -> Ran[T]:
    """Run the writes in one transaction, then, still in it, the statement `last`.

    On a connection that is new `first` is run before them.

    A write that fails is undone, its neighbours stay. Checks come before changes, so a refused one
    has nothing to undo; the rare one that has is left out, and the batch run anew, which saves
    every write two statements for a savepoint. Where it is not known which it was, nothing is
    written in bulk then. What was lost with its connection is run anew as well. A batch that has
    stored BATCH_BYTES, or taken BATCH_SECONDS of work or `most_seconds` in all, is full: what waits
    behind it does not wait for all.
    `ahead` gives what the writes are going to look up. Raises what concerns the whole database.
    """
    if not works and not db.is_new:
        return Ran([], db.execute(*last()).fetchall())
    spoiled: dict[int, Exception] = {}
    in_bulk, tries = True, TRIES
    while True:
        try:
            return _try_batch(db, works, first, last, ahead if in_bulk else None, spoiled)
        except _Spoiled as failure:
            spoiled[failure.index] = failure.error
        except BulkError:
            if not in_bulk:
                raise
            in_bulk = False
        except LostError:
            tries -= 1
            if not tries:
                raise


def _try_batch(
    db: OpenDb,
    works: Sequence[Callable[[Db], T]],
    first: Callable[[Db], None],
    last: Callable[[], Last],
    ahead: Callable[[], Iterable[Asked]] | None,
    spoiled: dict[int, Exception],
) -> Ran[T]:
    try:
        db.begin(ahead() if ahead is not None else (), at_once=ahead is None)
        if db.is_new:
            first(db)
        # A busy machine makes no batch smaller: it ends by the time this thread has worked. To
        # ask for that is a system call, and it is never more than what a clock says, which is
        # none.
        now, ends = time.monotonic(), time.thread_time() + BATCH_SECONDS
        earliest, latest = now + BATCH_SECONDS, now + db.most_seconds
        results: list[T | Failed] = []
        for index, work in enumerate(works):
            if index in spoiled:
                results.append(Failed(spoiled[index]))
            else:
                results.append(_run_one(db, work, index))
            if db.stored_bytes > BATCH_BYTES:
                break
            now = time.monotonic()
            if now > earliest and (now > latest or time.thread_time() > ends):
                break
        return Ran(results, db.finish(last()))
    except BaseException as error:
        db.rollback()
        db.recover(error)
        raise


def _run_one(db: OpenDb, work: Callable[[Db], T], index: int) -> T | Failed:
    """One write; raises _Spoiled when it fails having changed something."""
    before = db.mark()
    try:
        return work(db)
    except Exception as error:
        if is_broken(error) or isinstance(error, BulkError) or not db.in_transaction:
            raise
        if not db.take_back(before):
            raise _Spoiled(index, error) from error
        return Failed(error)
