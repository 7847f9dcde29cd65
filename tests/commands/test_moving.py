"""`export` and `import`: everything there is, out of one database and into another."""

import contextlib
import hashlib
import json
import re
import signal
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from backend.commands.database import CannotDo
from backend.commands.export import export
from backend.commands.import_ import import_
from backend.settings import Settings
from backend.store.dump import TABLES
from tests import ROOT
from tests.commands.lived import lived_in, settings_in
from tests.files.pictures import picture
from tests.files.uploading import ask, uploaded
from tests.guarantees.waiting import eventually
from tests.support.client import Person, town
from tests.support.nursery import Process, spawn
from tests.support.server import Server

pytestmark = pytest.mark.sqlite


@pytest.fixture
def lived(tmp_path: Path) -> Settings:
    """A database with rows in every table."""
    return lived_in(tmp_path / "lived")


def test_a_round_trip_is_the_same_row_by_row(lived: Settings, tmp_path: Path) -> None:
    """What is imported is exported as the same lines; so it is all there, as it was."""
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    assert export(lived, str(first)) == 1  # there are no bytes of the file
    assert first.stat().st_mode & 0o777 == 0o600
    other = settings_in(tmp_path / "other")
    assert import_(other, str(first)) == 1
    assert export(other, str(second)) == 1
    assert first.read_text() == second.read_text()
    end = json.loads(first.read_text().splitlines()[-1])["end"]
    assert list(end) == list(TABLES)


def test_the_hashes_are_those_of_the_docs(lived: Settings, tmp_path: Path) -> None:
    """Anybody can compute them from the lines."""
    export(lived, str(tmp_path / "all.jsonl"))
    found = dict.fromkeys(TABLES, 0)
    lines = (tmp_path / "all.jsonl").read_text().splitlines()
    for line in map(json.loads, lines[1:-1]):
        text = json.dumps(line["row"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
        found[line["table"]] += int.from_bytes(digest, "big")
    end = json.loads(lines[-1])["end"]
    assert {table: f"{each % 2**128:032x}" for table, each in found.items()} == {
        table: each["hash"] for table, each in end.items()
    }


def test_only_into_an_empty_database(lived: Settings, tmp_path: Path) -> None:
    """One in which anybody is stays as it is."""
    export(lived, str(tmp_path / "all.jsonl"))
    before = Path(lived.dbpath).read_bytes()
    with pytest.raises(CannotDo, match="is in use by people"):
        import_(lived, str(tmp_path / "all.jsonl"))
    assert Path(lived.dbpath).read_bytes() == before


USER = (
    '{"table": "users", "row": {"id": 1, "username": "a", "username_key": "a", "fullname": "A",'
    ' "fullname_key": "a", "created_at": 1, "updated_at": 1}}'
)
END = '{"end": {}}'


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "line 1 is not that of an export: "),
        (["words"], "line 1 is not that of an export: "),
        (['{"format": 2}'], "the format is 2: this version reads 1"),
        (['{"format": 1, "schema": 1, "version": "0.0.1"}'], "the tables of migration 0001"),
        (['{"format": 1}', USER], "its last line is no end"),
        (['{"format": 1}', END, USER], "line 3: it stands after the end"),
        (['{"format": 1}', USER, USER, END], "line 3: users: UNIQUE constraint failed"),
        (
            ['{"format": 1}', USER, '{"table": "contacts", "row": {"user_id": 1}}', END],
            "line 3: contact_id is missing",
        ),
        (['{"format": 1}', '{"table": "friends", "row": {}}', END], "line 2: there is no table"),
        (['{"format": 1}', '{"table": "users", "row": {"id": 1.5}}', END], "line 2: Expected"),
        (['{"format": 1}', '{"table": "users", "rows": []}', END], "line 2: Object contains"),
        (
            ['{"format": 1}', '{"table": "users", "row": {"id": 1}}', END],
            "line 2: users: NOT NULL constraint failed: users.username",
        ),
        (
            [
                '{"format": 1}', USER,
                '{"table": "blocks", "row": {"user_id": 1, "blocked_id": 7, "created_at": 1}}',
                END,
            ],
            "line 3: blocks: FOREIGN KEY constraint failed",
        ),
        (
            [
                '{"format": 1}', USER, USER.replace('"id": 1', '"id": 2').replace('"a"', '"b"'),
                '{"table": "contacts", "row": {"user_id": 1, "contact_id": 2, "created_at": 1}}',
                END,
            ],
            "does not fit together:\nuser 1 has user 2 as a contact",
        ),
        (
            ['{"format": 1}', USER, '{"end": {"users": {"rows": 2, "hash": "0"}}}'],
            "users: the last line tells of 2 rows with the hash 0, but there are 1 with ",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_and_nothing_is_kept(
    tmp_path: Path, lines: list[str], said: str
) -> None:
    """By its line, or by what is wrong with all of it; the database stays empty."""
    settings, file = settings_in(tmp_path), tmp_path / "all.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines))
    with pytest.raises(CannotDo, match=re.escape(said)):
        import_(settings, str(file))
    file.write_text(f'{{"format": 1}}\n{USER}\n{END}\n')
    assert import_(settings, str(file)) == 0


def many_users(path: Path) -> None:
    """So many that importing them takes a while."""
    with path.open("w") as file:
        file.write('{"format": 1}\n')
        for number in range(1, 25_001):
            name = f"user{number}"
            line = USER.replace('"id": 1', f'"id": {number}').replace('"a"', f'"{name}"')
            file.write(f"{line}\n")
        file.write(END)


@pytest.mark.process
async def test_killed_in_the_middle_they_leave_nothing_half(tmp_path: Path) -> None:
    """An import leaves an empty database, which can be filled again; an export leaves no file."""
    server, file = Server(tmp_path), tmp_path / "all.jsonl"
    many_users(file)
    await server.do("migrate", "up")
    process = await spawn(["import", str(file)], server.environment(), tmp_path)
    with contextlib.closing(sqlite3.connect(server.dbpath, timeout=0)) as db:
        await eventually(partial(is_locked, db))
        await killed(process)
        assert db.execute("SELECT count(*) FROM users").fetchone() == (0,)
    await server.do("import", str(file))
    copy = tmp_path / "copy.jsonl"
    part = tmp_path / "copy.jsonl.part"
    process = await spawn(["export", str(copy)], server.environment(), tmp_path)
    await eventually(partial(has_begun, part))
    await killed(process)
    assert not copy.exists()
    said = f"parley: {part} is there: another export runs, or one was stopped\n"
    assert await server.command("export", str(copy)) == (1, said)
    assert part.exists(), "it is the other one's"


async def has_begun(path: Path) -> bool:
    """Whether something was written to a file."""
    return path.exists() and path.stat().st_size > 0


async def killed(process: Process) -> None:
    """Kill it; it had not come to its end."""
    process.send_signal(signal.SIGKILL)
    await process.output.read()
    assert await process.wait() == -signal.SIGKILL


async def is_locked(db: sqlite3.Connection) -> bool:
    """Whether somebody else writes."""
    try:
        db.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    db.rollback()
    return False


@pytest.mark.process
async def test_sessions_and_cursors_go_on(server: Server) -> None:
    """Who was connected to the old server resumes with the new one and gets what was missed."""
    async with town(server.url) as people:
        alice, bob = await people.online("alice", "bob")
        id_ = (await alice.do("create_conversation", members=["bob"]))["id"]
        cursor = bob.cursor
        await bob.ws.close()
        told = await uploaded(people.people[0], picture(), "cat.png")
        await alice.do("send_message", conversation_id=id_, content="there", files=[told["id"]])
        output = await server.do("export", "all.jsonl")
        assert "copied 4 files to files, which has 4 of them\n" in output
        assert await server.stop() == 0
        server.settings |= {"DBPATH": "new/chat.db", "FILES": "new/files"}
        server.dbpath.with_name("chat.db.secret").rename(server.folder / "secret")
        await server.do("import", "all.jsonl")
        (server.folder / "secret").rename(server.folder / "new" / "chat.db.secret")
        assert await server.do("check") == "new/chat.db is in order\n"
        await server.start()
        again = await people.people[1].connect(cursor)
        assert (await again.next("resume"))["data"]["status"] == "ok"
        assert (await again.next("send_message"))["data"]["content"] == "there"
        assert (await ask(people.people[1], "GET", told["url"])).body == picture()


@pytest.mark.process
async def test_who_comes_from_elsewhere_can_log_in_and_read(tmp_path: Path) -> None:
    """The example of docs/moving.md is enough."""
    text = (ROOT / "docs" / "moving.md").read_text()
    (tmp_path / "all.jsonl").write_text(text.split("```jsonl\n")[1].split("```")[0])
    server = Server(tmp_path)
    await server.do("import", "all.jsonl")
    for name in ("ada", "Ben"):
        await server.do("admin", "reset-password", name, stdin="correct horse\n")
    await server.start()
    async with town(server.url) as people:
        ada, ben = [Person(people.http, server.url, name) for name in ("ada", "ben")]
        await ada.login()
        await ben.login()
        socket, live = await ben.connect(), await ada.connect()
        for each, unread in ((live, 1), (socket, 0)):
            (found,) = await each.do("get_conversations")
            assert (found["name"], found["me"]["unread_count"]) == ("ada, Ben", unread)
        await live.ask("ping")
        await socket.do("send_message", conversation_id=1, content="Still here.")
        sent = (await live.next("send_message"))["data"]
        assert (sent["id"], sent["seq"]) == (3, 3)
        told = (await live.do("get_messages", conversation_id=1))["messages"]
        assert sorted(each["content"] for each in told) == [
            "Are you there?",
            "I am.",
            "Still here.",
        ]
        await socket.close()
        await live.close()
    await server.stop()
