"""What a transaction has looked up, and what it is going to write: rows by their keys, in memory.

Many writes share a transaction. What they look up is read once, and what they write waits until it
is written together, of each key of an update only the last: on SQLite that gave a fifth of the
writer's time where eight messages of a conversation share one, on PostgreSQL it makes two round
trips of a batch.
"""

from typing import Any

from backend.store.engine.rows import Bulk, Delete, Insert, Lookup, Row

Written = list[tuple[Bulk, list[Row]]]


class Ahead:
    """The rows of what was looked up, until anything but what waits changes them."""

    def __init__(self) -> None:
        self._found: dict[Lookup, dict[Row, list[Any]]] = {}

    def put(self, lookup: Lookup, found: dict[Row, list[Any]]) -> None:
        """Know the rows of these keys, and of no others."""
        self._found[lookup] = found

    def get(self, lookup: Lookup, key: Row) -> list[Any] | None:
        """The rows of a key; None when it was not looked up."""
        found = self._found.get(lookup)
        return None if found is None else found.get(key)

    def add(self, lookup: Lookup, key: Row, rows: list[Any]) -> None:
        """Know the rows of one more key."""
        self._found.setdefault(lookup, {})[key] = rows

    def forget(self) -> None:
        """Know nothing any more."""
        self._found = {}


class Later:
    """Rows to be written, of each key of an update only the last, and those written so."""

    def __init__(self) -> None:
        self._waiting: dict[Bulk, dict[Any, Row]] = {}
        self._written: dict[Bulk, dict[Row, Row]] = {}
        self._ways: dict[str, Bulk] = {}
        self.added = 0
        """How many rows there were, ever."""

    def add(self, bulk: Bulk, row: Row) -> None:
        """Write a row soon."""
        key = bulk.key_of(row)
        rows = self._waiting.get(bulk)
        if rows is None:
            rows = self._waiting[bulk] = {}
            if not isinstance(bulk, Delete):
                self._ways[bulk.table] = bulk
        is_new = isinstance(bulk, Insert) and not bulk.replaces
        rows[len(rows) if is_new else key] = row
        written = self._written.get(bulk)
        if written is None:
            written = self._written[bulk] = {}
        written[key] = row
        self.added += 1

    def collides(self, bulk: Bulk) -> bool:
        """Whether rows of its table wait that were written in another way: theirs come first.

        What goes was there before, so that it does not matter when.
        """
        way = self._ways.get(bulk.table)
        return way is not None and way is not bulk and not isinstance(bulk, Delete)

    def last(self, bulk: Bulk, key: Row) -> Row | None:
        """The last row written so in this transaction."""
        found = self._written.get(bulk)
        return None if found is None else found.get(key)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def take(self) -> Written:
        """All that waits, in the order in which it is to be written; it waits no more."""
        waiting, self._waiting, self._ways = self._waiting, {}, {}
        return [(bulk, list(rows.values())) for bulk, rows in waiting.items()]

    def forget(self) -> None:
        """Know nothing any more of what was written."""
        self._written = {}

    def clear(self) -> None:
        """Write nothing of what waits."""
        self._waiting, self._written, self._ways = {}, {}, {}
