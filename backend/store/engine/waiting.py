"""What a transaction is going to write: rows that wait until they are written together.

Of each key of an update only the last is written. Where eight messages of a conversation share a
batch that gave SQLite's writer a fifth of its time; of PostgreSQL's it makes two round trips a
batch.
"""

from collections.abc import Callable

from backend.store.engine.rows import Bulk, Delete, Insert, Pick, Row, Update, key_of


class _Waiting:
    """The rows of one way of writing, and the last of each key since others were forgotten."""

    __slots__ = ("key_of", "known", "rows")

    def __init__(self, known: dict[Row, Row], key_of: Pick) -> None:
        self.rows: list[Row] = []
        self.known = known
        self.key_of = key_of


class Later:
    """Rows to be written, and those written so.

    `write` is called with rows that are to be written in one way; `flush` has to write what waits.
    """

    def __init__(self, write: Callable[[Bulk, list[Row]], None], flush: Callable[[], None]) -> None:
        self._write = write
        self._flush = flush
        self.is_at_once = True
        """Whether each row is written when it comes."""
        self._waiting: dict[Bulk, _Waiting] = {}
        self._known: dict[Bulk, dict[Row, Row]] = {}
        self.added = 0
        """How many rows have waited, ever."""

    def add(self, bulk: Bulk, row: Row, /) -> None:
        """Write a row soon."""
        waiting = self._waiting.get(bulk)
        if waiting is None:
            if self.is_at_once:
                self._write(bulk, [row])
                return
            waiting = self._begin(bulk)
        waiting.rows.append(row)
        waiting.known[waiting.key_of(row)] = row
        self.added += 1

    def last(self, bulk: Bulk, /, *key: object) -> Row | None:
        """The last row of a key that was written so in this transaction."""
        known = self._known.get(bulk)
        return None if known is None else known.get(key)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def take(self) -> list[tuple[Bulk, list[Row]]]:
        """All that waits, in the order in which it is to be written; it waits no more."""
        taken, self._waiting = self._waiting, {}
        order = sorted(taken, key=_goes_last) if len(taken) > 1 else taken
        return [(bulk, _to_write(bulk, taken[bulk])) for bulk in order]

    def forget(self) -> None:
        """Know nothing any more of what was written; nothing waits."""
        self._known = {}

    def clear(self) -> None:
        """Write nothing of what waits; from here on everything at once."""
        self._waiting, self._known, self.is_at_once = {}, {}, True

    def _begin(self, bulk: Bulk) -> _Waiting:
        if not isinstance(bulk, Delete) and any(
            each.table == bulk.table and type(each) is type(bulk) for each in self._waiting
        ):  # in another way; what goes was there before, so that it does not matter when
            self._flush()
        known = self._known.setdefault(bulk, {})
        waiting = self._waiting[bulk] = _Waiting(known, key_of(bulk))
        return waiting


def _goes_last(bulk: Bulk) -> bool:
    """Whether what is changed, or referred to, may be as new as this."""
    return isinstance(bulk, Update) or (isinstance(bulk, Insert) and bulk.refers)


def _to_write(bulk: Bulk, waiting: _Waiting) -> list[Row]:
    if isinstance(bulk, Insert) and not bulk.replaces:
        return waiting.rows
    return list(dict(zip(map(waiting.key_of, waiting.rows), waiting.rows, strict=True)).values())
