"""A socket is live from the moment it opens."""

import asyncio
from collections.abc import Callable

from tests.support.client import Frame, Socket
from tests.support.shared import SharedTown


class Talk:
    """Somebody who says one number after the other, several on the way at once."""

    def __init__(self, speaker: Socket, conversation_id: int) -> None:
        self.said = 0
        self._speaker = speaker
        self._conversation_id = conversation_id
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Say no more."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def until(self, number: int) -> None:
        """Wait until a number has been answered."""
        await self._speaker.wait_for(is_reply_to(f"said{number}"))

    async def _run(self) -> None:
        while True:
            frame = {"type": "send_message", "conversation_id": self._conversation_id}
            said = f"said{self.said}"
            self.said += 1
            await self._speaker.send({**frame, "content": said, "ref": said})
            if self.said > 8:
                await self.until(self.said - 8)


def is_reply_to(ref: str) -> Callable[[Frame], bool]:
    """What tells the reply to a request."""
    return lambda frame: frame.get("ref") == ref


async def test_a_socket_misses_nothing_from_the_moment_it_opens(guests: SharedTown) -> None:
    """What is said after the handshake arrives, though the client has not said a word yet."""
    alice, bob = await guests.online("alice", "bob")
    id_ = (await alice.do("create_conversation", members=[bob.username]))["id"]
    await bob.close()
    talk = Talk(alice, id_)

    async def open_one() -> tuple[Socket, int]:
        socket = await guests.people[1].connect()
        return socket, talk.said

    try:
        opened = await asyncio.gather(*(open_one() for _ in range(40)))
        await talk.until(talk.said + 16)
        for socket, next_said in opened:
            first = await socket.next("send_message")
            assert int(first["data"]["content"].removeprefix("said")) <= next_said
            await socket.close()
    finally:
        await talk.stop()
