"""`check`: what is wrong with a database, said a line each."""

import contextlib
from pathlib import Path

import pytest

from backend.store.engine.connection import open_database
from tests.support.server import Server

pytestmark = pytest.mark.process
STALE = b'{"is_online":true}'


@pytest.fixture
async def demo(tmp_path: Path) -> Server:
    """A database with people and messages; no server runs on it."""
    server = Server(tmp_path)
    code, output = await server.command("demo")
    assert code == 0, output
    return server


def damage(server: Server, sql: str) -> None:
    """Change the database as nobody should."""
    with contextlib.closing(open_database(server.database)) as db:
        if db.dialect == "sqlite":
            db.execute("PRAGMA foreign_keys = OFF")
        db.execute(sql, [STALE] * sql.count("?"))


async def test_a_whole_database_is_in_order(demo: Server) -> None:
    """Nothing is wrong with what the handlers wrote."""
    assert await demo.command("check") == (0, f"{demo.where} is in order\n")


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        (
            "UPDATE messages SET seq = 9 WHERE id = 3",
            "conversation 1: message 3 has seq 9, expected 1",
        ),
        ("DELETE FROM messages WHERE id = 3", "conversation 1: message 4 has seq 2, expected 1"),
        (
            "UPDATE messages SET action = NULL WHERE id = 1",
            "message 1 of kind system has the action none",
        ),
        (
            "UPDATE log SET body = ? WHERE type = 'add_contact'",
            "of type add_contact carries presence, which is old when it is replayed",
        ),
        (
            "UPDATE conversations SET last_seq = 1 WHERE id = 1",
            "conversation 1: last_seq is 1, expected 2",
        ),
        (
            "UPDATE conversations SET member_count = 7 WHERE id = 2",
            "conversation 2: member_count is 7, but there are 4",
        ),
        (
            "UPDATE members SET role = 'member' WHERE conversation_id = 2",
            "conversation 2: a group with members has 0 owners",
        ),
        (
            "INSERT INTO loose_bytes (sha256) VALUES ('ab/etc/passwd')",
            "the bytes of a file are named ab/etc/passwd, which is no hash",
        ),
        (
            "UPDATE counters SET value = 3 WHERE name = 'users'",
            "users: 3 was drawn last, but there is 4",
        ),
        ("DELETE FROM counters WHERE name = 'log'", "log: 0 was drawn last, but there is"),
        (
            "DELETE FROM contacts WHERE user_id = 1 AND contact_id = 2",
            "user 2 has user 1 as a contact, but not the other way round",
        ),
        (
            "INSERT INTO members SELECT conversation_id, user_id, joined_id + 1, left_id, first_id,"
            " last_id, role, joined_at, read_id, read_seq, delivered_id, muted_until, archived,"
            " left_name, marked_unread FROM members WHERE conversation_id = 1 AND user_id = 1",
            "conversation 1: the memberships of user 1 overlap",
        ),
        (
            "UPDATE members SET read_seq = 99 WHERE conversation_id = 1 AND user_id = 1",
            "conversation 1: user 1 has read up to seq 99, but there are only 2",
        ),
        pytest.param(
            "DELETE FROM users WHERE id = 4",
            "table messages: row 1 refers to one of users",
            marks=pytest.mark.sqlite,
        ),
    ],
)
async def test_what_is_wrong_is_said(demo: Server, sql: str, text: str) -> None:
    """Each thing that must hold is looked at."""
    damage(demo, sql)
    code, output = await demo.command("check")
    assert code == 1
    assert text in output


@pytest.mark.sqlite
async def test_a_damaged_file_is_said(demo: Server) -> None:
    """Bytes that were overwritten are found."""
    size = demo.dbpath.stat().st_size
    with demo.dbpath.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    code, output = await demo.command("check")
    assert code == 1
    assert output


@pytest.mark.sqlite
async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """It is said in one line."""
    server = Server(tmp_path)
    server.dbpath.parent.mkdir()
    server.dbpath.write_text("these are not the bytes of a database" * 100)
    assert await server.command("check") == (1, "parley: file is not a database\n")


@pytest.mark.sqlite
async def test_a_database_that_is_not(tmp_path: Path) -> None:
    """No command makes one by a slip of the path."""
    server = Server(tmp_path)
    for command in (["check"], ["backup", "copy.db"], ["admin", "users"]):
        code, output = await server.command(*command)
        assert code == 1
        assert f"there is no database {server.dbpath}" in output
    assert not server.dbpath.parent.exists()


async def test_a_database_of_another_version(demo: Server) -> None:
    """Neither an older nor a newer schema is touched."""
    damage(demo, "INSERT INTO schema_migrations VALUES (9999, 'later', 0)")
    code, output = await demo.command("check")
    assert (code, output) == (
        1, "parley: the database has migration 9999: a newer version used it\n",
    )  # fmt: skip
    damage(demo, "DELETE FROM schema_migrations WHERE number IN (18, 9999)")
    code, output = await demo.command("admin", "users")
    assert (code, output) == (
        1, "parley: the database lacks migration 0018; run 'migrate up'\n",
    )  # fmt: skip
