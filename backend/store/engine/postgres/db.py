"""PostgreSQL as a Db: one transaction of the whole cluster writes at a time."""

import contextlib
import functools
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from backend.store.engine.db import Last, Parameters, Rows
from backend.store.engine.faults import BulkError, LostError, PostgresError
from backend.store.engine.postgres import commands
from backend.store.engine.postgres.bulk import Asking, write
from backend.store.engine.postgres.described import Described
from backend.store.engine.postgres.pipeline import Command, Found
from backend.store.engine.postgres.statements import Statement, rewritten
from backend.store.engine.rows import Asked, Bulk, Lookup, Row
from backend.store.engine.waiting import Later

Mark = tuple[dict[str, int], int]

BEGIN: tuple[Command, ...] = ((commands.BEGIN, ()), (commands.LOCK, ()))
COUNTERS: Command = (commands.COUNTERS, ())
LOOKING_SECONDS = 10.0
MOST_SECONDS = 0.2
_encode = msgspec.json.Encoder().encode


@functools.cache
def own_name() -> str:
    """What this process signs its notifications with."""
    return secrets.token_hex(8)


class PostgresDb(Described):
    """A connection; what of it may be lost and made anew is the link's.

    A transaction that writes holds the cluster's lock from its beginning to when it is on disk, so
    that what it reads stays true, and ids, drawn from the table `counters`, are dense in the order
    of commits over all nodes. The lock and the first read are separate statements: a statement
    sees what was committed before it began, not before it was let through.
    """

    stored_bytes = 0
    most_seconds = MOST_SECONDS

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self._name = secrets.token_hex(8)
        self._number = 0
        self._counters: dict[str, int] | None = None
        self._drawn: dict[str, int] | None = None
        self._seen = 0
        self._changes = 0
        self._found: dict[Asked, list[Any]] = {}
        self._later = Later(self._write, self._flush)
        self.later = self._later.add
        self.written = self._later.last

    @property
    def is_new(self) -> bool:
        """Whether nothing was written by this connection since it was made, or made anew."""
        return self._link.is_new

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is under way."""
        return self._link.in_transaction

    def execute(self, sql: str, parameters: Parameters = (), /) -> Rows:
        """Run a statement; parameters are bound by `?` in order, or by `:name`."""
        statement = rewritten(sql)
        values = statement.values(parameters)
        waiting = self._waiting()
        if waiting:
            rows = self._in_bulk([*waiting, (statement.text, values)])[-1]
        else:
            rows = self._link.run(statement.text, values)
        self._note(rows, statement)
        return rows

    def executemany(self, sql: str, parameters: Iterable[Parameters], /) -> Rows:
        """Run a statement once with each of the parameters."""
        statement = rewritten(sql)
        self._flush()
        values = map(statement.values, parameters)
        rows = self._link.run_many((statement.text, each) for each in values)
        self._note(rows, statement)
        return rows

    def look_up(self, lookup: Lookup, /, *key: Any) -> list[Any]:
        """The rows of a key; perhaps they were read ahead."""
        found = self._found.get(Asked(lookup, key))
        return self.execute(lookup.one, lookup.bound(key)).fetchall() if found is None else found

    def run_script(self, script: str, /) -> None:
        """Run the statements of a script."""
        self._link.run_script(script)
        self._changes += 1

    def begin(self, ahead: Iterable[Asked] = (), *, at_once: bool = False) -> None:
        """Begin a transaction that writes; waits for other writers, for so long."""
        asking = Asking(ahead)
        found = self._begin(*BEGIN, COUNTERS, *asking.commands())[2:]
        self._counters, self._drawn = dict(found[0].fetchall()), {}
        self._found = asking.found(found[1:])
        self._later.is_at_once = at_once
        self._number += 1

    def commit(self) -> None:
        """Put the transaction on disk, with how far the counters are, and wake who listens."""
        self.finish(None)

    def finish(self, last: Last | None, /) -> list[Any]:
        """Commit, all in one round trip; gives the rows that `last` has found at the very end.

        When the answer is lost the commit is looked for, so that LostError means that it is not.
        """
        asked = [] if last is None else [(rewritten(last[0]).text, last[1])]
        waiting = self._waiting()
        try:
            found = self._in_bulk([*waiting, *asked, *self._signatures(), ("COMMIT", ())])
            rows = found[len(waiting)].fetchall() if asked else []
            self._link.is_new = False
        except LostError:
            if self._drawn is None or not self._is_committed():
                raise
            rows = (
                self._link.afresh(*asked, patience=LOOKING_SECONDS)[0].fetchall() if asked else []
            )
        if self._counters is not None:
            self._seen = sum((self._counters | (self._drawn or {})).values())
        self._end()
        return rows

    def rollback(self) -> None:
        """Undo the transaction, if there is one; what was drawn in it will be drawn again."""
        self._end()
        self._link.rollback()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that writes: all of it on disk at the end, or nothing."""
        self.begin()
        with self._undoing():
            yield
            self.commit()

    @contextlib.contextmanager
    def schema_change(self) -> Iterator[None]:
        """A transaction that changes tables; other writers wait."""
        self._begin(*BEGIN)
        with self._undoing():
            yield
            self.commit()

    @contextlib.contextmanager
    def beside(self) -> Iterator[None]:
        """A transaction beside the writers'."""
        self._begin((commands.BEGIN, ()))
        with self._undoing():
            yield
            self.commit()

    @contextlib.contextmanager
    def claim(self, job: str, /) -> Iterator[bool]:
        """One for what only one does at a time; gives whether."""
        with self.beside():
            yield self._link.run(commands.CLAIM, [job]).fetchone() == (1,)

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """A transaction that only reads: all its statements see the same state."""
        (_, counters) = self._begin((commands.SNAPSHOT, ()), COUNTERS)
        self._counters = dict(counters.fetchall())
        try:
            yield
        finally:
            self._end()
            self._link.rollback()

    def tell(self, texts: Iterable[str], /) -> None:
        """Tell these to all who listen, at the end of this transaction."""
        self._link.together([(commands.TELL, [text]) for text in texts])

    def draw(self, counter: str, /) -> int:
        """The next id of a counter; raises RuntimeError outside a transaction that writes."""
        if self._drawn is None:
            raise RuntimeError(f"an id of '{counter}' was drawn outside a transaction")
        drawn = self._drawn[counter] = self.newest(counter) + 1
        return drawn

    def newest(self, counter: str, /) -> int:
        """The id that was drawn last from a counter; 0 if none was."""
        if self._drawn and counter in self._drawn:
            return self._drawn[counter]
        if self._counters is not None:
            return self._counters.get(counter, 0)
        row = self._link.run(commands.NEWEST, [counter]).fetchone()
        return int(row[0]) if row else 0

    def mark(self) -> Mark:
        """Where the transaction is: what was drawn in it so far, and how much was changed."""
        return dict(self._drawn or {}), self._changes + self._later.added

    def take_back(self, mark: Mark, /) -> bool:
        """Let what was drawn since be drawn again; False when something was changed since.

        Also after a statement that failed, which ends the transaction.
        """
        self._drawn, changes = mark
        return self._changes + self._later.added == changes and not self._link.has_failed

    def has_news(self) -> bool:
        """Whether another connection has drawn an id since this was asked last."""
        ((seen,),) = self._link.afresh((commands.DRAWN, ()))[0].fetchall()
        changed = bool(seen != self._seen)
        self._seen = seen
        return changed

    def _begin(self, *asked: Command) -> list[Found]:
        self.stored_bytes = 0
        try:
            return self._link.afresh(*asked)
        except PostgresError:
            self.rollback()
            raise

    def _end(self) -> None:
        self._counters = self._drawn = None
        self._found = {}
        self._later.clear()

    def _note(self, rows: Found, statement: Statement) -> None:
        """What anything but `later` changes, nobody who has read ahead knows of."""
        if not statement.only_reads:
            self._changes += max(rows.rowcount, 0)
            self._found = {}
            self._later.forget()

    def _waiting(self) -> list[Command]:
        return [write(bulk, rows) for bulk, rows in self._later.take()]

    def _write(self, bulk: Bulk, rows: list[Row]) -> None:
        for row in rows:
            self.execute(bulk.one, row)

    def _flush(self) -> None:
        self._in_bulk(self._waiting())

    def _in_bulk(self, asked: list[Command]) -> list[Found]:
        """Run these together: what is wrong with one of them is not known to be of which write."""
        if not asked:
            return []
        try:
            return self._link.together(asked)
        except PostgresError as error:
            if error.is_broken:
                raise
            raise BulkError(str(error)) from error

    def _signatures(self) -> Iterator[Command]:
        """What a transaction that writes ends with: the counters, its own number, word of it."""
        if self._drawn is None:
            return
        if self._link.is_new:
            yield commands.FORGET, ()
        if self._drawn:
            yield commands.COUNT, [_encode(self._drawn).decode()]
            yield commands.NOTIFY, [own_name()]
        yield commands.SIGN, [self._name, self._number]

    def _is_committed(self) -> bool:
        """Whether the transaction that was being committed is on disk.

        With the lock, so that whatever became of it has become. Raises PostgresError when that
        cannot be known: PostgreSQL is gone for long.
        """
        try:
            own = commands.SIGNED, [self._name, self._number]
            return self._link.afresh(*BEGIN, own, patience=LOOKING_SECONDS)[-1].fetchone() == (1,)
        finally:
            self._link.rollback()

    @contextlib.contextmanager
    def _undoing(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.rollback()
            raise
