"""A backup put in the place of the database, and what becomes of who was connected to it."""

import contextlib
import os
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from backend.commands import story
from backend.settings import Settings, limits_of
from backend.store import accounts
from backend.store.accounts import NewAccount
from backend.store.engine.sqlite import replacing
from backend.store.engine.sqlite.opening import open_file
from backend.store.migrations import migrate_up
from tests.files.pictures import picture
from tests.files.uploading import ask, uploaded
from tests.support.client import town
from tests.support.server import Server

pytestmark = [pytest.mark.process, pytest.mark.sqlite]


def kept(server: Server) -> list[Path]:
    """What was in the database's place before."""
    return sorted(server.dbpath.parent.glob("chat.db.before-*Z"))


def texts(path: Path) -> list[str]:
    """What people have written in a database."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT content FROM messages WHERE kind = 'text' ORDER BY id")
        return [row[0] for row in found]


@pytest.fixture
def backup(tmp_path: Path) -> tuple[Server, Path]:
    """A database in which somebody has said something since its backup; no server runs on it."""
    server, copy = Server(tmp_path), tmp_path / "copies" / "copy.db"
    copy.parent.mkdir()
    with contextlib.closing(open_file(str(server.dbpath))) as db:
        list(migrate_up(db))
        with db.transaction():
            for username, fullname in story.PEOPLE.items():
                accounts.create(db, NewAccount(username, fullname))
            story.tell(db, limits_of(Settings()))
        db.copy_to(str(copy), lambda done, total: None)
    say(server.dbpath, "since")
    return server, copy


def say(path: Path, text: str) -> None:
    """Let the newest message be another."""
    newest = "(SELECT max(id) FROM messages)"
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE messages SET content = ? WHERE id = {newest}", (text,))


async def test_cursors_behave_as_promised(server: Server) -> None:
    """One from before the backup goes on and brings what the backup has; one from after does not.

    The same cursor stays refused when the new history has gone further than it.
    """
    copy = server.folder / "copy.db"
    async with town(server.url) as people:
        alice, bob = await people.online("alice", "bob")
        id_ = (await alice.do("create_conversation", members=["bob"], kind="direct"))["id"]
        before = bob.cursor
        await alice.do("send_message", conversation_id=id_, content="kept")
        await server.do("backup", str(copy))
        await alice.do("send_message", conversation_id=id_, content="lost")
        after = alice.cursor
        assert await server.stop() == 0
        output = await server.do("restore", str(copy))
        (old,) = kept(server)
        assert output.splitlines() == [
            f"restored {copy} to {server.dbpath}; what was there is {old}",
            "sessions, passwords and accounts are those of the copy again: see docs/moving.md",
        ]
        assert texts(old) == ["kept", "lost"]
        await server.start()
        again = await people.people[1].connect(before)
        assert (await again.next("resume"))["data"]["status"] == "ok"
        assert (await again.next("send_message"))["data"]["content"] == "kept"
        await again.next("resumed")
        for number in range(3):
            await again.do("send_message", conversation_id=id_, content=f"anew {number}")
        refused = await people.people[0].connect(after)
        assert (await refused.next("resume"))["data"]["status"] == "reset"
        found = (await refused.do("get_messages", conversation_id=id_))["messages"]
        assert sorted(each["content"] for each in found) == ["anew 0", "anew 1", "anew 2", "kept"]


async def test_not_while_a_server_runs(server: Server) -> None:
    """It says so, and leaves everything as it is."""
    copy = server.folder / "copy.db"
    await server.do("backup", str(copy))
    code, output = await server.command("restore", str(copy))
    assert (code, output) == (1, f"parley: {server.dbpath} is in use by another server\n")
    assert kept(server) == []


async def test_not_while_another_command_has_it_open(backup: tuple[Server, Path]) -> None:
    """What that would commit would be in the one that was put away."""
    server, copy = backup
    with contextlib.closing(sqlite3.connect(server.dbpath)) as db:
        db.execute("SELECT count(*) FROM users").fetchone()
        code, output = await server.command("restore", str(copy))
    said = f"parley: {server.dbpath} cannot be replaced now: database is locked\n"
    assert (code, output) == (1, said)
    assert texts(server.dbpath)[-1] == "since"
    assert sorted(path.name for path in server.dbpath.parent.glob("chat.db*")) == [
        "chat.db", "chat.db.lock",
    ]  # fmt: skip


async def test_a_backup_comes_back_with_its_files(server: Server) -> None:
    """Those that are lacking are copied; nobody but the owner may read what is put in place."""
    copy = server.folder / "copies" / "copy.db"
    copy.parent.mkdir()
    async with town(server.url) as people:
        alice = await people.person("alice")
        told = await uploaded(alice, picture(), "cat.png")
        await server.do("backup", str(copy))
        assert await server.stop() == 0
        for path in [*server.dbpath.parent.iterdir(), server.folder / ".data" / "files"]:
            if not path.name.endswith(".secret"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        copy.parent.chmod(0o500)  # a backup that cannot be written to will do
        output = await server.do("restore", str(copy))
        assert output.splitlines() == [
            "copied 4 files to .data/files, which has 4 of them",
            f"restored {copy} to {server.dbpath}",
        ]
        assert stat.S_IMODE(server.dbpath.stat().st_mode) == 0o600
        await server.start()
        assert await server.do("check") == f"{server.dbpath} is in order\n"
        assert (await ask(alice, "GET", told["url"])).body == picture()


async def test_bytes_that_are_missing_are_told(server: Server) -> None:
    """The database is put in place all the same; the exit code says that something is wrong."""
    copy = server.folder / "copy.db"
    async with town(server.url) as people:
        await uploaded(await people.person("alice"), b"words", "words.txt")
    await server.do("backup", str(copy))
    assert await server.stop() == 0
    shutil.rmtree(server.folder / "files")
    shutil.rmtree(server.folder / ".data")
    code, output = await server.command("restore", str(copy))
    assert code == 1
    assert output.splitlines()[0] == "copied 0 files to .data/files, which has 0 of them"
    assert "of a file are missing or damaged" in output.splitlines()[1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"words " * 1000, "cannot be used: file is not a database"),
        (b"", "is no database of Parley's"),
        (None, "is not whole: "),
    ],
)
async def test_what_is_no_whole_backup_is_refused(
    backup: tuple[Server, Path], content: bytes | None, said: str
) -> None:
    """The database stays, and nothing is left over."""
    server, copy = backup
    if content is not None:
        copy.write_bytes(content)
    else:
        with contextlib.closing(sqlite3.connect(copy)) as db, db:
            db.execute("DELETE FROM messages WHERE id = 3")
    code, output = await server.command("restore", str(copy))
    assert code == 1
    assert output.startswith(f"parley: {copy} {said}")
    assert texts(server.dbpath)[-1] == "since"
    left = {path.name for path in server.dbpath.parent.iterdir()}
    assert left <= {"chat.db", "chat.db.lock", "chat.db.secret"}


async def test_a_damaged_database_is_replaced_and_kept(backup: tuple[Server, Path]) -> None:
    """With its write-ahead log, which must not be taken for the backup's."""
    server, copy = backup
    log = server.dbpath.with_name("chat.db-wal")
    server.dbpath.write_bytes(b"damaged" * 1000)
    log.write_bytes(b"its log")
    await server.do("restore", str(copy))
    assert await server.do("check") == f"{server.dbpath} is in order\n"
    (old,) = kept(server)
    assert old.read_bytes().startswith(b"damaged")
    assert old.with_name(f"{old.name}-wal").read_bytes() == b"its log"


async def test_a_copy_made_by_hand_comes_with_its_log(backup: tuple[Server, Path]) -> None:
    """Whoever has copied the files as they lay there loses nothing of what the log has."""
    server, copy = backup
    with contextlib.closing(sqlite3.connect(server.dbpath)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        say(server.dbpath, "in the log")
        for ending in ("", "-wal"):
            shutil.copyfile(f"{server.dbpath}{ending}", f"{copy}{ending}")
    await server.do("restore", str(copy))
    assert texts(server.dbpath)[-1] == "in the log"


async def test_an_old_backup_is_brought_to_this_schema(backup: tuple[Server, Path]) -> None:
    """It can be used at once; the backup itself stays as it was."""
    server, copy = backup
    old = Server(server.folder, {"DBPATH": str(copy)})
    await old.do("migrate", "down")
    before = copy.read_bytes()
    await server.do("restore", str(copy))
    assert "missing" not in await server.do("migrate", "status")
    assert copy.read_bytes() == before


def test_a_crash_leaves_the_one_or_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Just before the copy takes its place, what was there still is in it, and can be again."""
    for name in ("chat.db", "copy.db"):
        with contextlib.closing(sqlite3.connect(tmp_path / name)) as db, db:
            db.execute("CREATE TABLE names (name TEXT)")
            db.execute("INSERT INTO names VALUES (?)", (name,))

    def crash(source: object, target: object) -> None:
        raise InterruptedError

    path, copy = tmp_path / "chat.db", tmp_path / "copy.db"
    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(InterruptedError):
        replacing.replace(path, copy, tmp_path / "kept.db")
    monkeypatch.undo()
    for name, place in (("chat.db", path), ("copy.db", copy)):
        with contextlib.closing(sqlite3.connect(place)) as db:
            assert db.execute("SELECT name FROM names").fetchone() == (name,)
    assert replacing.replace(path, copy, tmp_path / "kept2.db")
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT name FROM names").fetchone() == ("copy.db",)
