"""What a database is to handlers and tables: it runs statements and gives out ids."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

from backend.store.engine.rows import Asked, Bulk, Lookup, Row

FOREVER = 2**53 - 1  # above every id and time; the greatest integer JavaScript keeps exactly
Parameters = Sequence[Any] | Mapping[str, Any]
Last = tuple[str, Sequence[Any]]


class Rows(Protocol):
    """What a statement gives: rows as tuples, each of them once, and how many it changed."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1 if the statement changes none."""

    @property
    def description(self) -> Any:
        """A sequence per column of the rows, whose first item is the column's name."""

    def __iter__(self) -> Iterator[Any]:
        """The rows that are left."""

    def fetchone(self) -> Any:
        """The next row, None at the end."""

    def fetchall(self) -> list[Any]:
        """The rows that are left, as a list."""


class Db(Protocol):
    """A connection, within a transaction or a snapshot."""

    @property
    def dialect(self) -> Literal["sqlite", "postgres"]:
        """What it is written in what no statement says in both: migrations, and the search."""

    stored_bytes: int
    """How much was stored in this transaction, as counted by who stores much."""

    def execute(self, sql: str, parameters: Parameters = (), /) -> Rows:
        """Run a statement; parameters are bound by `?` in order, or by `:name`."""

    def executemany(self, sql: str, parameters: Iterable[Parameters], /) -> Rows:
        """Run a statement once with each of the parameters."""

    def look_up(self, lookup: Lookup, /, *key: Any) -> list[Any]:
        """The rows of a key, as the statement for one gives them; perhaps they were read ahead."""

    def later(self, bulk: Bulk, row: Row, /) -> None:
        """Write a row before anything else is read or written, or at the end.

        What has been read ahead does not know of it: whoever looks that up asks `written` as well.
        """

    def written(self, bulk: Bulk, /, *key: Any) -> Row | None:
        """The last row of a key that was written by `later` and may be missing in what was read
        ahead."""

    def draw(self, counter: str, /) -> int:
        """The next id of a counter, which is dense: a write that is refused gives its ids back.

        Only within a transaction that writes.
        """

    def newest(self, counter: str, /) -> int:
        """The id that was drawn last from a counter, whatever has been deleted since; 0 if none."""

    def run_name(self) -> str:
        """Which run of the database this is: another one when it was restarted or replaced."""


class OpenDb(Db, Protocol):
    """A connection of one's own: whoever has it begins and ends its transactions."""

    most_seconds: float
    """How long a batch may take by the clock: not for ever where it waits for a network."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is under way."""

    def begin(self, ahead: Iterable[Asked] = (), *, at_once: bool = False) -> None:
        """Begin a transaction that writes; waits for other writers.

        `ahead` is what is going to be looked up, as a hint. With `at_once`, what is written later
        is written at once, so that an error is that of its write.
        """

    def commit(self) -> None:
        """Put the transaction on disk."""

    def finish(self, last: Last, /) -> list[Any]:
        """Commit; gives the rows that this statement has found at the very end."""

    def rollback(self) -> None:
        """Undo the transaction, if there is one."""

    def transaction(self) -> AbstractContextManager[None]:
        """A transaction that writes: all of it on disk at the end, or nothing."""

    @property
    def is_new(self) -> bool:
        """Whether nothing was written by this connection since it was made, or made anew.

        Still after a commit that was lost with one, and found on another.
        """

    def tell(self, texts: Iterable[str], /) -> None:
        """Tell these to all who listen, at the end of this transaction; each under 8,000 bytes."""

    def beside(self) -> AbstractContextManager[None]:
        """A transaction beside the writers': what it changes no other transaction may change."""

    def claim(self, job: str, /) -> AbstractContextManager[bool]:
        """One beside the writers', for what one does at a time; False: another does it."""

    def snapshot(self) -> AbstractContextManager[None]:
        """A transaction that only reads: all its statements see the same state."""

    def mark(self) -> object:
        """Where the transaction is, for `take_back`."""

    def take_back(self, mark: Any, /) -> bool:
        """Undo what only memory has of what came after `mark`; False when more is to be undone."""

    def has_news(self) -> bool:
        """Whether another connection has committed since this was asked last."""

    def has_table(self, name: str, /) -> bool:
        """Whether there is a table of that name."""

    def run_script(self, script: str, /) -> None:
        """Run the statements of a script; raises ValueError when the last has no end."""

    def schema_change(self) -> AbstractContextManager[None]:
        """A transaction that may make tables anew: what refers to what is looked at at its end."""

    def recover(self, error: BaseException, /) -> None:
        """Be as well as can be after an error that concerns the database as a whole."""

    def columns(self, table: str, /) -> dict[str, type]:
        """The columns of a table: name to `int`, `str` or `bytes`."""

    def faults(self) -> list[str]:
        """What is wrong that the engine itself can find, a sentence each."""

    def checkpoint(self, patience_ms: int, /) -> bool:
        """Take what was deleted out of what was logged; False when others were in the way."""

    def leave_checkpoints(self) -> None:
        """From here on move nothing of what was logged with a commit: `move_log` is called."""

    def is_log_long(self) -> bool:
        """Whether this connection has logged so much that `move_log` is due."""

    def move_log(self) -> None:
        """Move what was logged to its place, as far as nobody is in the way; holds nobody up."""

    def vacuum(self) -> None:
        """Give back the room of what was deleted; not within a transaction."""

    def size(self) -> int:
        """How many bytes the database takes."""

    def close(self) -> None:
        """Close the connection; what is not committed is undone."""


def look_up_anew(db: Db, lookup: Lookup, /, *key: Any) -> list[Any]:
    """The rows of a key as they are, after all that was to be written."""
    return db.execute(lookup.one, lookup.bound(key)).fetchall()
