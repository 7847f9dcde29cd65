"""PostgreSQL as a Db: one transaction of the whole cluster writes at a time."""

import contextlib
import functools
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, TypeVar

import msgspec
import psycopg
from psycopg.pq import TransactionStatus

from backend.store.engine.db import Last, Parameters, Rows
from backend.store.engine.faults import BulkError
from backend.store.engine.postgres.faults import as_ours
from backend.store.engine.postgres.opening import Connection, connect
from backend.store.engine.postgres.statements import Statement, rewritten
from backend.store.engine.postgres.waiting import Ahead, Later, Many
from backend.store.engine.rows import Asked, Bulk, Lookup, Row

T = TypeVar("T")
Mark = tuple[dict[str, int], int]

CHANNEL = "parley"
NOTES = "parley_notes"
WRITERS = 0x7061726C6579  # the advisory lock of who writes; the same in every version
RECONNECT_SECONDS = 2.0
RECONNECT_PAUSE = 0.05
# Who holds the lock and does nothing is frozen, or gone without a word: others go on.
BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
# Writers look up rows by their keys: plans made while tables were nearly empty must say so too.
LOCAL = {
    "idle_in_transaction_session_timeout": "2000",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
LOCK = f"SELECT pg_advisory_xact_lock({WRITERS})" + "".join(
    f", set_config('{name}', '{value}', true)" for name, value in LOCAL.items()
)
CLAIM = "SELECT pg_try_advisory_xact_lock(hashtext($1))"
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
COUNTERS = "SELECT name, value FROM counters"
COUNT = (
    "INSERT INTO counters (name, value)"
    " SELECT key, CAST(value AS bigint) FROM json_each_text(CAST($1 AS json))"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
TELL = f"SELECT pg_notify('{NOTES}', $1)"
# For a superuser there is more to see, but managed services have none. A replica, a copy and a
# point in time run in another process; what was restored into one that runs has other tables.
RUN = (
    "SELECT concat_ws('.', extract(epoch FROM pg_postmaster_start_time()),"
    " (SELECT oid FROM pg_database WHERE datname = current_database()), "
    " CAST(CAST('epochs' AS regclass) AS oid))"
)
NOTIFY = f"SELECT pg_notify('{CHANNEL}', $1)"
DRAWN = "SELECT coalesce(sum(value), 0) FROM counters"
NEWEST = "SELECT value FROM counters WHERE name = $1"
COLUMNS = (
    "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
    " WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped"
)
KINDS: dict[str, type] = {"bigint": int, "text": str, "bytea": bytes}
TABLE = "SELECT to_regclass($1) IS NOT NULL"

_encode = msgspec.json.Encoder().encode


@functools.cache
def own_name() -> str:
    """What this process signs its notifications with."""
    return secrets.token_hex(8)


class PostgresDb:
    """A connection that is made anew when it was lost, but never within a transaction.

    A transaction that writes holds the cluster's lock from its beginning to when it is on disk, so
    that what it reads stays true, and ids, drawn from the table `counters`, are dense in the order
    of commits over all nodes. The lock and the first read are separate statements: a statement
    sees what was committed before it began, not before it was let through.
    """

    dialect: Literal["postgres"] = "postgres"
    stored_bytes = 0

    def __init__(self, where: str) -> None:
        self._where = where
        self._counters: dict[str, int] | None = None
        self._drawn: dict[str, int] | None = None
        self._seen = 0
        self._changes = 0
        self.is_new = True
        self._ahead, self._later = Ahead(), Later()
        with _ours():
            self._connection: Connection = connect(where)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is under way."""
        return self._connection.info.transaction_status in (
            TransactionStatus.INTRANS,
            TransactionStatus.INERROR,
        )

    def execute(self, sql: str, parameters: Parameters = (), /) -> Rows:
        """Run a statement; parameters are bound by `?` in order, or by `:name`."""
        statement = rewritten(sql)
        values = statement.values(parameters)
        waiting = self._later.take()
        with _ours(in_bulk=bool(waiting)):
            if waiting:
                with self._connection.pipeline():
                    self._write(waiting)
                    rows = self._connection.execute(statement.text, values)
            else:
                rows = self._connection.execute(statement.text, values)
        self._note(rows, statement)
        return rows

    def executemany(self, sql: str, parameters: Iterable[Parameters], /) -> Rows:
        """Run a statement once with each of the parameters."""
        statement = rewritten(sql)
        self._flush()
        rows = self._connection.cursor()
        with _ours():
            rows.executemany(statement.text, [statement.values(each) for each in parameters])
        self._note(rows, statement)
        return rows

    def look_up(self, lookup: Lookup, /, *key: Any) -> list[Any]:
        """The rows of a key; perhaps they were read ahead."""
        found = self._ahead.get(lookup, key)
        return self.execute(lookup.one, key).fetchall() if found is None else found

    def later(self, bulk: Bulk, row: Row, /) -> None:
        """Write a row before anything else is read or written, or at the end."""
        if self._later.collides(bulk):
            self._flush()
        self._later.add(bulk, row)
        self._changes += 1

    def written(self, bulk: Bulk, /, *key: Any) -> Row | None:
        """The last row of a key that may be missing in what was read ahead."""
        return self._later.last(bulk, key)

    def run_script(self, script: str, /) -> None:
        """Run the statements of a script."""
        with _ours():
            self._connection.execute(script.encode(), prepare=False)
        self._changes += 1

    def begin(self, ahead: Iterable[Asked] = ()) -> None:
        """Begin a transaction that writes; waits for other writers, for so long."""
        asked = list(self._ahead.ask(ahead))
        found = self._begin(BEGIN, LOCK, COUNTERS, asked=asked)
        self._ahead.take(found[3:])
        self._drawn = {}

    def commit(self) -> None:
        """Put the transaction on disk, with how far the counters are, and wake who listens."""
        self.finish(None)

    def finish(self, last: Last | None, /) -> list[Any]:
        """Commit, all in one round trip; gives the rows that `last` has found at the very end."""
        waiting, found = self._later.take(), None
        with _ours(in_bulk=bool(waiting)), self._connection.pipeline():
            self._write(waiting)
            if last is not None:
                found = self._connection.execute(rewritten(last[0]).text, last[1])
            if self._drawn:
                self._connection.execute(COUNT, [_encode(self._drawn).decode()])
                self._connection.execute(NOTIFY, [own_name()])
            self._connection.execute("COMMIT")
        if self._counters is not None:
            self._seen = sum((self._counters | (self._drawn or {})).values())
        self._end()
        self.is_new = False
        return found.fetchall() if found is not None else []

    def rollback(self) -> None:
        """Undo the transaction, if there is one; what was drawn in it will be drawn again."""
        self._end()
        if self.in_transaction:
            with contextlib.suppress(psycopg.Error):  # a lost connection has undone it
                self._connection.execute("ROLLBACK")

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
        self._begin(BEGIN, LOCK)
        with self._undoing():
            yield
            self.commit()

    @contextlib.contextmanager
    def beside(self) -> Iterator[None]:
        """A transaction beside the writers'."""
        self._begin(BEGIN)
        with self._undoing():
            yield
            self.commit()

    @contextlib.contextmanager
    def claim(self, job: str, /) -> Iterator[bool]:
        """One for what only one does at a time; gives whether."""
        with self.beside():
            with _ours():
                row = self._connection.execute(CLAIM, [job]).fetchone()
            yield row == (1,)

    def run_name(self) -> str:
        """Of this server process of PostgreSQL's, this database in it, these tables in that."""
        with _ours():
            return str(self._connection.execute(RUN).fetchall()[0][0])

    def tell(self, texts: Iterable[str], /) -> None:
        """Tell these to all who listen, at the end of this transaction."""
        with _ours(), self._connection.pipeline():
            for text in texts:
                self._connection.execute(TELL, [text])

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """A transaction that only reads: all its statements see the same state."""
        self._begin(SNAPSHOT, COUNTERS)
        try:
            yield
        finally:
            self.rollback()

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
        with _ours():
            row = self._connection.execute(NEWEST, [counter]).fetchone()
        return int(row[0]) if row else 0

    def mark(self) -> Mark:
        """Where the transaction is: what was drawn in it so far, and how much was changed."""
        return dict(self._drawn or {}), self._changes

    def take_back(self, mark: Mark, /) -> bool:
        """Let what was drawn since be drawn again; False when something was changed since.

        Also after a statement that failed, which ends the transaction.
        """
        self._drawn, changes = mark
        is_alive = self._connection.info.transaction_status == TransactionStatus.INTRANS
        return is_alive and self._changes == changes

    def has_news(self) -> bool:
        """Whether another connection has drawn an id since this was asked last."""
        ((seen,),) = self._again(lambda: self._connection.execute(DRAWN).fetchall())
        changed = bool(seen != self._seen)
        self._seen = seen
        return changed

    def has_table(self, name: str, /) -> bool:
        """Whether there is a table of that name."""
        with _ours():
            return self._connection.execute(TABLE, [name]).fetchone() == (1,)

    def columns(self, table: str, /) -> dict[str, type]:
        """The columns of a table: name to `int`, `str` or `bytes`."""
        with _ours():
            return {name: KINDS[kind] for name, kind in self._connection.execute(COLUMNS, [table])}

    def recover(self, error: BaseException, /) -> None:
        """Nothing is kept here that could outlive a fault."""

    def faults(self) -> list[str]:
        """PostgreSQL refuses by itself what it finds damaged."""
        return []

    def checkpoint(self, patience_ms: int, /) -> bool:
        """PostgreSQL does so by itself."""
        return True

    def vacuum(self) -> None:
        """Let the room of what was deleted be used again; others go on meanwhile."""
        self.execute("VACUUM")

    def size(self) -> int:
        """How many bytes the database takes, indexes included."""
        return int(self.execute("SELECT pg_database_size(current_database())").fetchone()[0])

    def close(self) -> None:
        """Close the connection; what is not committed is undone."""
        self._connection.close()

    def _note(self, rows: psycopg.Cursor[Any], statement: Statement) -> None:
        """What anything but `later` changes, nobody who has read ahead knows of."""
        if not statement.only_reads:
            self._changes += max(rows.rowcount, 0)
            self._ahead.forget()
            self._later.forget()

    def _flush(self) -> None:
        waiting = self._later.take()
        if waiting:
            with _ours(in_bulk=True), self._connection.pipeline():
                self._write(waiting)

    def _write(self, waiting: list[Many]) -> None:
        for each in waiting:
            self._connection.execute(each.text, [each.rows])

    def _begin(self, *statements: str, asked: Sequence[Many] = ()) -> "list[psycopg.Cursor[Any]]":
        """Run these in one round trip; gives what each finds. COUNTERS are kept.

        On a connection that turns out to be lost they are run again on a new one.
        """

        def run() -> "list[psycopg.Cursor[Any]]":
            with self._connection.pipeline():
                found = [self._connection.execute(each) for each in statements]
                return found + [self._connection.execute(each.text, [each.rows]) for each in asked]

        self.stored_bytes = 0
        found = self._again(run)
        if COUNTERS in statements:
            self._counters = dict(found[statements.index(COUNTERS)].fetchall())
        return found

    def _end(self) -> None:
        self._counters = self._drawn = None
        self._ahead.forget()
        self._later.clear()

    def _again(self, run: Callable[[], T]) -> T:
        """What `run` gives outside a transaction, on a new connection where ours is lost."""
        deadline = time.monotonic() + RECONNECT_SECONDS
        while True:
            try:
                if self._connection.closed:
                    self._connection = connect(self._where)
                    self.is_new = True
                return run()
            except psycopg.Error as error:
                self.rollback()
                ours = as_ours(error)
                is_lost = self._connection.closed and ours.is_broken
                if not is_lost or time.monotonic() > deadline:
                    raise ours from error
            time.sleep(RECONNECT_PAUSE)

    @contextlib.contextmanager
    def _undoing(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.rollback()
            raise


@contextlib.contextmanager
def _ours(*, in_bulk: bool = False) -> Iterator[None]:
    """Raise psycopg's errors as ours; what is wrong with rows in bulk is nobody's."""
    try:
        yield
    except psycopg.Error as error:
        ours = as_ours(error)
        if in_bulk and not ours.is_broken:
            raise BulkError(str(ours)) from error
        raise ours from error
