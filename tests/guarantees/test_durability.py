"""A reply means it is on disk."""

import asyncio
import os
from pathlib import Path

import pytest

from backend.store.batch import Commit, Outcome, Settled
from backend.store.database import Database
from backend.store.engine.connection import open_database
from backend.store.log import Audience, append
from tests.guarantees.conftest import Serve
from tests.guarantees.device import Device
from tests.support import engine


async def test_what_was_answered_is_there_after_a_kill(serve: Serve) -> None:
    """The server is killed at the moment a reply arrives, again and again: the message is there."""
    server, people = await serve()
    alice = Device(await people.person("alice"))
    await alice.connect()
    id_ = (await alice.do("create_conversation", members=[]))["id"]
    for number in range(5):
        reply = await alice.ask("send_message", conversation_id=id_, content=f"message {number}")
        await server.kill()
        await server.start()
        await alice.drop()
        await alice.connect()
        assert (await alice.history(id_))[0]["id"] == reply["data"]["id"]


async def test_what_anybody_saw_is_there_after_a_kill(serve: Serve) -> None:
    """Nothing is delivered before its commit: what a receiver got survives a kill just then."""
    server, people = await serve(RATE_LIMIT="0")
    alice, bob = Device(await people.person("alice")), Device(await people.person("bob"))
    await alice.connect()
    await bob.connect()
    id_ = (await alice.do("create_conversation", members=["bob"], kind="direct"))["id"]
    await bob.until(lambda: id_ in bob.state.chats)
    seen = bob.state.chats[id_].messages
    for _ in range(5):
        count = len(seen)
        for number in range(20):
            await alice.say(id_, f"{number}")
        await bob.until(lambda count=count: len(seen) > count)
        await server.kill()
        await bob.drop()
        await alice.drop()
        there = set(seen)
        await server.start()
        await bob.connect()
        assert there <= {each["id"] for each in await bob.history(id_)}
        await alice.connect()
        await alice.until(lambda: not alice.unsent)
        await bob.ask("ping")


@pytest.mark.sqlite
def test_commits_are_synced(tmp_path: Path) -> None:
    """Every connection syncs its write-ahead log at each commit."""
    db = open_database(str(tmp_path / "chat.db"))
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)
    db.close()


async def empty_database(folder: Path) -> Database:
    """A migrated database, open."""
    return await Database.open(engine.migrated(folder))


async def test_writes_that_wait_together_are_one_commit(tmp_path: Path) -> None:
    """What comes while a commit is under way is committed together, without any timer."""
    database = await empty_database(tmp_path)
    commits: list[Commit] = []
    settle = database.writer.on_commit

    def note(commit: Commit) -> None:
        commits.append(commit)
        settle(commit)

    database.writer.on_commit = note
    work = [
        database.write(lambda db: append(db, Audience.USER, 1, "ping", b"{}")) for _ in range(100)
    ]
    ids = await asyncio.gather(*work)
    assert ids == sorted(ids)
    assert len(commits) == 1
    assert [row.id for row in commits[0].rows] == ids
    await database.close()


async def test_a_batch_of_many_rows_is_delivered_with_its_replies(tmp_path: Path) -> None:
    """However many rows a batch adds to the log, they are handed on with the writes that made them.

    Otherwise a reply that is one of those rows would come without its `ref`, or not at all.
    """
    database = await empty_database(tmp_path)
    rows: list[int] = []
    settle = database.writer.on_commit

    def note(commit: Commit) -> None:
        rows.append(len(commit.rows))
        settle(commit)

    database.writer.on_commit = note
    count = 6000
    await database.write(
        lambda db: [append(db, Audience.USER, 1, "ping", b"{}") for _ in range(count)]
    )
    assert rows == [count]
    await database.close()


async def test_a_fault_while_delivering_leaves_nobody_waiting(tmp_path: Path) -> None:
    """A writer that stops refuses what comes after, so that the process can end."""
    database = await empty_database(tmp_path)

    def fail(commit: Commit) -> None:
        raise RuntimeError("a fault")

    database.writer.on_commit = fail
    refused: list[Settled[None]] = []

    def done(settled: Settled[None], told: bytes | None) -> None:
        refused.append(settled)

    database.writer.submit(lambda db: Outcome(None), done)
    async with asyncio.timeout(5):
        await database.broken()
        database.writer.submit(
            lambda db: Outcome(None), lambda settled, row: refused.append(settled)
        )
        await database.close()
    assert [type(each.error).__name__ for each in refused] == ["Unavailable"]


@pytest.mark.sqlite
def test_the_database_is_its_owners_only(tmp_path: Path) -> None:
    """The folder is made 0700 and the files in it 0600."""
    path = tmp_path / "data" / "chat.db"
    db = open_database(str(path))
    db.execute("CREATE TABLE t (x)")
    assert path.parent.stat().st_mode & 0o777 == 0o700
    modes = {each.name: each.stat().st_mode & 0o777 for each in os.scandir(path.parent)}
    assert set(modes.values()) == {0o600}, modes
    db.close()
