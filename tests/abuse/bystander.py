"""Somebody else, who only wants to talk: how long their requests take while others do their worst.

Four people at one address, each within the limits: messages sent, messages read, sockets opened,
log ins. Each takes turns of its own, so that one kind that hangs hides no other.
"""

import asyncio
import math
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping

from tests.support.client import Person, Socket, Town

LIMIT_MS = 250.0
PAUSES = {"send_message": 0.1, "get_messages": 0.1, "connect": 0.2, "log in": 0.5}
STUCK_SECONDS = 20.0
Act = Callable[[], Awaitable[object]]


class Latencies:
    """Milliseconds by kind of act."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = defaultdict(list)

    def p99(self, kind: str) -> float:
        """The time that 99 of 100 stay within; with fewer than 100, the longest."""
        times = sorted(self.taken[kind])
        return times[math.ceil(len(times) * 0.99) - 1]

    def table(self) -> Mapping[str, float]:
        """The p99 of each kind, for a failing test to show."""
        return {kind: round(self.p99(kind), 1) for kind in sorted(self.taken)}

    @property
    def worst(self) -> float:
        """The longest p99 of all kinds."""
        return max(self.p99(kind) for kind in PAUSES)


class Bystander:
    """People who talk to each other while something else goes on."""

    def __init__(self, sender: Socket, reader: Socket, visitor: Person, guest: Person) -> None:
        self._sender = sender
        self._reader = reader
        self._visitor = visitor
        self._guest = guest
        self._conversation_id = 0

    @classmethod
    async def settle(cls, town: Town) -> "Bystander":
        """Register four people and let two of them begin to talk."""
        sender, reader = await town.online("sender", "reader")
        found = cls(sender, reader, await town.person("visitor"), await town.person("guest"))
        made = await sender.do("create_conversation", kind="direct", members=["reader"])
        found._conversation_id = made["id"]
        for number in range(20):
            await found._send(f"{number}")
        return found

    async def watch(self, during: Awaitable[object]) -> Latencies:
        """Act until `during` is over; gives how long each act took."""
        found = Latencies()
        acts: dict[str, Act] = {
            "send_message": self._send,
            "get_messages": self._read,
            "connect": self._connect,
            "log in": self._guest.login,
        }
        tasks = [asyncio.create_task(_repeat(kind, act, found)) for kind, act in acts.items()]
        try:
            await during
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in tasks:
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error
        return found

    async def _send(self, content: str = "hello") -> None:
        await self._sender.do(
            "send_message", conversation_id=self._conversation_id, content=content
        )

    async def _read(self) -> None:
        await self._reader.do("get_messages", conversation_id=self._conversation_id, limit=50)

    async def _connect(self) -> None:
        socket = await self._visitor.connect("")
        await socket.next("resumed", within=STUCK_SECONDS)
        await socket.close()


async def _repeat(kind: str, act: Act, found: Latencies) -> None:
    """Act again and again until cancelled; what is under way then counts with the time so far."""
    while True:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(STUCK_SECONDS):
                await act()
        finally:
            found.taken[kind].append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(PAUSES[kind])
