"""The disk is full, the database is locked or corrupt: errors, nothing half-written, recovery."""

import contextlib
import resource
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.store import integrity
from backend.store.engine.connection import open_database
from tests.guarantees.conftest import Serve
from tests.guarantees.waiting import eventually
from tests.support.client import Socket, Town
from tests.support.server import Server

PAGE = 4096


async def readiness(people: Town) -> tuple[int, dict[str, Any]]:
    """What `/ready` says."""
    async with people.http.get(f"{people.url}/ready") as answer:
        return answer.status, await answer.json()


async def chat(people: Town) -> tuple[Socket, Socket, int]:
    """Alice and Bob in a conversation with one message."""
    alice, bob = await people.online("alice", "bob")
    id_ = (await alice.do("create_conversation", members=["bob"], kind="direct"))["id"]
    await alice.do("send_message", conversation_id=id_, content="before", client_id="before")
    return alice, bob, id_


async def send(socket: Socket, id_: int, text: str) -> dict[str, Any]:
    """Send a message with its text as `client_id`; gives the answer."""
    return await socket.ask("send_message", conversation_id=id_, content=text, client_id=text)


async def texts(socket: Socket, id_: int) -> list[str]:
    """The texts of a conversation, oldest first."""
    page = await socket.do("get_messages", conversation_id=id_)
    return [each["content"] for each in reversed(page["messages"])]


async def is_well_again(people: Town, socket: Socket, id_: int) -> None:
    """Wait until the server takes messages and says that it is well."""

    async def well() -> bool:
        return (await readiness(people))[0] == 200

    await eventually(well, within=15)
    assert (await send(socket, id_, "failed"))["success"] is True, "the same `client_id` again"


def check(server: Server) -> None:
    """The database is whole."""
    with contextlib.closing(open_database(server.database)) as db:
        assert integrity.faults(db) == []


@pytest.mark.sqlite
async def test_a_full_disk_is_told_and_got_over(serve: Serve) -> None:
    """Writes fail with `unavailable`, reads go on, `/ready` is 503 until there is room again."""
    server, people = await serve(RATE_LIMIT="0")
    alice, bob, id_ = await chat(people)
    unlimited = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (PAGE, unlimited[1]))
    refused = await send(alice, id_, "failed")
    assert (refused["success"], refused["code"]) == (False, "unavailable")
    status, body = await readiness(people)
    assert (status, body["status"]) == (503, "unavailable")
    assert await texts(bob, id_) == ["before"]
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, unlimited)
    await is_well_again(people, alice, id_)
    assert await texts(bob, id_) == ["before", "failed"]
    assert [m["data"]["content"] for m in bob.of_type("send_message")] == ["before", "failed"]
    check(server)


@pytest.mark.sqlite
async def test_a_locked_database_is_told_and_got_over(serve: Serve) -> None:
    """While another process holds the database, senders get an error and readers go on."""
    server, people = await serve(RATE_LIMIT="0")
    alice, bob, id_ = await chat(people)
    with contextlib.closing(sqlite3.connect(server.dbpath, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = await send(alice, id_, "failed")
        assert (refused["success"], refused["code"]) == (False, "unavailable")
        assert (await readiness(people))[0] == 503
        assert await texts(bob, id_) == ["before"]
        other.execute("ROLLBACK")
    await is_well_again(people, alice, id_)
    assert await texts(bob, id_) == ["before", "failed"]


async def test_a_database_that_is_locked_for_a_moment_is_waited_for(serve: Serve) -> None:
    """Another process that writes for less than the timeout is no error."""
    server, people = await serve()
    alice, _, id_ = await chat(people)
    with contextlib.closing(open_database(server.database)) as other:
        other.begin()
        await alice.send(
            {"type": "send_message", "ref": 1, "conversation_id": id_, "content": "waited for"}
        )
        assert (await readiness(people))[0] == 200
        other.commit()
    assert (await alice.wait_for(lambda frame: frame.get("ref") == 1))["success"] is True


@contextlib.contextmanager
def corrupted(path: Path) -> Iterator[None]:
    """Overwrite every page of a database but the first, for a while."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        # a commit by another process makes the server read the pages anew
        db.execute("INSERT INTO facts (name, value) VALUES ('test', 1)")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    good = path.read_bytes()
    with path.open("r+b") as file:
        file.seek(PAGE)
        file.write(b"\xff" * (len(good) - PAGE))
    try:
        yield
    finally:
        with path.open("r+b") as file:
            file.write(good)


@pytest.mark.sqlite
async def test_a_corrupt_database_is_told_and_got_over(serve: Serve) -> None:
    """With its pages damaged, everything is refused; with them back, everything is as before."""
    server, people = await serve(RATE_LIMIT="0")
    alice, bob, id_ = await chat(people)
    with corrupted(server.dbpath):
        refused = await send(alice, id_, "failed")
        assert (refused["success"], refused["code"]) == (False, "unavailable")
        assert (await bob.ask("get_conversations"))["code"] == "unavailable"
        assert (await readiness(people))[0] == 503
    await is_well_again(people, alice, id_)
    assert await texts(bob, id_) == ["before", "failed"]
    check(server)


async def test_one_bad_write_does_not_spoil_its_neighbours(serve: Serve) -> None:
    """In one batch, what is refused changes nothing and what is good is kept."""
    _, people = await serve(RATE_LIMIT="0")
    alice, bob, id_ = await chat(people)
    for number in range(60):
        await alice.send(
            {"type": "send_message", "ref": number, "content": f"{number}",
             "conversation_id": id_ if number % 3 else 999}
        )  # fmt: skip
    await alice.wait_for(lambda frame: frame.get("ref") == 59)
    good = [f"{number}" for number in range(60) if number % 3]
    assert await texts(bob, id_) == ["before", *good]
