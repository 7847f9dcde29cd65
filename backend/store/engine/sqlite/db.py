"""SQLite as a Db: transactions begun and ended by hand, ids drawn from the table `counters`."""

import contextlib
import functools
import math
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from backend.store.engine.db import Last
from backend.store.engine.faults import BulkError, is_broken
from backend.store.engine.rows import Asked, Bulk, Lookup, Row
from backend.store.engine.sqlite.file import SqliteFile
from backend.store.engine.sqlite.schema import statements
from backend.store.engine.waiting import Later

COPY_PAGES = 4096  # between two looks at how far it is
Mark = tuple[int, int]
NEWEST = "SELECT value FROM counters WHERE name = ?"

_execute = sqlite3.Connection.execute  # without a look at what waits
_executemany = sqlite3.Connection.executemany


@functools.cache
def own_name() -> str:
    """What this process calls its run."""
    return secrets.token_hex(5)


class SqliteDb(SqliteFile):
    """A connection in autocommit mode.

    What is drawn within a transaction is kept here and written once, at its end: an id costs no
    statement, and ids are dense in the order of commits. How far the counters are is known from one
    transaction to the next unless another connection has committed in between: one look at the
    version instead of one at each counter.
    """

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
    _flushed = 0
    """How many of the changes were waiting rows."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._found: dict[tuple[Lookup, Row], list[Any]] = {}
        """What was looked up in this transaction, until anything but what waits changes it."""
        self._later = Later(self._write, self._flush)
        self.later = self._later.add
        self.written = self._later.last

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run a statement; parameters are bound by `?` in order, or by `:name`."""
        if self._drawn is None:
            return _execute(self, sql, parameters)
        self._flush()
        self._note(sql)
        return _execute(self, sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        """Run a statement once with each of the parameters."""
        if self._drawn is not None:
            self._flush()
            self._note(sql)
        return _executemany(self, sql, parameters)

    def begin(self, ahead: Iterable[Asked] = (), *, at_once: bool = False) -> None:
        """Begin a transaction that writes; waits for other writers.

        Nothing is far away here: what is looked up is read when it is.
        """
        _execute(self, "BEGIN IMMEDIATE")
        version = self._data_version()
        if version != self._counted_at:
            self._counters, self._counted_at = {}, version
        self._drawn = []
        self._later.is_at_once = at_once
        self.stored_bytes = 0

    def commit(self) -> None:
        """Put the transaction on disk, with how far the counters are."""
        self._flush()
        if self._drawn:
            _executemany(
                self,
                "INSERT INTO counters (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [(name, self._counters[name]) for name in set(self._drawn)],
            )
        super().commit()
        self._end()
        self.is_new = False

    def finish(self, last: Last, /) -> list[Any]:
        """Commit; gives the rows that this statement has found at the very end."""
        rows = self.execute(*last).fetchall()
        self.commit()
        return rows

    def rollback(self) -> None:
        """Undo the transaction, if there is one; what was drawn in it will be drawn again."""
        self._end()
        self._counted_at = 0
        super().rollback()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that writes: all of it on disk at the end, or nothing."""
        self.begin()
        with self._undoing():
            yield
            self.commit()

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
        with self._undoing():
            yield
            self.commit()

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
        """The rows of a key; perhaps they were looked up before."""
        if self._drawn is None:
            return _execute(self, lookup.one, lookup.bound(key)).fetchall()
        asked = (lookup, key)
        found = self._found.get(asked)
        if found is None:
            rows = _execute(self, lookup.one, lookup.bound(key))
            found = self._found[asked] = rows.fetchall()
        return found

    def draw(self, counter: str, /) -> int:
        """The next id of a counter; raises RuntimeError outside a transaction that writes."""
        if self._drawn is None:
            raise RuntimeError(f"an id of '{counter}' was drawn outside a transaction")
        try:
            drawn = self._counters[counter] + 1
        except KeyError:
            drawn = self.newest(counter) + 1
        self._counters[counter] = drawn
        self._drawn.append(counter)
        return drawn

    def newest(self, counter: str, /) -> int:
        """The id that was drawn last from a counter; 0 if none was."""
        if self._drawn is not None and counter in self._counters:
            return self._counters[counter]
        row = _execute(self, NEWEST, (counter,)).fetchone()
        return int(row[0]) if row else 0

    def mark(self) -> Mark:
        """Where the transaction is: how many ids were drawn in it, and how much was changed."""
        return len(self._drawn or ()), self.total_changes - self._flushed + self._later.added

    def take_back(self, mark: Mark, /) -> bool:
        """Let what was drawn since be drawn again; False when something was changed since."""
        count, changes = mark
        while self._drawn and len(self._drawn) > count:
            self._counters[self._drawn.pop()] -= 1
        return self.total_changes - self._flushed + self._later.added == changes

    def has_news(self) -> bool:
        """Whether another connection has committed since this was asked last."""
        version = self._data_version()
        changed, self._version = version != self._version, version
        return changed

    def _data_version(self) -> int:
        """A number that changes when another connection commits; never 0."""
        return int(_execute(self, "PRAGMA data_version").fetchone()[0])

    def _write(self, bulk: Bulk, rows: list[Row]) -> None:
        self.executemany(bulk.one, rows)

    def _flush(self) -> None:
        """Write what waits: what is wrong with a row is not known to be of which write."""
        if self._later.is_empty:
            return
        before = self.total_changes
        try:
            for bulk, rows in self._later.take():
                _executemany(self, bulk.one, rows)
        except sqlite3.Error as error:
            if is_broken(error):
                raise
            raise BulkError(str(error)) from error
        self._flushed += self.total_changes - before

    def _note(self, sql: str) -> None:
        """What is changed now, nobody knows of who has looked it up, or asks what was written."""
        if not _only_reads(sql):
            self._found = {}
            self._later.forget()

    @contextlib.contextmanager
    def _undoing(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.rollback()
            raise

    def _end(self) -> None:
        self._drawn = None
        self._found = {}
        self._later.clear()

    def run_script(self, script: str, /) -> None:
        """Run the statements of a script; raises ValueError when the last has no end."""
        for statement in statements(script):
            self.execute(statement)

    def recover(self, error: BaseException, /) -> None:
        """Drop the cached pages after a fault: damaged ones would outlive the damage."""
        if is_broken(error):
            with contextlib.suppress(sqlite3.Error):
                self.execute("PRAGMA shrink_memory")

    def copy_to(self, path: str, reached: Callable[[int, int], None]) -> None:
        """Write all there is at this moment, from one snapshot, into the empty file at `path`.

        `reached` is told now and then how many pages are written, and how many there are.
        """

        def tell(status: int, remaining: int, total: int) -> None:
            os.fsync(written)  # all of it at the end would hold up everybody's commits
            reached(total - remaining, total)

        with contextlib.closing(sqlite3.connect(path)) as copy, self.snapshot():
            self.execute("SELECT 1 FROM sqlite_schema").fetchone()  # holds it from here on
            with Path(path).open("rb+") as file:
                written = file.fileno()
                self.backup(copy, pages=COPY_PAGES, progress=tell)


@functools.lru_cache(4096)
def _only_reads(sql: str) -> bool:
    return sql.lstrip().startswith(("SELECT", "WITH"))
