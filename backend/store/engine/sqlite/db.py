"""SQLite as a Db: transactions begun and ended by hand, ids drawn from the table `counters`."""

import contextlib
import functools
import math
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from backend.store.engine.db import Last
from backend.store.engine.faults import is_broken
from backend.store.engine.rows import Asked, Bulk, Lookup, Row
from backend.store.engine.sqlite.schema import statements

COPY_PAGES = 4096  # between two looks at how far it is
KINDS = {"INTEGER": int, "TEXT": str, "BLOB": bytes}
Mark = tuple[int, int]


@functools.cache
def own_name() -> str:
    """What this process calls its run."""
    return secrets.token_hex(5)


class SqliteDb(sqlite3.Connection):
    """A connection in autocommit mode.

    What is drawn within a transaction is kept here and written once, at its end: an id costs no
    statement, and ids are dense in the order of commits. How far the counters are is known from one
    transaction to the next unless another connection has committed in between: one look at the
    version instead of one at each counter.
    """

    dialect: Literal["sqlite"] = "sqlite"
    is_new = True
    _counters: dict[str, int]
    """How far the counters are that were drawn from since `_counted_at`."""
    _counted_at = 0
    """The version of the database at which nothing of that was known."""
    _drawn: list[str] | None = None
    """The counters that this transaction has drawn from, in order, once for each id."""
    _version = 0
    stored_bytes = 0
    most_seconds = math.inf

    def begin(self, ahead: Iterable[Asked] = (), *, at_once: bool = False) -> None:
        """Begin a transaction that writes; waits for other writers. Nothing is far away here."""
        self.execute("BEGIN IMMEDIATE")
        version = self._data_version()
        if version != self._counted_at:
            self._counters, self._counted_at = {}, version
        self._drawn = []
        self.stored_bytes = 0

    def commit(self) -> None:
        """Put the transaction on disk, with how far the counters are."""
        if self._drawn:
            self.executemany(
                "INSERT INTO counters (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [(name, self._counters[name]) for name in set(self._drawn)],
            )
        super().commit()
        self._drawn = None
        self.is_new = False

    def finish(self, last: Last, /) -> list[Any]:
        """Commit; gives the rows that this statement has found at the very end."""
        rows = self.execute(*last).fetchall()
        self.commit()
        return rows

    def rollback(self) -> None:
        """Undo the transaction, if there is one; what was drawn in it will be drawn again."""
        self._drawn, self._counted_at = None, 0
        super().rollback()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that writes: all of it on disk at the end, or nothing."""
        self.begin()
        try:
            yield
            self.commit()
        except BaseException:
            self.rollback()
            raise

    @contextlib.contextmanager
    def schema_change(self) -> Iterator[None]:
        """A transaction that may make tables anew: what refers to what is looked at at its end.

        Raises IntegrityError when a row refers to one that is not there.
        """
        self.execute("PRAGMA foreign_keys = OFF")  # only outside a transaction
        try:
            with self.transaction():
                yield
                lost = self.execute("PRAGMA foreign_key_check").fetchone()
                if lost is not None:
                    raise sqlite3.IntegrityError(f"a row of {lost[0]} refers to none of {lost[2]}")
        finally:
            self.execute("PRAGMA foreign_keys = ON")

    @contextlib.contextmanager
    def beside(self) -> Iterator[None]:
        """A transaction that locks what it writes to only, not a database that is attached."""
        self.execute("BEGIN")
        try:
            yield
            self.commit()
        except BaseException:
            self.rollback()
            raise

    @contextlib.contextmanager
    def claim(self, job: str, /) -> Iterator[bool]:
        """As `beside`: there is nobody else."""
        with self.beside():
            yield True

    def run_name(self) -> str:
        """Every process has the file for itself, as it is then."""
        return own_name()

    def tell(self, texts: Iterable[str], /) -> None:
        """There is nobody else."""

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """A transaction that only reads: all its statements see the same state."""
        self.execute("BEGIN")
        try:
            yield
        finally:
            super().rollback()

    def look_up(self, lookup: Lookup, /, *key: Any) -> list[Any]:
        """The rows of a key."""
        return self.execute(lookup.one, lookup.bound(key)).fetchall()

    def later(self, bulk: Bulk, row: Row, /) -> None:
        """Write a row, at once: no other time is better here."""
        self.execute(bulk.one, row)

    def written(self, bulk: Bulk, /, *key: Any) -> Row | None:
        """Nothing is read before it is needed."""
        return None

    def draw(self, counter: str, /) -> int:
        """The next id of a counter; raises RuntimeError outside a transaction that writes."""
        if self._drawn is None:
            raise RuntimeError(f"an id of '{counter}' was drawn outside a transaction")
        counters = self._counters
        if counter not in counters:
            counters[counter] = self.newest(counter)
        counters[counter] = drawn = counters[counter] + 1
        self._drawn.append(counter)
        return drawn

    def newest(self, counter: str, /) -> int:
        """The id that was drawn last from a counter; 0 if none was."""
        if self._drawn is not None and counter in self._counters:
            return self._counters[counter]
        row = self.execute("SELECT value FROM counters WHERE name = ?", (counter,)).fetchone()
        return int(row[0]) if row else 0

    def mark(self) -> Mark:
        """Where the transaction is: how many ids were drawn in it, and how much was changed."""
        return len(self._drawn or ()), self.total_changes

    def take_back(self, mark: Mark, /) -> bool:
        """Let what was drawn since be drawn again; False when something was changed since."""
        count, changes = mark
        while self._drawn and len(self._drawn) > count:
            self._counters[self._drawn.pop()] -= 1
        return self.total_changes == changes

    def has_news(self) -> bool:
        """Whether another connection has committed since this was asked last."""
        version = self._data_version()
        changed, self._version = version != self._version, version
        return changed

    def has_table(self, name: str, /) -> bool:
        """Whether there is a table of that name."""
        found = self.execute(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (name,)
        )
        return found.fetchone() is not None

    def _data_version(self) -> int:
        """A number that changes when another connection commits; never 0."""
        return int(self.execute("PRAGMA data_version").fetchone()[0])

    def run_script(self, script: str, /) -> None:
        """Run the statements of a script; raises ValueError when the last has no end."""
        for statement in statements(script):
            self.execute(statement)

    def recover(self, error: BaseException, /) -> None:
        """Drop the cached pages after a fault: damaged ones would outlive the damage."""
        if is_broken(error):
            with contextlib.suppress(sqlite3.Error):
                self.execute("PRAGMA shrink_memory")

    def columns(self, table: str, /) -> dict[str, type]:
        """As OpenDb says."""
        rows = self.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
        return {name: KINDS[kind] for name, kind in rows}

    def faults(self) -> list[str]:
        """What is wrong in the file, or between its tables, a sentence each."""
        found = [row[0] for row in self.execute("PRAGMA integrity_check") if row[0] != "ok"]
        return found + [
            f"table {table}: row {row} refers to one of {parent} that is not there"
            for table, row, parent, _ in self.execute("PRAGMA foreign_key_check")
        ]

    def attach(self, path: str, name: str) -> None:
        """Let statements name the tables of another database; not within a transaction."""
        self.execute(f"ATTACH DATABASE ? AS {name}", (path,))

    def checkpoint(self, patience_ms: int) -> bool:
        """Move what is committed into the file, and cut the write-ahead log to nothing.

        Gives whether it was done: a reader in the way is waited for so long, as are we by others.
        """
        usual = self.execute("PRAGMA busy_timeout").fetchone()[0]
        self.execute(f"PRAGMA busy_timeout = {patience_ms}")
        try:
            busy = self.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            self.execute(f"PRAGMA busy_timeout = {usual}")
        return not busy

    def vacuum(self) -> None:
        """Write the file anew, without what is free in it; nobody else may use it meanwhile."""
        self.execute("VACUUM")

    def size(self) -> int:
        """How many bytes the file has, pages in the write-ahead log included."""
        sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        return int(self.execute(sql).fetchone()[0])

    def copy_to(self, path: str, reached: Callable[[int, int], None]) -> None:
        """Write all there is at this moment, from one snapshot, into the empty file at `path`.

        `reached` is told now and then how many pages are written, and how many there are.
        """

        def tell(status: int, remaining: int, total: int) -> None:
            reached(total - remaining, total)

        with contextlib.closing(sqlite3.connect(path)) as copy, self.snapshot():
            self.execute("SELECT 1 FROM sqlite_schema").fetchone()  # holds it from here on
            self.backup(copy, pages=COPY_PAGES, progress=tell)
