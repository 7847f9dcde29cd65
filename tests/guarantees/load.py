"""Several people who write to each other as fast as they are answered, whatever happens."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from typing import Any

from tests.guarantees.device import Device
from tests.guarantees.state import Frame
from tests.guarantees.waiting import eventually
from tests.support.client import Town
from tests.support.server import Server

NAMES = ("alice", "bob", "carol", "dave")
WINDOW = 4  # messages of one device that wait for their answer


class Load:
    """Four people with six devices in a group and two direct conversations."""

    def __init__(self, devices: list[Device], conversations: dict[int, set[str]]) -> None:
        self.devices = devices
        self.conversations = conversations
        self._writers: list[asyncio.Task[None]] = []
        self._keepers: list[asyncio.Task[None]] = []

    @classmethod
    async def prepare(cls, people: Town) -> "Load":
        """Make the people and their conversations; every device is there from the start."""
        persons = [await people.person(name) for name in NAMES]
        devices = [Device(person) for person in (*persons, persons[0], persons[1])]
        for device in devices:
            await device.connect()
        conversations: dict[int, set[str]] = {}
        for names in (NAMES, NAMES[:2], NAMES[2:]):
            creator = next(each for each in devices if each.person.username == names[0])
            kind = "direct" if len(names) == 2 else "group"
            data = await creator.do("create_conversation", members=list(names[1:]), kind=kind)
            conversations[data["id"]] = set(names)
        return cls(devices, conversations)

    @contextlib.asynccontextmanager
    async def going(self) -> AsyncIterator[None]:
        """Every device keeps coming back, and writes."""
        self._keepers = [asyncio.create_task(each.stay_connected()) for each in self.devices]
        numbered = enumerate(self.devices)
        self._writers = [asyncio.create_task(self._write(each, n)) for n, each in numbered]
        try:
            yield
        finally:
            await _cancel(self._writers + self._keepers)

    async def over_a_deploy(self, running: Server) -> Server:
        """Once more has been acked, let the next server wait, and this one go; gives the next."""
        acked = self.acked
        await self.devices[0].until(lambda: self.acked > acked + 50, within=30)
        following = running.following()
        starting = asyncio.create_task(following.start("--wait"))

        async def is_waiting() -> bool:
            return "waiting for the server before" in following.output

        await eventually(is_waiting)
        assert await running.stop() == 0
        await starting
        return following

    async def stop_writing(self) -> None:
        """Write nothing new, and wait until everything is answered and has come."""
        await _cancel(self._writers)
        for device in self.devices:
            await device.until(lambda each=device: not each.unsent and each.live, within=60)
            await device.ask("ping")

    async def check_lived_is_stored(self) -> None:
        """Every device lived through its conversations' messages as they are read afresh."""
        for id_, names in self.conversations.items():
            for device in self.devices:
                if device.state.username in names:
                    lived = device.state.chats[id_].texts
                    assert texts(lived) == texts(await stored(device, id_))

    @property
    def acked(self) -> int:
        """How many messages were answered."""
        return sum(len(device.acked) for device in self.devices)

    @property
    def in_flight(self) -> int:
        """How many messages wait for their answer."""
        return sum(len(device.unsent) for device in self.devices)

    async def _write(self, device: Device, number: int) -> None:
        mine = [id_ for id_, names in self.conversations.items() if device.state.username in names]
        for count in itertools.count():
            await device.until(lambda: len(device.unsent) < WINDOW, within=60)
            await device.say(mine[count % len(mine)], f"device {number}, message {count}")


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def stored(device: Device, conversation_id: int) -> list[Frame]:
    """The messages of a conversation as they are fetched afresh, oldest first, texts only."""
    messages = await device.history(conversation_id)
    return [each for each in reversed(messages) if each["kind"] == "text"]


def texts(messages: Any) -> list[tuple[int, str, str]]:
    """What has to be the same for all: id, `client_id` and text, in order."""
    return [(each["id"], each["client_id"], each["content"]) for each in messages]
