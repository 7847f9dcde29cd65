"""Visits: people who come, make a group, send a file in it, leave the group and go."""

import asyncio
from typing import Any

import aiohttp
import msgspec
from picows import WSFrame, WSMsgType, WSTransport

from tests.bench.load.client import PATIENCE, Listener, LoadError, Seat, connect, gate, refuse
from tests.bench.load.clock import Numbers

Data = dict[str, Any]


class Visit(msgspec.Struct, tag="visit"):
    """The job: `at_once` people at a time, each at once after the one before, until told to stop.

    Each has the one after them, by `names`, in the group. Files have `size` bytes.
    """

    port: int
    seats: list[Seat]
    names: list[str]
    at_once: int
    size: int

    async def run(self) -> Numbers:
        """Do it; gives how many visits there were."""
        await gate("ready")
        stop = asyncio.create_task(gate("probing"))
        async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
            visitors = [
                group.create_task(self._go_on(http, first, stop)) for first in range(self.at_once)
            ]
        return {"visits": sum(each.result() for each in visitors), "dropped": 0}

    async def _go_on(
        self, http: aiohttp.ClientSession, first: int, stop: asyncio.Task[None]
    ) -> int:
        """One after the other of a share of the people, again and again; gives the visits."""
        share, visits = range(first, len(self.seats), self.at_once), 0
        while not stop.done():
            await self._visit(http, share[visits % len(share)])
            visits += 1
        return visits

    async def _visit(self, http: aiohttp.ClientSession, number: int) -> None:
        seat, other = self.seats[number], self.names[(number + 1) % len(self.names)]
        visitor = await connect(self.port, seat, Visitor(), number)
        made = await visitor.ask("create_conversation", members=[other])
        file = await self._upload(http, seat)
        here = {"conversation_id": made["id"]}
        await visitor.ask("send_message", **here, content="look", files=[file])
        await visitor.ask("remove_member", **here, username=other)
        await visitor.ask("leave_conversation", **here)
        await visitor.leave()

    async def _upload(self, http: aiohttp.ClientSession, seat: Seat) -> int:
        """Send a file; gives its id."""
        url = f"http://127.0.0.1:{self.port}/files?name=a.bin"
        headers = {"Authorization": f"Bearer {seat.token}"}
        async with http.post(url, data=bytes(self.size), headers=headers) as response:
            answer: Data = await response.json()
        if response.status != 201:
            raise LoadError(f"an upload was answered {answer}")
        return int(answer["id"])


class Visitor(Listener):
    """Somebody with one request under way, who ignores what else they are told."""

    def __init__(self) -> None:
        super().__init__()
        self._ref = 0
        self._answer: asyncio.Future[Data] | None = None

    async def ask(self, type_: str, **fields: object) -> Data:
        """Send a request; gives the `data` of its answer."""
        self._ref += 1
        self._answer = asyncio.get_running_loop().create_future()
        self.send(msgspec.json.encode({"type": type_, "ref": self._ref, **fields}))
        async with asyncio.timeout(PATIENCE):
            return await self._answer

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take the answer."""
        if frame.msg_type is not WSMsgType.TEXT or self._answer is None or self._answer.done():
            return
        told: Data = msgspec.json.decode(frame.get_payload_as_bytes())
        if told.get("ref") != self._ref:
            return
        if told["success"]:
            self._answer.set_result(told["data"])
        else:
            self._answer.set_exception(refuse(frame))
