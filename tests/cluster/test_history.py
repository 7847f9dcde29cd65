"""Cursors belong to a history: one that goes on is gone on from, one that was replaced is not."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from backend.app import running
from backend.settings import Settings
from backend.store import epochs, log
from backend.store.engine.connection import open_database
from tests.cluster.conftest import migrate
from tests.support import engine
from tests.support.client import Frame, Socket, Town, town
from tests.support.nodes import Node, nodes
from tests.support.postgres import Cluster, Postgres

pytestmark = pytest.mark.process
T = TypeVar("T")


async def say(socket: Socket, conversation_id: int, text: str) -> None:
    """Send a message, again and again until it is answered with success."""
    for _ in range(200):
        sent = await socket.ask(
            "send_message", conversation_id=conversation_id, content=text, client_id=text
        )
        if sent["success"]:
            return
        assert sent["code"] == "unavailable", sent
        await asyncio.sleep(0.05)
    raise AssertionError("it stays unavailable")


def content(frame: Frame) -> object:
    """What a message says."""
    return frame["data"]["content"] if frame["type"] == "send_message" and frame["success"] else ""


async def resumed(folk: Town, name: str, cursor: str) -> tuple[str, list[str]]:
    """How somebody's resuming goes: its status, and the texts that were missed."""
    person = next(each for each in folk.people if each.username == name)
    socket = await person.connect(cursor)
    await socket.wait_for(lambda frame: frame["type"] == "resumed")
    texts = [frame["data"]["content"] for frame in socket.of_type("send_message")]
    return socket.received[0]["data"]["status"], texts


async def test_a_restart_of_postgres_costs_no_socket_and_no_cursor(
    tmp_path: Path, mortal: Cluster
) -> None:
    """Writes are unavailable for a moment; cursors of before and after are good at any node."""
    with contextlib.closing(Postgres(mortal.admin, "parley")) as databases:
        where = databases.create()
    migrate(where)
    async with nodes(tmp_path, where, 2) as (one, other), town(one.url) as folk:
        alice, bob = await folk.online("alice", "bob")
        folk.people[1].url = other.url
        phone = await folk.people[1].connect("")
        made = await alice.do("create_conversation", members=["bob"], kind="direct")
        await say(alice, made["id"], "before")
        await phone.wait_for(lambda frame: frame["type"] == "send_message")
        before = phone.cursor
        await asyncio.to_thread(mortal.restart)
        await say(alice, made["id"], "after")
        for each in (bob, phone):
            await each.wait_for(lambda frame: content(frame) == "after")
        assert phone.cursor.split("-")[0] != before.split("-")[0]
        folk.people[1].url = one.url
        assert await resumed(folk, "bob", before) == ("ok", ["after"])
        await say(alice, made["id"], "later")
        await bob.wait_for(lambda frame: content(frame) == "later")
        assert await resumed(folk, "bob", bob.cursor) == ("ok", [])
        assert bob.closed is None


async def test_a_database_that_had_less_refuses_what_it_never_had(
    tmp_path: Path, postgres: Postgres, where: str
) -> None:
    """As after a failover to a replica that was behind, or a restored copy."""
    async with nodes(tmp_path, where, 2) as found, town(found[0].url) as folk:
        alice, bob = await folk.online("alice", "bob")
        made = await alice.do("create_conversation", members=["bob"], kind="direct")
        await say(alice, made["id"], "kept")
        await bob.wait_for(lambda frame: frame["type"] == "send_message")
        kept = bob.cursor
        copy = away(found, postgres, where, lambda: postgres.create(postgres.name(where)))
        await say(alice, made["id"], "lost")
        await bob.wait_for(lambda frame: content(frame) == "lost")
        lost = bob.cursor
        away(found, postgres, where, lambda: postgres.replace(where, copy))
        for each in (alice, bob):
            assert (await each.wait_closed()).code == 4408
        phone = await folk.people[0].connect("")
        await say(phone, made["id"], "instead")
        await say(phone, made["id"], "and on")
        for person in folk.people:
            person.url = found[1].url
        assert (await resumed(folk, "bob", lost))[0] == "reset"
        assert await resumed(folk, "bob", kept) == ("ok", ["instead", "and on"])


async def test_who_comes_before_their_node_has_noticed_a_restart_gets_cursors_that_are_good(
    tmp_path: Path, mortal: Cluster
) -> None:
    """Another node has begun the next epoch and written in it; ours reads that, and waits."""
    with contextlib.closing(Postgres(mortal.admin, "parley")) as databases:
        where = databases.create()
    migrate(where)
    settings = Settings(
        database_url=where, port=0, jwtsecret=engine.SECRET, files=str(tmp_path), metrics="off"
    )
    hold = threading.Event()
    async with running(settings) as server, town(f"http://localhost:{server.port}") as folk:
        alice, bob = await folk.online("alice", "bob")
        made = await alice.do("create_conversation", members=["bob"], kind="direct")
        await say(alice, made["id"], "before")
        await bob.wait_for(lambda frame: frame["type"] == "send_message")
        writer = asyncio.create_task(server._database._connection.run(lambda db: hold.wait()))
        try:
            await asyncio.to_thread(mortal.restart)
            with contextlib.closing(open_database(where)) as other, other.transaction():
                epoch = epochs.start_epoch(other)
                log.append(other, log.Audience.USER, 2, "remove_contact", b'{"username":"carol"}')
            phone = await folk.people[1].connect(bob.cursor)
            with contextlib.suppress(TimeoutError):
                await phone.wait_for(lambda frame: frame["type"] == "resumed", within=1)
        finally:
            hold.set()
        await writer
        await phone.wait_for(lambda frame: frame["type"] == "resumed")
        assert len(phone.of_type("remove_contact")) == 1
        assert phone.cursor.split("-")[0] == epoch
        assert (await resumed(folk, "bob", phone.cursor))[0] == "ok"


def away(found: list[Node], postgres: Postgres, where: str, act: Callable[[], T]) -> T:
    """What `act` gives while no node reaches the database."""
    for each in found:
        each.link.frozen = True
    postgres.disconnect(where)
    given = act()
    for each in found:
        each.link.cut()
        each.link.heal()
    return given
