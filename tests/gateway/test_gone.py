"""What is left of sockets that are gone: nothing."""

import gc
from pathlib import Path

import pytest
from aiohttp import web

from backend.app import running
from backend.gateway.connection import Connection
from backend.protocol.errors import Refused
from backend.settings import Settings
from tests.support.client import Person, Socket, town
from tests.support.engine import migrated_file
from tests.support.looking import until
from tests.support.server import Server

LONG = "x" * 3900
KINDS = (Connection, web.WebSocketResponse, web.RequestHandler)


def open_files(pid: int) -> int:
    """How many files and sockets a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def living() -> list[object]:
    """The connections in this process, and what aiohttp has of them, that have not been freed."""
    return [each for each in gc.get_objects() if isinstance(each, KINDS)]


async def offline(watcher: Socket, username: str) -> None:
    """Return once a contact is told to be gone."""
    await watcher.wait_for(
        lambda frame: frame["type"] == "user_status" and not frame["data"]["is_online"]
    )
    watcher.received.clear()


async def presence_of(watcher: Socket, username: str) -> bool | None:
    """Whether somebody is online, as a contact sees it."""
    found = await watcher.do("get_presence", usernames=[username])
    return bool(found["presence"][0]["is_online"])


async def asks_and_reads_nothing(person: Person) -> Socket:
    """Open a socket, ask for more than any buffer takes, and read not a byte of it."""
    socket = await person.connect()
    conversation = await socket.do("create_conversation", members=[])
    for _ in range(60):
        await socket.send(
            {"type": "send_message", "conversation_id": conversation["id"], "content": LONG}
        )
    await socket.quiet()
    connection = socket.ws._response.connection
    assert connection is not None
    assert connection.transport is not None
    connection.transport.pause_reading()
    for _ in range(60):
        await socket.send({"type": "get_messages", "conversation_id": conversation["id"]})
    return socket


@pytest.mark.process
async def test_a_peer_that_asks_and_takes_no_answers_does_not_stay_online(tmp_path: Path) -> None:
    """The heartbeat ends it though replies wait to be written, and nobody keeps its transport."""
    server = Server(tmp_path, {"HEARTBEAT": "2", "RATE_LIMIT": "0"})
    await server.start()
    async with town(server.url) as people:
        alice, bob = await people.online("alice", "bob")
        await alice.do("add_contact", contact_username="bob")
        await bob.close()
        await offline(alice, "bob")
        opened = open_files(server.pid)
        deaf = await asks_and_reads_nothing(people.people[1])
        assert await presence_of(alice, "bob")
        await offline(alice, "bob")
        await until(lambda: open_files(server.pid) <= opened)
        await deaf.drop()
    assert await server.stop() == 0


async def test_a_refusal_leaves_nothing_to_the_collector(tmp_path: Path) -> None:
    """Whoever is refused again and again makes no work for it, which stops everything."""
    path = str(tmp_path / "chat.db")
    migrated_file(path)
    settings = Settings(dbpath=path, port=0, rate_limit=0)
    async with running(settings) as server, town(f"http://127.0.0.1:{server.port}") as people:
        (alice,) = await people.online("alice")
        gc.collect()
        gc.disable()
        try:
            for _ in range(5):
                assert not (await alice.ask("get_messages", conversation_id=9))["success"]
                assert not (await alice.ask("mark_read", conversation_id=9, id=1))["success"]
                assert not (await alice.ask("no_such_event"))["success"]
            await alice.quiet()
            kept = [each for each in gc.get_objects() if isinstance(each, Refused)]
            assert len(kept) <= 2, kept  # a thread that rests holds on to what it gave last
        finally:
            gc.enable()


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("cursor", [None, ""])
async def test_a_closed_socket_is_freed_without_the_collector(
    tmp_path: Path, cursor: str | None, lost: bool
) -> None:
    """The collector comes seldom: what waited for it would pile up as sockets come and go."""
    path = str(tmp_path / "chat.db")
    migrated_file(path)
    settings = Settings(dbpath=path, port=0, presence_grace=0)
    async with running(settings) as server, town(f"http://127.0.0.1:{server.port}") as people:
        alice = await people.person("alice")
        gc.collect()
        gc.disable()
        try:
            for _ in range(5):
                socket = await alice.connect(cursor)
                await socket.ask("ping")
                await (socket.drop() if lost else socket.close())
            await until(lambda: not living())
        finally:
            gc.enable()
