"""Every row of every table: what is listed is all there is."""

import json
from pathlib import Path

import pytest

from backend.store import accounts
from backend.store.accounts import NewAccount
from backend.store.dump import MOMENTARY, TABLES, BadRow, Tally, decode, encode, stage, staged
from backend.store.engine.db import OpenDb
from backend.store.engine.sqlite.db import SqliteDb


@pytest.mark.sqlite
def test_all_tables_are_listed_with_their_keys(db: SqliteDb) -> None:
    """A new one has to be added; but for how far the schema is, which is the version's."""
    tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    own = {"schema_migrations", "sqlite_sequence", *MOMENTARY}
    assert {name for (name,) in tables} - own == set(TABLES)
    for table, key in TABLES.items():
        found = db.execute(
            "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", (table,)
        )
        assert tuple(name for (name,) in found) == key, table


@pytest.mark.sqlite
def test_what_is_referred_to_comes_first(db: SqliteDb) -> None:
    """So that rows can be put in one after the other."""
    seen: set[str] = set()
    for table in TABLES:
        seen.add(table)
        needed = db.execute('SELECT "table" FROM pragma_foreign_key_list(?)', (table,))
        assert {name for (name,) in needed} <= seen, table


def test_a_tally_is_the_same_in_any_order() -> None:
    """Engines put rows in different orders; one that differs, is missing or doubled shows."""
    rows = [encode({"id": number, "name": f"é{number}"}) for number in range(5)]
    whole = Tally().add(rows)
    assert whole == Tally().add(rows[3:]).add(reversed(rows[:3]))
    for other in (rows[1:], [*rows, rows[0]], [*rows[:4], rows[4].replace(b"4", b"5")]):
        assert Tally().add(other) != whole


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": 1, "color": "red"}, "there is no column 'color'"),
        ({"id": "1"}, "id is '1': expected an integer"),
        ({"id": 1, "refresh_hash": "?"}, "refresh_hash is not in base64"),
        ({"id": 1, "device": 5}, "device is 5: expected a string"),
        ({"device": "phone"}, "id is missing"),
    ],
)
def test_a_row_that_does_not_fit_is_told(db: SqliteDb, row: dict[str, object], said: str) -> None:
    """By its column, and what was expected."""
    with pytest.raises(BadRow, match=f"^{said.replace('?', '.')}$"):
        decode("sessions", row, db.columns("sessions"))


def test_what_is_staged_is_as_it_was_then(db: OpenDb, tmp_path: Path) -> None:
    """The database is free again, and goes on."""
    with db.transaction():
        accounts.create(db, NewAccount("alice", "Alice"))
    counts: list[int] = []
    with (tmp_path / "staged").open("w+b") as file:
        with db.snapshot():
            stage(db, file, counts.append)
        with db.transaction():
            db.execute("UPDATE users SET fullname = 'Eve'")
            accounts.create(db, NewAccount("bob", "Bob"))
        found = list(staged(file))
    (users,) = [rows for table, rows in found if table == "users"]
    assert [(row["username"], row["fullname"]) for row in users] == [("alice", "Alice")]
    assert sum(counts) == sum(len(rows) for _, rows in found)


def test_bytes_come_back(db: SqliteDb) -> None:
    """As they were, from text."""
    columns = db.columns("sessions")
    row = {"id": 1, "refresh_hash": bytes(range(256)), "device": None}
    assert decode("sessions", json.loads(encode(row)), columns) == row
