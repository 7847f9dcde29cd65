"""A socket is live from the moment it opens."""

import asyncio
import itertools
from collections.abc import Callable

from tests.support.client import Frame, Socket
from tests.support.shared import SharedTown


async def talk(speaker: Socket, conversation_id: int, stop: asyncio.Event) -> None:
    """Say one number after the other, several on the way at once, until told to stop."""
    for number in itertools.count():
        if stop.is_set():
            return
        ref = f"said{number}"
        await speaker.send({
            "type": "send_message", "conversation_id": conversation_id, "content": ref, "ref": ref,
        })  # fmt: skip
        if number >= 8:
            await speaker.wait_for(is_reply_to(f"said{number - 8}"))


def is_reply_to(ref: str) -> Callable[[Frame], bool]:
    """What tells the reply to a request."""
    return lambda frame: frame.get("ref") == ref


def count(socket: Socket) -> int:
    """How many numbers a socket has been told of."""
    return len([each for each in socket.of_type("send_message") if each["success"]])


async def test_a_socket_misses_nothing_from_the_moment_it_opens(guests: SharedTown) -> None:
    """What is answered after the handshake arrives, though the client has not said a word yet."""
    alice, bob = await guests.online("alice", "bob")
    id_ = (await alice.do("create_conversation", members=[bob.username]))["id"]
    await bob.close()
    stop = asyncio.Event()
    talking = asyncio.create_task(talk(alice, id_, stop))
    try:
        for _ in range(30):
            opened = await guests.people[1].connect()
            known = count(alice)
            await alice.wait_for(is_reply_to(f"said{known + 20}"))
            first = await opened.next("send_message")
            assert int(first["data"]["content"][4:]) <= known
            await opened.close()
    finally:
        stop.set()
        await talking
