"""A connection on its own thread, and what of aiosqlite's insides it relies on."""

import asyncio
import inspect
import sqlite3
import stat
import sys
import threading
from functools import partial
from pathlib import Path

import aiosqlite
import pytest

from backend.store.engine.connection import Connection, open_database, shown
from backend.store.engine.db import Db
from backend.store.engine.faults import PostgresError


async def test_the_contract_with_aiosqlite(tmp_path: Path) -> None:
    """`_execute` runs a function on the connection's thread, `_conn` is sqlite3's connection."""
    assert inspect.iscoroutinefunction(aiosqlite.Connection._execute)
    async with aiosqlite.connect(tmp_path / "x.db") as connection:
        assert isinstance(connection._conn, sqlite3.Connection)
        assert isinstance(connection._thread, threading.Thread)
        execute = connection._execute
        thread = await execute(threading.get_ident)  # type: ignore[no-untyped-call]
        assert thread == connection._thread.ident
        assert await execute(divmod, 7, 2) == (3, 1)  # type: ignore[no-untyped-call]
        with pytest.raises(ZeroDivisionError):
            await execute(divmod, 7, 0)  # type: ignore[no-untyped-call]


async def test_work_is_done_in_order_on_one_thread(path: str) -> None:
    """One at a time, also when asked for all at once."""
    connection = await Connection.open(path)
    seen: list[int] = []

    def note(number: int, db: Db) -> int:
        seen.append(number)
        return threading.get_ident()

    threads = await asyncio.gather(*(connection.run(partial(note, n)) for n in range(50)))
    await connection.close()
    assert seen == list(range(50))
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


async def test_closing_finishes_what_is_queued(path: str) -> None:
    """Nothing that was asked for is dropped."""
    connection = await Connection.open(path)
    asked = [asyncio.ensure_future(connection.run(lambda db, n=n: n)) for n in range(20)]  # type: ignore[misc]
    await asyncio.sleep(0)
    await connection.close()
    assert await asyncio.gather(*asked) == list(range(20))


def test_a_database_is_durable_and_for_its_owner_only(tmp_path: Path) -> None:
    """The pragmas that promises rest on; the folder 0700, the files 0600."""
    path = tmp_path / "data" / "chat.db"
    db = open_database(str(path))
    for pragma, value in (
        ("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1),
    ):  # fmt: skip
        assert db.execute(f"PRAGMA {pragma}").fetchone() == (value,)
    db.execute("CREATE TABLE t (x)")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    files = list(path.parent.iterdir())
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    db.close()


async def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    """With SQLite's own error."""
    path = tmp_path / "chat.db"
    path.write_bytes(b"this is not a database, whatever its name says" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        await Connection.open(str(path))


def test_without_psycopg_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no dependency of who has SQLite."""
    for name in [each for each in sys.modules if "engine.postgres" in each]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(PostgresError, match=r"pip install 'psycopg\[binary\]=="):
        open_database("postgresql://localhost/chat")


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("postgresql://me:secret@db.example:5433/chat?sslkey=x", "db.example:5433/chat"),
        ("postgresql://me:secret#1@db.example:5433/chat", "db.example:5433/chat"),
        ("postgres://me:sec?ret@db.example/chat?sslkey=x", "db.example/chat"),
        ("postgresql://db.example/chat?user=me&password=sec@ret", "db.example/chat"),
        ("postgresql://me:secret@db.example?password=sec@ret", "db.example"),
        ("postgresql://me:sec/ret@db.example/chat", "db.example/chat"),
        ("postgresql://me:sec@ret@db.example/chat", "db.example/chat"),
        ("postgresql://me@db.example/chat", "db.example/chat"),
        ("postgresql://db.example/chat", "db.example/chat"),
        ("postgresql:///chat", "/chat"),
    ],
)
def test_a_database_is_shown_without_its_secrets(where: str, told: str) -> None:
    """Where and what it is called; no user, no password, no options."""
    assert shown(where) == f"postgresql://{told}"


def test_a_file_is_shown_by_its_path() -> None:
    """It has no secrets."""
    assert shown("/srv/chat.db") == "/srv/chat.db"
