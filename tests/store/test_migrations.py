"""Migrations: up, down and up again, each with its record or not at all."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.store.engine.connection import open_database
from backend.store.engine.db import OpenDb
from backend.store.migrations import (
    MigrationError,
    all_migrations,
    applied,
    migrate_down,
    migrate_up,
    new_migration,
)
from tests.support.server import Server

NUMBERS = [migration.number for migration in all_migrations()]


@pytest.fixture
def empty() -> Iterator[OpenDb]:
    """A database that has had no migration."""
    with contextlib.closing(open_database(":memory:")) as db:
        yield db


def schema(db: OpenDb) -> set[tuple[str, str, str]]:
    """What the database consists of, however it is spaced; but for the record of migrations."""
    found = db.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema").fetchall()
    rows = [(kind, name, re.sub(r'[\s"]+', "", sql)) for kind, name, sql in found]
    own = {row for row in rows if not row[1].startswith("sqlite_")}
    return {row for row in own if row[1] != "schema_migrations"}


def lay_down(folder: Path, number: int, name: str, up: str, down: str = "") -> None:
    """A pair of migration files."""
    (folder / f"{number:04}_{name}.up.sql").write_text(up)
    (folder / f"{number:04}_{name}.down.sql").write_text(down)


def test_up_and_down_and_up_again(empty: OpenDb) -> None:
    """Step by step: each down takes back exactly what its up made."""
    states = [schema(empty)]
    for migration in migrate_up(empty):
        states.append(schema(empty))
        assert applied(empty)[migration.number] == migration.name
    assert len(states) == len(NUMBERS) + 1
    full = states[-1]
    for expected in states[-2::-1]:
        (migration,) = migrate_down(empty)
        assert schema(empty) == expected
        assert migration.number not in applied(empty)
    assert schema(empty) == set()
    assert [migration.number for migration in migrate_up(empty)] == NUMBERS
    assert schema(empty) == full
    assert list(migrate_up(empty)) == []
    assert len(list(migrate_down(empty, len(NUMBERS)))) == len(NUMBERS)


def test_numbers_are_without_gaps() -> None:
    """1, 2, 3, …"""
    assert list(range(1, len(NUMBERS) + 1)) == NUMBERS


def test_ids_go_on_where_they_were(empty: OpenDb) -> None:
    """Counters begin with the highest ids ever given out, also of rows that are gone, and back."""
    number = next(each.number for each in all_migrations() if each.name == "counters")
    list(migrate_up(empty))
    list(migrate_down(empty, len(NUMBERS) - number + 1))
    for id_ in (5, 7):
        empty.execute(
            "INSERT INTO log (id, audience, target, type, body, created_at)"
            " VALUES (?, 1, 1, 'x', x'7b7d', 0)",
            (id_,),
        )
    empty.execute("DELETE FROM log WHERE id = 7")
    assert next(migrate_up(empty)).number == number
    with empty.transaction():
        assert [empty.draw("log"), empty.draw("users")] == [8, 1]
    list(migrate_down(empty))
    given = empty.execute("SELECT name, seq FROM sqlite_sequence WHERE name IN ('log', 'users')")
    assert dict(given) == {"log": 8, "users": 1}


def test_a_mark_finds_the_row_of_the_others(empty: OpenDb) -> None:
    """It stood under the reader's own; another's row there is let be."""
    number = next(each.number for each in all_migrations() if each.name == "counters")
    list(migrate_up(empty))
    list(migrate_down(empty, len(NUMBERS) - number + 1))
    empty.execute(
        "INSERT INTO users (id, username, username_key, fullname, fullname_key, created_at,"
        " updated_at) VALUES (3, 'a', 'a', 'a', 'a', 0, 0)"
    )
    empty.execute(
        "INSERT INTO conversations (id, kind, name, named, created_by, created_at, updated_at,"
        " member_count) VALUES (9, 'group', '', 0, 3, 0, 0, 0)"
    )
    for id_, audience, target, skip in (
        (1, 0, 9, 3),
        (2, 1, 3, None),
        (3, 0, 9, 4),
        (4, 1, 3, None),
    ):
        empty.execute(
            "INSERT INTO log (id, audience, target, skip_user, type, body, created_at)"
            " VALUES (?, ?, ?, ?, 'x', x'7b7d', 0)",
            (id_, audience, target, skip),
        )
    for kind, log_id in (("mark_read", 2), ("mark_delivered", 4)):
        empty.execute("INSERT INTO marks VALUES (9, 3, ?, ?, 0, 0)", (kind, log_id))
    assert next(migrate_up(empty)).name == "counters"
    found = empty.execute("SELECT log_id, shared_log_id FROM marks ORDER BY log_id").fetchall()
    assert found == [(2, 1), (4, None)]


def test_a_failing_step_leaves_nothing_behind(empty: OpenDb, tmp_path: Path) -> None:
    """Neither its first statements nor its record; those before it stay; mended, it passes."""
    lay_down(tmp_path, 1, "good", "CREATE TABLE a (x);", "DROP TABLE a;")
    lay_down(tmp_path, 2, "bad", "CREATE TABLE b (x);\nINSERT INTO nowhere VALUES (1);")
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        list(migrate_up(empty, tmp_path))
    assert applied(empty) == {1: "good"}
    assert {name for _, name, _ in schema(empty)} == {"a"}
    assert not empty.in_transaction
    lay_down(tmp_path, 2, "bad", "CREATE TABLE b (x);", "DROP TABLE b; DROP TABLE nowhere;")
    list(migrate_up(empty, tmp_path))
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        list(migrate_down(empty, 1, tmp_path))
    assert applied(empty) == {1: "good", 2: "bad"}
    assert {name for _, name, _ in schema(empty)} == {"a", "b"}


def test_statements_may_have_semicolons_in_them(empty: OpenDb, tmp_path: Path) -> None:
    """In texts, comments and triggers; one without its end is refused, whole."""
    up = """-- makes a; and fills it
    CREATE TABLE a (x TEXT DEFAULT ';');
    CREATE TRIGGER t AFTER INSERT ON a BEGIN
        DELETE FROM a WHERE x = 'b;';
    END;
    INSERT INTO a DEFAULT VALUES;
    INSERT INTO a VALUES ('b;'); INSERT INTO a VALUES ('c');
    -- the end;
    """
    lay_down(tmp_path, 1, "texts", up)
    list(migrate_up(empty, tmp_path))
    assert empty.execute("SELECT x FROM a").fetchall() == [(";",), ("c",)]
    lay_down(tmp_path, 2, "open", "CREATE TABLE b (x);\nCREATE TABLE c (x)")
    with pytest.raises(MigrationError, match="without its end"):
        list(migrate_up(empty, tmp_path))
    assert applied(empty) == {1: "texts"}


def test_a_database_of_a_newer_version_is_left_alone(empty: OpenDb, tmp_path: Path) -> None:
    """Up and down say that they do not know it."""
    lay_down(tmp_path, 9000, "later", "CREATE TABLE a (x);")
    list(migrate_up(empty, tmp_path))
    with pytest.raises(MigrationError, match="newer version"):
        list(migrate_up(empty))
    with pytest.raises(MigrationError, match="9000 is not among"):
        list(migrate_down(empty))
    assert {name for _, name, _ in schema(empty)} == {"a"}


def test_files_that_do_not_fit_together_are_named(tmp_path: Path) -> None:
    """A bad name, a missing half, a number given twice."""
    (tmp_path / "1_x.up.sql").touch()
    with pytest.raises(MigrationError, match=r"1_x\.up\.sql: expected NNNN_name"):
        all_migrations(tmp_path)
    (tmp_path / "1_x.up.sql").rename(tmp_path / "0001_x.up.sql")
    with pytest.raises(MigrationError, match=r"has no 0001_x\.down\.sql"):
        all_migrations(tmp_path)
    (tmp_path / "0001_x.down.sql").touch()
    lay_down(tmp_path, 1, "y", "")
    with pytest.raises(MigrationError, match="two migrations have the number 0001"):
        all_migrations(tmp_path)


def test_the_next_pair_is_laid_down(empty: OpenDb, tmp_path: Path) -> None:
    """With the next number; it can be applied as it is."""
    lay_down(tmp_path, 7, "x", "")
    paths = new_migration("add_colours", tmp_path)
    names = ["0008_add_colours.up.sql", "0008_add_colours.down.sql"]
    assert paths == [each / name for each in (tmp_path, tmp_path / "postgres") for name in names]
    assert [migration.number for migration in migrate_up(empty, tmp_path)] == [7, 8]
    for name in ("Add", "a b", "../x", ""):
        with pytest.raises(MigrationError, match="expected small letters"):
            new_migration(name, tmp_path)


@pytest.mark.sqlite
@pytest.mark.process
async def test_the_command_says_what_it_does(tmp_path: Path) -> None:
    """`migrate up`, `status` and `down`, as processes on a fresh database."""
    server = Server(tmp_path)
    assert (await server.command("migrate", "status"))[1].count("missing") == len(NUMBERS)
    code, text = await server.command("migrate", "up")
    assert (code, text.count("up  ")) == (0, len(NUMBERS))
    assert (await server.command("migrate", "up")) == (0, "")
    code, text = await server.command("migrate", "down", "2")
    assert code == 0
    assert [int(line.split()[1]) for line in text.splitlines()] == NUMBERS[:-3:-1]
    assert (await server.command("migrate", "status"))[1].count("missing") == 2
    assert (await server.command("migrate", "down"))[1].count("down") == 1
