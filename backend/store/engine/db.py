"""What a database is to handlers and tables: it runs statements and gives out ids."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

FOREVER = 2**53 - 1  # above every id and time; the greatest integer JavaScript keeps exactly
Parameters = Sequence[Any] | Mapping[str, Any]


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

    stored_bytes: int
    """How much was stored in this transaction, as counted by who stores much."""

    def execute(self, sql: str, parameters: Parameters = (), /) -> Rows:
        """Run a statement; parameters are bound by `?` in order, or by `:name`."""

    def executemany(self, sql: str, parameters: Iterable[Parameters], /) -> Rows:
        """Run a statement once with each of the parameters."""

    def draw(self, counter: str, /) -> int:
        """The next id of a counter, which is dense: a write that is refused gives its ids back.

        Only within a transaction that writes.
        """

    def newest(self, counter: str, /) -> int:
        """The id that was drawn last from a counter, whatever has been deleted since; 0 if none."""
