"""One order: of messages for all members, and of `at` on every socket."""

import asyncio
from functools import partial

from tests.guarantees.conftest import Serve
from tests.guarantees.device import Device
from tests.guarantees.load import Load
from tests.guarantees.state import Chat, Frame
from tests.support.client import Socket


async def test_all_see_messages_in_the_same_order(serve: Serve) -> None:
    """Six devices write to each other at once: each lives through the same order."""
    _, people = await serve(RATE_LIMIT="0")
    load = await Load.prepare(people)
    async with load.going():
        await load.devices[0].until(lambda: load.acked > 600, within=30)
        await load.stop_writing()
        await load.check_lived_is_stored()
    assert [fault for device in load.devices for fault in device.faults] == []


async def test_a_read_has_every_event_before_its_place_and_none_after(serve: Serve) -> None:
    """While others write, what a reply read at A is what the events up to A told."""
    _, people = await serve(RATE_LIMIT="0")
    load = await Load.prepare(people)
    reader = load.devices[0]
    compared = 0

    async with load.going():
        for id_ in list(load.conversations) * 40:
            if id_ not in reader.state.chats:
                continue
            lived: list[int] = []
            chat = reader.state.chats[id_]
            take = partial(_note, lived, chat)
            page = await reader.do("get_messages", take, conversation_id=id_, limit=20)
            assert [each["id"] for each in reversed(page["messages"])] == lived[-20:]
            compared += len(lived) > 20
        await load.stop_writing()
    assert compared > 20
    assert reader.faults == []


def _note(lived: list[int], chat: Chat, data: Frame) -> None:
    """Keep the messages that were known when a reply came."""
    lived.extend(chat.messages)


async def test_answers_come_in_the_order_of_requests(serve: Serve) -> None:
    """Reads, writes, mistakes and retries of one socket are answered in their order."""
    _, people = await serve(RATE_LIMIT="0")
    (alice,) = await people.online("alice")
    id_ = (await alice.do("create_conversation", members=[]))["id"]
    await alice.next("send_message")  # which says who made it
    first = len(alice.received)
    refs = []
    for number in range(40):
        refs += [await _request(alice, f"{kind}{number}", id_) for kind in "wrebdp"]
    await alice.wait_for(lambda frame: frame.get("ref") == refs[-1])
    assert [frame["ref"] for frame in alice.received[first:]] == refs


async def _request(socket: Socket, ref: str, id_: int) -> str:
    send: Frame = {"type": "send_message", "ref": ref, "conversation_id": id_, "content": ref}
    frames: dict[str, Frame] = {
        "w": send,
        "r": {"type": "get_messages", "ref": ref, "conversation_id": id_, "limit": 1},
        "e": {"type": "send_message", "ref": ref, "conversation_id": 999, "content": "x"},
        "b": {"type": "no_such_type", "ref": ref},
        "d": {**send, "client_id": "the same"},
        "p": {"type": "ping", "ref": ref},
    }
    await socket.send(frames[ref[0]])
    return ref


async def test_everybodys_copy_of_an_event_is_the_same(serve: Serve) -> None:
    """A push is the reply without its `ref`, at the same `at`, with the receiver's own cursor."""
    _, people = await serve()
    alice, bob = await people.online("alice", "bob")
    id_ = (await alice.do("create_conversation", members=["bob"], kind="direct"))["id"]
    reply = await alice.ask("send_message", conversation_id=id_, content="hi")
    push = await bob.next("send_message")
    assert reply.pop("cursor").rsplit("-", 1)[0] == push.pop("cursor").rsplit("-", 1)[0]
    reply.pop("ref")
    assert reply == push


async def test_at_goes_up_on_sockets_of_one_user_alike(serve: Serve) -> None:
    """All devices of a user get the same events at the same places, whoever of them acted."""
    _, people = await serve(RATE_LIMIT="0")
    person = await people.person("alice")
    devices = [Device(person) for _ in range(4)]
    for device in devices:
        await device.connect()
    id_ = (await devices[0].do("create_conversation", members=[]))["id"]
    for number in range(25):
        await asyncio.gather(*(each.say(id_, f"{number}") for each in devices))
    for device in devices:
        await device.until(lambda each=device: len(each.state.chats[id_].texts) == 100)
    orders = [list(each.state.chats[id_].messages) for each in devices]
    assert orders[0] == orders[1] == orders[2] == orders[3]
    assert [fault for each in devices for fault in each.faults] == []
