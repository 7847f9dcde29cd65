"""Every row there is, table by table: out of a database, and into an empty one, of any engine."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

import msgspec

from backend.store.engine.db import Db, OpenDb

Row = Mapping[str, object]

# What is referred to stands before what refers to it. By these columns a table is read in pages.
TABLES: Mapping[str, tuple[str, ...]] = {
    "facts": ("name",),
    "counters": ("name",),
    "epochs": ("epoch",),
    "users": ("id",),
    "sessions": ("id",),
    "revocations": ("subject_hash",),
    "invites": ("code_hash",),
    "contacts": ("user_id", "contact_id"),
    "contact_requests": ("from_id", "to_id"),
    "blocks": ("user_id", "blocked_id"),
    "conversations": ("id",),
    "conversation_client_ids": ("user_id", "client_id"),
    "members": ("conversation_id", "user_id", "joined_id"),
    "messages": ("id",),
    "mentions": ("user_id", "conversation_id", "message_id"),
    "reactions": ("message_id", "emoji", "user_id"),
    "reports": ("message_id", "reporter_id"),
    "marks": ("conversation_id", "user_id", "kind"),
    "files": ("id",),
    "loose_bytes": ("sha256",),
    "uploads": ("id",),
    "erasures": ("user_id",),
    "jobs": ("name",),
    "log": ("id",),
}
# What concerns the processes that serve now is not written down.
MOMENTARY = ("nodes", "presence")
SEEDED = ("facts", "counters", "epochs", "jobs")  # have rows before anybody has an account
PAGE = 1000
HASH_BYTES = 16
_encode = msgspec.json.Encoder(order="sorted").encode
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(tuple[str, list[dict[str, object]]]).decode


class BadRow(Exception):
    """A row cannot be one of that table; the text says why."""


class Tally(NamedTuple):
    """How many rows there are, and the sum of their hashes, whatever their order."""

    rows: int = 0
    hash: int = 0

    def add(self, rows: Iterable[bytes]) -> "Tally":
        """With these rows, each as `encode` gives it."""
        count, total = self
        for row in rows:
            digest = hashlib.blake2b(row, digest_size=HASH_BYTES).digest()
            total += int.from_bytes(digest)
            count += 1
        return Tally(count, total % 2 ** (8 * HASH_BYTES))


def encode(row: Row) -> bytes:
    """The row as JSON, its columns in the order of their names, bytes in base64."""
    return _encode(row)


def decode(table: str, row: Row, columns: Mapping[str, type]) -> Row:
    """The row of a table that was encoded so; raises BadRow when it does not fit its columns."""
    for name in TABLES[table]:
        if name not in row:
            raise BadRow(f"{name} is missing")
    return {name: _value(name, value, columns.get(name)) for name, value in row.items()}


def _value(name: str, value: object, kind: type | None) -> object:
    if kind is None:
        raise BadRow(f"there is no column {name!r}")
    if kind is bytes and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error:
            raise BadRow(f"{name} is not in base64") from None
    if value is not None and type(value) is not kind:
        expected = {int: "an integer", str: "a string", bytes: "a string"}[kind]
        raise BadRow(f"{name} is {value!r}: expected {expected}")
    return value


def count(db: Db) -> int:
    """How many rows there are in all tables."""
    return sum(int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in TABLES)


def pages(db: OpenDb, table: str) -> Iterator[list[Row]]:
    """The rows of a table, some at a time, in the order of its key; not while they change."""
    names, key = sorted(db.columns(table)), ", ".join(TABLES[table])
    at = [names.index(each) for each in TABLES[table]]
    select = f"SELECT {', '.join(names)} FROM {table}"
    after = f" WHERE ({key}) > ({', '.join('?' * len(at))})"
    rows = db.execute(f"{select} ORDER BY {key} LIMIT {PAGE}").fetchall()
    while rows:
        yield [dict(zip(names, row, strict=True)) for row in rows]
        last = [rows[-1][each] for each in at]
        rows = db.execute(f"{select}{after} ORDER BY {key} LIMIT {PAGE}", last).fetchall()


def stage(db: OpenDb, file: BinaryIO, done: Callable[[int], None]) -> None:
    """Write every row into a file, for `staged`, in half the time that it takes to write them out.

    So long a snapshot need be held, in which PostgreSQL can tidy nothing up. `done` is told how
    many rows were read since it was called last.
    """
    for table in TABLES:
        for page in pages(db, table):
            packed = _pack((table, page))
            file.write(len(packed).to_bytes(8))
            file.write(packed)
            done(len(page))


def staged(file: BinaryIO) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """The rows in such a file, some of a table at a time."""
    file.seek(0)
    while size := file.read(8):
        yield _unpack(file.read(int.from_bytes(size)))


def tally(db: OpenDb, table: str) -> Tally:
    """What there is in a table now."""
    found = Tally()
    for page in pages(db, table):
        found = found.add(map(encode, page))
    return found


def is_empty(db: Db) -> bool:
    """Whether nobody ever used the database, though a server may have."""
    others = (table for table in TABLES if table not in SEEDED)
    return all(db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None for table in others)


def forget_starts(db: Db) -> None:
    """Let an empty database have no starts of a server, so that others' can be put into it."""
    db.execute("DELETE FROM epochs")
    db.execute("DELETE FROM jobs")


def insert(db: Db, table: str, rows: Sequence[Row]) -> None:
    """Put rows into a table; columns that one has not get their defaults."""
    shapes: dict[tuple[str, ...], list[list[object]]] = {}
    for row in rows:
        shapes.setdefault(tuple(row), []).append(list(row.values()))
    seeded = " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    for names, values in shapes.items():
        db.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            + (seeded if table in {"facts", "counters"} else ""),
            values,
        )


# Which ids stand where, for who brings rows without the counters that gave them out.
DRAWN = {
    "users": ("users.id",),
    "sessions": ("sessions.id",),
    "conversations": ("conversations.id",),
    "messages": ("messages.id",),
    "files": ("files.id",),
    "log": ("log.id", "members.joined_id", "conversations.activity"),
}


def raise_counters(db: Db) -> None:
    """Let no id be drawn that stands in a row already."""
    for counter, places in DRAWN.items():
        sources = [("value", f"counters WHERE name = '{counter}'")]
        sources += [(column, table) for table, column in (place.split(".") for place in places)]
        newest = max(
            db.execute(f"SELECT coalesce(max({column}), 0) FROM {source}").fetchone()[0]
            for column, source in sources
        )
        if newest:
            insert(db, "counters", [{"name": counter, "value": newest}])


def copy(source: OpenDb, target: OpenDb, done: Callable[[int], None]) -> dict[str, Tally]:
    """Put every row of `source` into the empty `target`, within a transaction of each.

    `done` is told how many rows were copied since it was called last. Gives what was read,
    by table.
    """
    forget_starts(target)
    found = {}
    for table in TABLES:
        read = Tally()
        for page in pages(source, table):
            insert(target, table, page)
            read = read.add(map(encode, page))
            done(len(page))
        found[table] = read
    return found
