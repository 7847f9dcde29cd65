"""`move`: SQLite to PostgreSQL and back."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from backend.commands.database import CannotDo
from backend.commands.move import move
from backend.settings import Settings
from backend.store import dump
from backend.store.engine.connection import open_database
from backend.store.engine.db import Db
from backend.store.migrations import migrate_up
from tests.commands.lived import lived_in
from tests.guarantees.waiting import eventually
from tests.support.client import town
from tests.support.nursery import spawn
from tests.support.postgres import Postgres
from tests.support.server import Server

pytestmark = [pytest.mark.process, pytest.mark.sqlite]
SECRET = "a secret that both servers have"


@dataclass
class Case:
    """A database with rows in every table, and where it is to go."""

    lived: Settings
    url: str


@pytest.fixture
def case(tmp_path: Path, postgres: Postgres) -> Iterator[Case]:
    """One on SQLite, and an empty one on PostgreSQL."""
    url = postgres.create()
    yield Case(lived_in(tmp_path / "lived"), url)
    postgres.drop(url)


def rows(where: str) -> dict[str, list[bytes]]:
    """Everything there is in a database."""
    with contextlib.closing(open_database(where)) as db:
        return {
            table: sorted(dump.encode(row) for page in dump.pages(db, table) for row in page)
            for table in dump.TABLES
        }


def test_there_and_back_is_the_same_row_by_row(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every row of every table, whatever is in it; and the source stays as it was."""
    before = rows(case.lived.dbpath)
    bytes_before = Path(case.lived.dbpath).read_bytes()
    assert move(case.lived, case.url) == 0
    told = capsys.readouterr().out
    assert case.url not in told  # it has a password
    assert (
        f"nobody has to log in\nanew if JWTSECRET stays what it was: it is in {case.lived.dbpath}"
        in told
    )
    assert rows(case.url) == before
    back = str(tmp_path / "back.db")
    assert move(Settings(database_url=case.url, jwtsecret=SECRET), back) == 0
    assert rows(back) == before
    assert Path(case.lived.dbpath).read_bytes() == bytes_before


def test_a_row_that_was_changed_on_the_way_is_noticed(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then nothing is kept, and the move can be begun again."""

    def spoiled(db: Db, table: str, rows: list[dump.Row]) -> None:
        changed = [dict(row) for row in rows]
        if table == "messages":
            changed[3]["content"] = "another"
        insert(db, table, changed)

    insert = dump.insert
    monkeypatch.setattr(dump, "insert", spoiled)
    with pytest.raises(CannotDo, match=r"messages: \d+ rows arrived of \d+, or they differ"):
        move(case.lived, case.url)
    monkeypatch.undo()
    assert move(case.lived, case.url) == 0


def test_only_to_an_empty_database(case: Case) -> None:
    """What anybody has there stays; nor to itself, nor to an older server's lock."""
    assert move(case.lived, case.url) == 0
    with pytest.raises(CannotDo, match="is in use by people; 'move' is to an empty one"):
        move(case.lived, case.url)
    with pytest.raises(CannotDo, match="is the database itself"):
        move(case.lived, case.lived.dbpath)


async def test_killed_in_the_middle_it_can_be_begun_again(case: Case, tmp_path: Path) -> None:
    """Nothing is there of what was half moved; the source is as it was."""
    with contextlib.closing(open_database(case.lived.dbpath)) as db, db.transaction():
        first = 1 + int(db.execute("SELECT max(id) FROM log").fetchone()[0])
        dump.insert(
            db, "log",
            [
                {"id": first + number, "audience": 1, "target": 1, "type": "x", "body": b"{}",
                 "created_at": 1}
                for number in range(30_000)
            ],
        )  # fmt: skip
        dump.raise_counters(db)
    with contextlib.closing(open_database(case.url)) as db:
        list(migrate_up(db))
    server = Server(tmp_path, {"DBPATH": case.lived.dbpath})
    process = await spawn(["move", "--to", case.url], server.environment(), tmp_path)
    async with await psycopg.AsyncConnection.connect(case.url, autocommit=True) as watch:

        async def is_writing() -> bool:
            found = await watch.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                " AND query LIKE 'INSERT INTO log %'"
            )
            return await found.fetchone() is not None

        await eventually(is_writing, within=30)
        process.send_signal(9)
        await process.output.read()
        assert await process.wait() == -9
    with contextlib.closing(open_database(case.url)) as db:
        assert dump.is_empty(db)
    assert "moved " in await server.do("move", "--to", case.url)
    assert rows(case.url) == rows(case.lived.dbpath)


async def test_sessions_and_cursors_go_on(tmp_path: Path, postgres: Postgres) -> None:
    """Who was connected to SQLite's server goes on with PostgreSQL's, and back on SQLite's."""
    url, server = postgres.create(), Server(tmp_path, {"JWTSECRET": SECRET})
    places = [{"DBPATH": "a.db"}, {"DATABASE_URL": url}, {"DBPATH": "b.db"}]
    server.settings |= places[0]
    await server.start()
    async with town(server.url) as people:
        alice, bob = await people.online("alice", "bob")
        id_ = (await alice.do("create_conversation", members=["bob"]))["id"]
        code, said = await server.command("move", "--to", url)
        assert (code, said) == (1, "parley: a.db is in use by another server\n")
        for before, after in pairwise(places):
            cursor = bob.cursor
            await bob.close()
            await alice.do("send_message", conversation_id=id_, content=f"to {len(after)}")
            assert await server.stop() == 0
            await server.do("move", "--to", after.get("DATABASE_URL") or after["DBPATH"])
            for name in before:
                del server.settings[name]
            server.settings |= after
            await server.start()
            bob = await people.people[1].connect(cursor)
            assert (await bob.next("resume"))["data"]["status"] == "ok"
            assert (await bob.next("send_message"))["data"]["content"] == f"to {len(after)}"
            alice = await people.people[0].live()
    assert await server.stop() == 0
    postgres.drop(url)
