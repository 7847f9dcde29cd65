"""What a bad network does to a client, and that nothing is lost by it."""

import asyncio

from tests.guarantees.conftest import Serve
from tests.guarantees.device import Device, group
from tests.support.client import Town
from tests.support.network import network


async def friends(people: Town, url: str) -> tuple[Device, Device, int]:
    """Alice at the server, Bob behind the network, and their conversation."""
    (alice, bob), id_ = await group(people, "alice", "bob", last_at=url, kind="direct")
    await alice.do("add_contact", contact_username="bob")
    return alice, bob, id_


async def test_a_half_open_socket_is_found_by_heartbeat(serve: Serve) -> None:
    """Somebody whose connection died without a word goes offline, and resumes later."""
    server, people = await serve(HEARTBEAT="0.4", PRESENCE_GRACE="0")
    async with network(server.port) as between:
        alice, bob, id_ = await friends(people, between.url)
        await alice.until(lambda: "bob" in alice.state.online)
        between.silent = True
        await alice.until(lambda: "bob" not in alice.state.online, within=3)
        await alice.say(id_, "are you there?")
        await bob.drop()
        between.heal()
        assert (await bob.connect())["status"] == "ok"
        await bob.until(lambda: bob.state.chats[id_].texts)
        assert bob.faults == []


async def test_a_frame_that_was_cut_comes_whole_by_resuming(serve: Serve) -> None:
    """A connection that breaks in the middle of a frame loses nothing and doubles nothing."""
    server, people = await serve(RATE_LIMIT="0")
    async with network(server.port) as between:
        alice, bob, id_ = await friends(people, between.url)
        for size in range(100, 2500, 150):
            between.cut_after(size)
            for number in range(5):
                await alice.say(id_, f"{size} {number} " + "x" * 200)
            await alice.until(lambda: not alice.unsent)
            await bob.until(lambda: bob.ws is None)
            await bob.connect()
        assert list(bob.state.chats[id_].messages) == list(alice.state.chats[id_].messages)
        assert len(bob.state.chats[id_].messages) == 16 * 5
        assert bob.faults == []


async def test_a_message_whose_answer_was_cut_off_is_there_once(serve: Serve) -> None:
    """A client that does not know whether its message came sends it again: it is there once."""
    server, people = await serve(RATE_LIMIT="0")
    async with network(server.port) as between:
        alice, bob, id_ = await friends(people, between.url)
        for number in range(20):
            between.cut_after(1)
            await bob.say(id_, f"message {number}")
            await bob.until(lambda: bob.ws is None)
            await bob.connect()
            await bob.until(lambda: not bob.unsent)
        contents = [each["content"] for each in reversed(await alice.history(id_))]
        assert contents == [f"message {number}" for number in range(20)]
        assert bob.duplicates == 20


async def test_a_slow_and_late_network_changes_no_order(serve: Serve) -> None:
    """Delays and trickles only make things late."""
    server, people = await serve(RATE_LIMIT="0")
    async with network(server.port) as between:
        alice, bob, id_ = await friends(people, between.url)
        between.delay_up, between.delay_down, between.trickle = 0.002, 0.002, 200_000
        for number in range(200):
            sender = (alice, bob)[number % 2]
            await sender.say(id_, f"{number} " + "x" * 500)
        await alice.until(lambda: not alice.unsent)
        await bob.until(lambda: not bob.unsent)
        await bob.until(lambda: len(bob.state.chats[id_].messages) == 200)
        assert list(bob.state.chats[id_].messages) == list(alice.state.chats[id_].messages)
        assert alice.faults + bob.faults == []


async def test_a_socket_that_sends_without_reading_the_answers_is_paced(serve: Serve) -> None:
    """Who asks and does not read is not read from either, and gets every answer later."""
    server, people = await serve(RATE_LIMIT="0")
    async with network(server.port) as between:
        alice, bob, id_ = await friends(people, between.url)
        for number in range(60):
            await alice.say(id_, f"{number}" + "x" * 3900)
        await bob.until(lambda: len(bob.state.chats[id_].messages) == 60)
        between.deaf = True
        asked = [
            asyncio.create_task(bob.ask("get_messages", conversation_id=id_)) for _ in range(30)
        ]
        await alice.ask("ping")
        between.heal()
        answers = await asyncio.gather(*asked)
        assert {len(answer["data"]["messages"]) for answer in answers} == {60}
