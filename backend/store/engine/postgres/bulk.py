"""Looking many keys up, and writing many rows, in one statement each.

A table of rows goes to PostgreSQL as one parameter, in JSON.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from backend.store.engine.postgres.pipeline import Command
from backend.store.engine.rows import Asked, Bulk, Delete, Insert, Kind, Lookup, Row

# Looked up for each key by itself: a plan that was made while a table was small or unknown, and
# with which PostgreSQL stays, might otherwise go through all of it.
BY_ITSELF = "OFFSET 0"
_encode = msgspec.json.Encoder().encode


class Asking:
    """What is to be looked up at the beginning of a batch."""

    def __init__(self, asked: Iterable[Asked]) -> None:
        keys: dict[Lookup, dict[Row, None]] = {}
        for lookup, key in asked:
            keys.setdefault(lookup, {})[key] = None
        self._keys = [(lookup, list(found)) for lookup, found in keys.items()]

    def commands(self) -> list[Command]:
        """The statements that look all of it up; `found` has to be given what each finds."""
        return [_lookup(lookup, keys) for lookup, keys in self._keys]

    def found(self, results: Iterable[Iterable[Row]]) -> dict[Asked, list[Any]]:
        """The rows of all that was asked, of what each of the statements gave."""
        found: dict[Asked, list[Any]] = {}
        for (lookup, keys), rows in zip(self._keys, results, strict=True):
            asked = [Asked(lookup, key) for key in keys]
            found |= {each: [] for each in asked}
            for n, *row in rows:
                found[asked[n]].append(tuple(row))
        return found


def write(bulk: Bulk, rows: Iterable[Row]) -> Command:
    """The statement that writes rows."""
    return _many_rows(bulk), [_as_json(bulk, rows)]


def _lookup(lookup: Lookup, keys: list[Row]) -> Command:
    names = ["n", *(f"k{place}" for place in range(len(lookup.kinds)))]
    shape = _shape(tuple(names))
    return _many_lookups(lookup), [_encode([shape(n, *key) for n, key in enumerate(keys)]).decode()]


def _as_json(bulk: Bulk, rows: Iterable[Row]) -> str:
    shape = _shape(tuple(bulk.columns))
    return _encode([shape(*row) for row in rows]).decode()


@cache
def _shape(names: tuple[str, ...]) -> type[msgspec.Struct]:
    """What is encoded as an object with these names: in half the time of a dictionary."""
    return msgspec.defstruct("Row", names, gc=False)


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
    """Bytes are in base64, as JSON cannot hold them."""
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
    return f"decode(new.{name}, 'base64')" if kind == "bytea" else f"new.{name}"
