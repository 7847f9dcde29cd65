"""What a batch has read ahead, and what it is going to write: each in one statement for many rows.

A table of rows goes to PostgreSQL as one parameter, in JSON.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import msgspec

from backend.store.engine.postgres.link import Command
from backend.store.engine.rows import Asked, Bulk, Delete, Insert, Kind, Lookup, Pick, Row, picking

# Looked up for each key by itself: a plan that was made while a table was small or unknown, and
# with which PostgreSQL stays, might otherwise go through all of it.
BY_ITSELF = "OFFSET 0"
_encode = msgspec.json.Encoder().encode


class Ahead:
    """The rows of what was looked up at the beginning, until anything else changes them."""

    def __init__(self) -> None:
        self._found: dict[Lookup, dict[Row, list[Row]]] = {}
        self._asked: list[tuple[Lookup, list[Row]]] = []

    def ask(self, asked: Iterable[Asked]) -> Iterator[Command]:
        """The statements that look all of it up; `take` has to be given what each finds."""
        keys: dict[Lookup, dict[Row, None]] = {}
        for lookup, key in asked:
            keys.setdefault(lookup, {})[key] = None
        self._found, self._asked = {}, [(lookup, list(found)) for lookup, found in keys.items()]
        for lookup, found in self._asked:
            names = [f"k{place}" for place in range(len(lookup.kinds))]
            rows = [dict(zip(names, key, strict=True)) | {"n": n} for n, key in enumerate(found)]
            yield (_many_lookups(lookup), [_encode(rows).decode()])

    def take(self, results: Iterable[Iterable[Row]]) -> None:
        """Note what was found."""
        for (lookup, keys), rows in zip(self._asked, results, strict=True):
            found: dict[Row, list[Row]] = {key: [] for key in keys}
            for n, *row in rows:
                found[keys[n]].append(tuple(row))
            self._found[lookup] = found

    def get(self, lookup: Lookup, key: Row) -> list[Row] | None:
        """The rows of a key; None when it was not looked up ahead."""
        found = self._found.get(lookup)
        return None if found is None else found.get(key)

    def forget(self) -> None:
        """Know nothing any more."""
        self._found = {}


class Later:
    """Rows to be written, of each key of an update only the last, and those written so."""

    def __init__(self) -> None:
        self._waiting: dict[Bulk, dict[Any, Row]] = {}
        self._written: dict[Bulk, dict[Row, Row]] = {}

    def add(self, bulk: Bulk, row: Row) -> None:
        """Write a row soon."""
        key = _key_of(bulk)(row)
        rows = self._waiting.setdefault(bulk, {})
        is_new = isinstance(bulk, Insert) and not bulk.replaces
        rows[len(rows) if is_new else key] = row
        self._written.setdefault(bulk, {})[key] = row

    def collides(self, bulk: Bulk) -> bool:
        """Whether rows of its table wait that were written in another way: theirs come first.

        What goes was there before, so that it does not matter when.
        """
        return not isinstance(bulk, Delete) and any(
            each.table == bulk.table and each is not bulk and not isinstance(each, Delete)
            for each in self._waiting
        )

    def last(self, bulk: Bulk, key: Row) -> Row | None:
        """The last row written so in this transaction."""
        found = self._written.get(bulk)
        return None if found is None else found.get(key)

    def take(self) -> list[Command]:
        """The statements that write all that waits; it waits no more."""
        waiting, self._waiting = self._waiting, {}
        return [(_many_rows(bulk), [_as_json(bulk, rows)]) for bulk, rows in waiting.items()]

    def forget(self) -> None:
        """Know nothing any more of what was written."""
        self._written = {}

    def clear(self) -> None:
        """Write nothing of what waits."""
        self._waiting, self._written = {}, {}


@cache
def _key_of(bulk: Bulk) -> Pick:
    """What gives the key of a row."""
    return picking([list(bulk.columns).index(column) for column in bulk.known_by])


def _as_json(bulk: Bulk, rows: dict[Any, Row]) -> str:
    names = list(bulk.columns)
    texts = [place for place, kind in enumerate(bulk.columns.values()) if kind == "bytea"]
    found = []
    for row in rows.values():
        values: dict[str, Any] = dict(zip(names, row, strict=True))
        for place in texts:
            if row[place] is not None:
                values[names[place]] = row[place].decode()
        found.append(values)
    return _encode(found).decode()


@cache
def _many_lookups(lookup: Lookup) -> str:
    keys = ", ".join(f"k{place} {kind}" for place, kind in enumerate(lookup.kinds))
    one = lookup.select.format(*(f"keys.k{place}" for place in range(len(lookup.kinds))))
    return (
        "SELECT keys.n, found.* FROM"
        f" json_to_recordset(CAST($1 AS json)) AS keys (n bigint, {keys})"
        f" CROSS JOIN LATERAL ({one} {BY_ITSELF}) AS found"
    )


@cache
def _many_rows(bulk: Bulk) -> str:
    """Bytes are texts in UTF-8 everywhere in bulk, so that JSON holds them."""
    names = ", ".join(bulk.columns)
    kinds = ", ".join(
        f"{name} {'text' if kind == 'bytea' else kind}" for name, kind in bulk.columns.items()
    )
    source = f"json_to_recordset(CAST($1 AS json)) AS new ({kinds})"
    values = {name: _value(name, kind) for name, kind in bulk.columns.items()}
    if isinstance(bulk, Insert):
        found = f"SELECT {', '.join(values.values())} FROM {source}"
        return f"INSERT INTO {bulk.table} ({names}) {found}{bulk.conflict}"
    where = " AND ".join(f"{bulk.table}.{name} = new.{name}" for name in bulk.known_by)
    if isinstance(bulk, Delete):
        return f"DELETE FROM {bulk.table} USING {source} WHERE {where}"
    changed = ", ".join(
        f"{name} = {value}" for name, value in values.items() if name not in bulk.known_by
    )
    keyed = f"SELECT ctid AS place, * FROM {bulk.table} WHERE {where} {BY_ITSELF}"
    only = f" WHERE {bulk.only}" if bulk.only else ""
    return (
        f"UPDATE {bulk.table} SET {changed} FROM {source}"
        f" CROSS JOIN LATERAL (SELECT place FROM ({keyed}) AS keyed{only}) AS found"
        f" WHERE {bulk.table}.ctid = found.place"
    )


def _value(name: str, kind: Kind) -> str:
    return f"convert_to(new.{name}, 'UTF8')" if kind == "bytea" else f"new.{name}"
