"""A client that loses nothing: it keeps its cursor with its state, and what is not acknowledged."""

import asyncio
import contextlib
import itertools
import json
import uuid
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.guarantees.state import Frame, State
from tests.support.client import Person, Town

WAIT_SECONDS = 10.0
RETRY_SECONDS = 0.02
Then = Callable[[Any], None]
FINAL = {"not_found", "forbidden", "conflict", "invalid_request"}


def _nothing(frame: Any) -> None:
    """What is done with most answers as they come."""


class Gone(Exception):
    """The socket closed before the answer came."""


class Device:
    """One device of a person: a state, a cursor, and a queue of messages to send."""

    def __init__(self, person: Person, url: str | None = None) -> None:
        self.person = person
        self.url = url or person.url
        self.state = State(person.username)
        self.cursor = ""
        self.at = 0
        self.unsent: dict[str, Frame] = {}
        self.acked: dict[str, Frame] = {}
        self.refused: dict[str, str] = {}
        self.duplicates = 0
        self.resumes: list[Frame] = []
        self.replayed: list[int] = []
        self.live = False
        self.close_code: int | None = None
        self.ws: aiohttp.ClientWebSocketResponse[bool] | None = None
        self.changed = asyncio.Condition()
        self._refs = itertools.count(1)
        self._asked: dict[str, tuple[asyncio.Future[Frame], Then]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._trying: set[asyncio.Task[None]] = set()

    @property
    def faults(self) -> list[str]:
        """What arrived that must not have."""
        return self.state.faults

    async def open(self) -> None:
        """Connect, and go on from the cursor."""
        self.ws = await self.person.http.ws_connect(
            f"{self.url}/ws?cursor={self.cursor}", headers=self.person.headers, max_msg_size=0
        )
        self._reader = asyncio.create_task(self._read(self.ws))

    async def connect(self) -> Frame:
        """Connect and wait until everything missed has come; gives the data of `resume`."""
        await self.open()
        await self.until(lambda: self.live or self.ws is None)
        if self.ws is None:
            raise Gone(f"closed with {self.close_code}")
        return self.resumes[-1]

    async def stay_connected(self) -> None:
        """Connect again and again until cancelled."""
        while True:
            try:
                if self.ws is None:
                    await self.open()
            except (aiohttp.ClientError, OSError):
                await asyncio.sleep(RETRY_SECONDS)
                continue
            assert self._reader is not None
            await asyncio.shield(self._reader)

    async def drop(self) -> None:
        """Lose the connection without a word."""
        if self.ws is not None:
            connection = self.ws._response.connection
            if connection is not None and connection.transport is not None:
                connection.transport.abort()
        if self._reader is not None:
            await self._reader

    async def say(self, conversation_id: int, content: str, **fields: Any) -> str:
        """Queue a message, and send it if there is a socket; gives its `client_id`."""
        client_id = uuid.uuid4().hex
        self.unsent[client_id] = {
            "type": "send_message", "ref": client_id, "client_id": client_id,
            "conversation_id": conversation_id, "content": content, **fields,
        }  # fmt: skip
        if self.live:
            await self._send(self.unsent[client_id])
        return client_id

    async def ask(self, type_: str, then: Then = _nothing, **fields: Any) -> Frame:
        """Send a request and give its answer, success or not; raises Gone.

        `then` is called with the answer in its place among the events.
        """
        ref = f"r{next(self._refs)}"
        if self.ws is None:
            raise Gone(f"closed with {self.close_code}")
        future: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._asked[ref] = future, then
        await self._send({"type": type_, "ref": ref, **fields})
        async with asyncio.timeout(WAIT_SECONDS):
            return await future

    async def do(self, type_: str, then: Then = _nothing, **fields: Any) -> Any:
        """Send a request that must succeed; gives the reply's `data`, as does `then`."""
        reply = await self.ask(type_, lambda frame: then(frame.get("data", {})), **fields)
        assert reply["success"] is True, reply
        return reply["data"]

    async def until(self, condition: Any, within: float = WAIT_SECONDS) -> None:
        """Wait until something is so; looked at after every frame."""
        async with asyncio.timeout(within), self.changed:
            await self.changed.wait_for(condition)

    async def history(self, conversation_id: int, then: Then = _nothing) -> list[Frame]:
        """Fetch all messages of a conversation, newest first; `then` gets every page."""
        messages: list[Frame] = []
        more: Frame = {}
        while True:
            page = await self.do("get_messages", then, conversation_id=conversation_id, **more)
            messages += page["messages"]
            if not page["more_before"]:
                return messages
            more = {"before": messages[-1]["id"]}

    async def fetch(self) -> None:
        """Fill an empty state with what is there now."""
        await self.do("get_contacts", self.state.load_contacts)
        await self.do("get_conversations", self.state.load_chats)
        await self.complete()

    async def complete(self) -> None:
        """Fetch the messages of which none are known yet, and what events left open."""
        for conversation_id in list(self.state.incomplete):
            await self.history(conversation_id, self.state.load_messages)
            self.state.incomplete.discard(conversation_id)
        for conversation_id in list(self.state.stale):
            self.state.stale.discard(conversation_id)
            await self.ask("get_conversation_info", self._learn_info, id=conversation_id)

    def _learn_info(self, frame: Frame) -> None:
        if frame["success"]:
            self.state.load_info(frame["data"])

    async def _send(self, frame: Frame) -> None:
        """Send, or not: what is lost with the socket is told by its end."""
        if self.ws is not None and not self.ws.closed:
            with contextlib.suppress(ConnectionError, aiohttp.ClientError):
                await self.ws.send_str(json.dumps(frame))

    async def _read(self, ws: "aiohttp.ClientWebSocketResponse[bool]") -> None:
        try:
            async for message in ws:
                frame = json.loads(message.data)
                self._take(frame)
                if frame["type"] == "resumed":
                    await self._send_again()
                async with self.changed:
                    self.changed.notify_all()
        finally:
            await self._lost(ws)

    async def _try_again(self, client_id: str) -> None:
        await asyncio.sleep(RETRY_SECONDS)
        if self.live and client_id in self.unsent:
            await self._send(self.unsent[client_id])

    async def _send_again(self) -> None:
        for frame in list(self.unsent.values()):
            await self._send(frame)

    async def _lost(self, ws: "aiohttp.ClientWebSocketResponse[bool]") -> None:
        self.close_code, self.ws, self.live = ws.close_code, None, False
        asked, self._asked = self._asked, {}
        for future, _ in asked.values():
            if not future.done():
                future.set_exception(Gone())
                future.exception()
        async with self.changed:
            self.changed.notify_all()

    def _take(self, frame: Frame) -> None:
        if frame["type"] == "resume":
            self._resume(frame["data"])
        elif frame["type"] == "resumed":
            self.replayed.append(frame["data"]["events"])
            self.state.online = set(self.resumes[-1]["online"])
            self.live = True
        else:
            self._check_place(frame)
            self._settle(frame)
            self._learn(frame)
        future, then = self._asked.pop(str(frame.get("ref")), (None, _nothing))
        if future is not None and not future.done():
            then(frame)
            future.set_result(frame)

    def _resume(self, data: Frame) -> None:
        self.resumes.append(data)
        if data["status"] == "ok":
            if data["at"] != self.at:
                self.faults.append(f"resumed at {data['at']} and not at {self.at}")
            return
        self.state.clear()
        self.cursor, self.at = data["cursor"], data["at"]

    def _check_place(self, frame: Frame) -> None:
        """`at` goes up with every durable event, and never back."""
        at = frame.get("at")
        if at is None:
            return
        is_event = "cursor" in frame and frame["type"] != "ping"
        if at < self.at or (is_event and at == self.at):
            self.faults.append(f"{frame['type']} at {at} came after {self.at}")
        self.at = at
        self.cursor = frame.get("cursor", self.cursor)

    def _settle(self, frame: Frame) -> None:
        client_id = str(frame.get("ref"))
        if client_id not in self.unsent:
            return
        if frame["success"]:
            self.acked[client_id] = frame["data"]
            self.duplicates += bool(frame.get("duplicate"))
            del self.unsent[client_id]
        elif frame["code"] in FINAL:
            self.refused[client_id] = frame["code"]
            del self.unsent[client_id]
        else:
            task = asyncio.create_task(self._try_again(client_id))
            self._trying.add(task)
            task.add_done_callback(self._trying.discard)

    def _learn(self, frame: Frame) -> None:
        if not frame["success"]:
            return
        told_again = "at" not in frame and frame["type"] in {"mark_read", "mark_delivered"}
        if "cursor" in frame or told_again or frame["type"] == "user_status":
            self.state.apply(frame)


async def group(
    people: Town, *names: str, last_at: str | None = None, **fields: Any
) -> tuple[list[Device], int]:
    """People with a device each, in a conversation of the first; gives its id too.

    `last_at` is where the last one finds the server, if not at its address.
    """
    devices = [Device(await people.person(name)) for name in names]
    devices[-1].url = last_at or devices[-1].url
    for device in devices:
        await device.connect()
    data = await devices[0].do("create_conversation", members=list(names[1:]), **fields)
    for device in devices:
        await device.until(lambda each=device: data["id"] in each.state.chats)
    return devices, data["id"]
