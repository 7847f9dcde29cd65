"""A batch of writes with what is new in the log: what the writer commits, the hub delivers."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from backend.store import epochs, log
from backend.store.engine.batch import Failed, nothing, run_batch
from backend.store.engine.db import Db, OpenDb
from backend.store.engine.rows import Asked

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Outcome(msgspec.Struct, Generic[T_co], frozen=True):
    """What a write gave; `log_id` is the row of the log that is its answer, if one is."""

    value: T_co
    log_id: int | None = None


Work = Callable[[Db], Outcome[T]]


class Settled(msgspec.Struct, Generic[T], frozen=True):
    """A write whose batch is over: its outcome, or what it failed with.

    `last_id` is its place among the rows of the log: `log_id`, or else the newest row when it had
    run.
    """

    value: T | None
    error: Exception | None
    last_id: int
    log_id: int | None = None


# called with how the row `log_id` is told, too, by who delivers rows
Done = Callable[[Settled[T], bytes | None], None]


class Commit(NamedTuple):
    """A batch that is on disk (or failed), and the rows of the log that are new with it.

    `settled` may be shorter than what was to be written: the rest was not begun.
    """

    settled: list[tuple[Done[Any], Settled[Any]]]
    rows: list[log.LogRow]
    position: int
    begun: epochs.Begun | None = None
    """The epoch that is new with it, if one is."""


def commit_batch(
    db: OpenDb,
    batch: list[tuple[Work[Any], Done[Any]]],
    position: int,
    epoch: str | None = None,
    ahead: Callable[[], Iterable[Asked]] = nothing,
) -> Commit:
    """Run a batch in one transaction, with the log above `position` as it is at its end.

    `epoch` is the one in which that position was reached: on a new connection it may be over.
    `ahead` is what the batch's writes are going to look up.
    """
    works = [partial(_settle, work) for work, _ in batch]
    begun = epochs.Begun(epoch, position)

    def look(db: Db) -> None:
        nonlocal begun
        begun = epochs.go_on(db, epochs.Begun(epoch, position))

    results, tail = run_batch(db, works, look, lambda: (log.TAIL, (begun.position,)), ahead)
    rows = [log.LogRow(*row) for row in tail]
    settled: list[tuple[Done[Any], Settled[Any]]] = []
    last_id = begun.position
    for (_, done), result in zip(batch, results, strict=False):
        if isinstance(result, Failed):
            settled.append((done, Settled(None, result.error, last_id)))
        else:
            settled.append((done, result))
            last_id = max(last_id, result.last_id)
    if db.is_new:  # the commit was looked for on another connection, where another epoch may be on
        rows = [row for row in rows if row.id <= last_id]
    reached = rows[-1].id if rows else begun.position
    return Commit(settled, rows, reached, begun if begun != (epoch, position, False) else None)


def _settle(work: Work[object], db: Db) -> Settled[object]:
    outcome = work(db)
    log_id = outcome.log_id
    return Settled(outcome.value, None, log_id or log.head(db), log_id)
