"""A slow reader hurts only itself."""

import asyncio
import re
import socket
from pathlib import Path

from tests.guarantees.conftest import Serve
from tests.guarantees.device import Device, group
from tests.support.client import Person
from tests.support.network import Network, network

BIG = "x" * 3900
DEAF_SOCKETS = 1000


async def flood(sender: Device, conversation_id: int, count: int) -> None:
    """Send so many long messages, and wait for the answers."""
    for number in range(count):
        await sender.say(conversation_id, f"{number} {BIG}")
        await sender.until(lambda: len(sender.unsent) < 50)
    await sender.until(lambda: not sender.unsent)


async def test_a_slow_reader_is_closed_and_resumes_with_everything(serve: Serve) -> None:
    """Past the outbox limit the socket is closed with 4408; the cursor brings what it missed."""
    server, people = await serve(RATE_LIMIT="0", OUTBOX_LIMIT="65536", PRESENCE_GRACE="0")
    async with network(server.port) as between:
        (alice, bob), id_ = await group(people, "alice", "bob", last_at=between.url)
        await alice.do("add_contact", contact_username="bob")
        await alice.until(lambda: "bob" in alice.state.online)
        between.deaf = True
        while "bob" in alice.state.online:
            await flood(alice, id_, 50)
        between.heal()
        await bob.until(lambda: bob.ws is None)
        assert bob.close_code == 4408
        assert len(bob.state.chats[id_].messages) < len(alice.state.chats[id_].messages)
        assert (await bob.connect())["status"] == "ok"
        assert list(bob.state.chats[id_].messages) == list(alice.state.chats[id_].messages)
        assert bob.faults == []


async def test_a_sender_does_not_wait_for_a_receiver(serve: Serve) -> None:
    """With a member who reads nothing at all, the sender is answered as if there were none."""
    server, people = await serve(RATE_LIMIT="0")
    async with network(server.port) as between:
        (alice, bob), id_ = await group(people, "alice", "bob", last_at=between.url)
        between.deaf = True
        async with asyncio.timeout(10):
            await flood(alice, id_, 1000)
        carol = Device(await people.person("carol"))
        await carol.connect()
        await alice.do("add_members", conversation_id=id_, usernames=["carol"])
        await carol.until(lambda: id_ in carol.state.chats)
        between.heal()
        await _catch_up(bob, between, id_, 1000)


async def _catch_up(device: Device, between: Network, id_: int, count: int) -> None:
    """Come back until everything has come; the texts are all there."""
    while True:
        if device.ws is None:
            await device.connect()
        await device.until(
            lambda: len(device.state.chats[id_].messages) > count or device.ws is None
        )
        if device.ws is not None:
            break
    assert device.faults == []


async def test_presence_is_told_as_it_is_now_to_who_reads_late(serve: Serve) -> None:
    """Coming and going many times costs a slow reader no memory: the last state is what comes."""
    server, people = await serve(RATE_LIMIT="0", PRESENCE_GRACE="0")
    async with network(server.port) as between:
        (alice, bob), id_ = await group(people, "alice", "bob", last_at=between.url)
        carol = Device(await people.person("carol"))
        await alice.do("add_contact", contact_username="carol")
        await bob.do("add_contact", contact_username="carol")
        between.deaf = True
        await flood(alice, id_, 100)
        for number in range(20):
            await carol.connect()
            await alice.until(lambda: "carol" in alice.state.online)
            if number < 19:
                await carol.drop()
                await alice.until(lambda: "carol" not in alice.state.online)
        between.heal()
        await _catch_up(bob, between, id_, 99)
        await bob.until(lambda: "carol" in bob.state.online)


async def test_who_changed_while_one_resumed_is_told_when_one_has(serve: Serve) -> None:
    """Presence that changes during a long replay is not missed by who is being replayed to."""
    server, people = await serve(RATE_LIMIT="0", PRESENCE_GRACE="0")
    async with network(server.port) as between:
        (alice, bob), id_ = await group(people, "alice", "bob", last_at=between.url)
        carol, dave = Device(await people.person("carol")), Device(await people.person("dave"))
        for friend in (carol, dave):
            await bob.do("add_contact", contact_username=friend.person.username)
        await alice.do("add_contact", contact_username="carol")
        await alice.do("add_contact", contact_username="dave")
        await carol.connect()
        await bob.drop()
        await flood(alice, id_, 2000)
        between.trickle = 2_000_000
        await bob.open()
        await bob.until(lambda: bob.resumes[-1]["online"] == ["carol"])
        await dave.connect()
        await carol.drop()
        await alice.until(
            lambda: alice.state.online >= {"dave"} and "carol" not in alice.state.online
        )
        assert not bob.live, "the replay was over too soon: this proved nothing"
        between.heal()
        await bob.until(lambda: bob.live)
        await bob.until(lambda: bob.state.online == {"dave"})


async def test_a_replay_that_is_overtaken_by_the_retention_leaves_no_gap(serve: Serve) -> None:
    """When the log lets go of what is still to be replayed, the socket is closed, then reset."""
    server, people = await serve(RATE_LIMIT="0")
    async with network(server.port) as between:
        (alice, bob), id_ = await group(people, "alice", "bob", last_at=between.url)
        await bob.drop()
        await flood(alice, id_, 2500)
        await server.stop()
        # however long that took, the replay begins before the log lets go of it
        server.settings |= {"LOG_RETENTION_DAYS": "0.000001", "PURGE_INTERVAL": "2"}
        await server.start()
        between.trickle = 1_500_000
        await bob.open()
        await bob.until(lambda: len(bob.resumes) == 2)
        assert bob.resumes[-1]["status"] == "ok"
        await bob.until(lambda: bob.live or bob.ws is None, within=30)
        between.heal()
        if not bob.live:
            assert (await bob.connect())["reason"] == "too_old"
            await bob.fetch()
        assert len(bob.state.chats[id_].texts) == 2500


async def test_memory_stays_bounded_with_a_thousand_sockets_that_never_read(serve: Serve) -> None:
    """A thousand members who never read cost the server less than their limit, and no time."""
    server, people = await serve(
        RATE_LIMIT="0", OUTBOX_LIMIT="65536", MAX_SOCKETS_PER_USER=str(DEAF_SOCKETS)
    )
    (alice, bob), id_ = await group(people, "alice", "bob", last_at=server.url)
    ears = [await never_reading(bob.person) for _ in range(DEAF_SOCKETS)]
    before = resident(server.pid)
    async with asyncio.timeout(60):
        await flood(alice, id_, 300)
    grown = resident(server.pid) - before
    for ear in ears:
        ear.close()
    # what waits in the outbox, and in the transport under it
    assert grown < DEAF_SOCKETS * 3 * 65536, f"grew by {grown >> 20} MiB"


async def never_reading(person: Person) -> socket.socket:
    """A WebSocket of a person that opens, and takes nothing from the network after that."""
    address = person.url.removeprefix("http://")
    request = (
        "GET /ws HTTP/1.1\r\n"
        f"Host: {address}\r\nAuthorization: Bearer {person.token}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    link = socket.socket(socket.AF_INET)
    link.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(link, ("127.0.0.1", int(address.rsplit(":", 1)[1])))
    await loop.sock_sendall(link, request.encode())
    assert b" 101 " in await loop.sock_recv(link, 100)
    return link


def resident(pid: int) -> int:
    """The memory a process has, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    match = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert match is not None
    return int(match[1]) * 1024
