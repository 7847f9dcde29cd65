"""A deploy is not an outage."""

import asyncio
import os
import signal
import time

import aiohttp

from tests.guarantees.conftest import Serve
from tests.guarantees.device import Device
from tests.guarantees.load import Load
from tests.guarantees.waiting import eventually
from tests.support.client import Closed, Socket, Town
from tests.support.network import network


async def test_everybody_is_told_to_come_back_at_another_moment(serve: Serve) -> None:
    """`server_draining` with a different delay for each, then 1001, then exit code 0."""
    server, people = await serve()
    sockets = await people.online("alice", "bob", "carol", "dave")
    assert await server.stop() == 0
    delays = [(await each.next("server_draining"))["data"] for each in sockets]
    assert len({each["reconnect_after_ms"] for each in delays}) == 4
    assert all(each["reconnect_after_ms"] > 0 for each in delays)
    assert {(await each.wait_closed()).code for each in sockets} == {1001}


async def test_what_was_received_is_finished(serve: Serve) -> None:
    """Messages that were sent before the stop are all answered before the socket closes."""
    server, people = await serve(RATE_LIMIT="0")
    (alice,) = await people.online("alice")
    id_ = (await alice.do("create_conversation", members=[]))["id"]
    for number in range(400):
        await alice.send(
            {"type": "send_message", "ref": number, "conversation_id": id_, "content": "hi"}
        )
    stopping = asyncio.create_task(server.stop())
    await alice.wait_closed()
    assert await stopping == 0
    assert [frame["ref"] for frame in alice.received if "ref" in frame][-1] == 399


async def test_a_stop_under_load_loses_nothing(serve: Serve) -> None:
    """People who write on while the server is replaced five times lose and double nothing."""
    server, people = await serve(RATE_LIMIT="0", RESUME_MAX_EVENTS="100000")
    load = await Load.prepare(people)
    async with load.going():
        for _ in range(5):
            acked = load.acked
            await load.devices[0].until(lambda acked=acked: load.acked > acked + 50, within=30)
            assert await server.stop() == 0
            await server.start()
        await load.stop_writing()
        await load.check_lived_is_stored()
    assert [fault for device in load.devices for fault in device.faults] == []


async def _chatter(socket: Socket) -> None:
    try:
        while True:
            await socket.ask("ping")
    except (Closed, ConnectionError, aiohttp.ClientError):
        return


async def test_who_does_not_stop_talking_is_sent_away_too(serve: Serve) -> None:
    """A client that ignores `server_draining` gets 1001 all the same, long before the timeout."""
    server, people = await serve(RATE_LIMIT="0", DRAIN_TIMEOUT="20")
    (alice,) = await people.online("alice")
    chatter = asyncio.create_task(_chatter(alice))
    begin = time.monotonic()
    assert await server.stop() == 0
    assert time.monotonic() - begin < 10
    assert (await alice.wait_closed()).code == 1001
    await chatter


async def test_a_stop_ends_within_its_timeout(serve: Serve) -> None:
    """Clients who take nothing from the network do not keep the server from stopping."""
    server, people = await serve(RATE_LIMIT="0", DRAIN_TIMEOUT="2")
    async with network(server.port) as between:
        alice, bob = Device(await people.person("alice")), await people.person("bob")
        deaf = Device(bob, between.url)
        await alice.connect()
        await deaf.connect()
        id_ = (await alice.do("create_conversation", members=["bob"]))["id"]
        between.deaf = True
        for number in range(1000):
            await alice.say(id_, f"{number} " + "x" * 3900)
            await alice.until(lambda: len(alice.unsent) < 50)
        begin = time.monotonic()
        assert await server.stop() == 0
        assert time.monotonic() - begin < 6


async def test_a_draining_server_takes_nobody_in(serve: Serve) -> None:
    """While it drains, the port is closed: clients go to the server that follows."""
    server, people = await serve(RATE_LIMIT="0")
    (alice,) = await people.online("alice")
    device = Device(people.people[0])
    stopping = asyncio.create_task(server.stop())
    await alice.next("server_draining")
    try:
        await device.open()
    except (aiohttp.ClientError, OSError):
        pass
    else:
        await device.until(lambda: device.ws is None)
        assert device.close_code == 1001
    assert await stopping == 0


async def test_ctrl_c_drains_as_well(serve: Serve) -> None:
    """SIGINT, what a person at a terminal sends, is a deploy too."""
    server, people = await serve()
    (alice,) = await people.online("alice")
    os.kill(server.pid, signal.SIGINT)
    assert (await alice.wait_closed()).code == 1001
    assert await server.wait() == 0


async def test_no_traffic_is_asked_for_while_draining(serve: Serve) -> None:
    """`/ready` says so on a connection that was there, while `/health` is well."""
    server, people = await serve()
    async with network(server.port) as between:
        alice = await people.person("alice")
        alice.url = between.url
        await (await alice.connect()).ask("ping")
        assert (await status(people, "ready")) == (200, None)
        between.deaf = True  # its close is waited for
        stopping = asyncio.create_task(server.stop())

        async def is_draining() -> bool:
            return await status(people, "ready") == (503, "draining")

        await eventually(is_draining)
        assert (await status(people, "health")) == (200, None)
        between.heal()
        assert await stopping == 0


async def status(people: Town, path: str) -> tuple[int, str | None]:
    """What a path is answered with, and the reason."""
    async with people.http.get(f"{people.url}/{path}") as answer:
        return answer.status, (await answer.json()).get("reason")
