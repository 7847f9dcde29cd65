"""A client of the chat: an account, and sockets on which frames are sent and awaited."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar

import aiohttp

from tests.support import printed
from tests.support.shapes import Unexpected, Watch

Frame = dict[str, Any]
WAIT_SECONDS = 10.0
PASSWORD = "correct horse"
T = TypeVar("T", bound="Town")


class Closed(Exception):
    """The server closed the socket."""

    def __init__(self, code: int | None, reason: str | None) -> None:
        super().__init__(f"closed with {code}: {reason}")
        self.code = code
        self.reason = reason


class Socket:
    """One WebSocket: everything that arrives is kept in `received`, in order.

    Every frame is compared with the struct of its type; one that differs ends whatever waits for
    this socket, with Unexpected.
    """

    def __init__(self, ws: "aiohttp.ClientWebSocketResponse[bool]", username: str) -> None:
        self.ws = ws
        self.username = username
        self.received: list[Frame] = []
        self.closed: Closed | None = None
        self.unexpected: Unexpected | None = None
        self._watch = Watch()
        self._refs = itertools.count(1)
        self._taken = 0
        self._news = asyncio.Condition()
        self._task = asyncio.create_task(self._read())

    async def send(self, frame: Frame | str | bytes) -> None:
        """Send a frame: an object as JSON, text as it is, bytes as a binary frame."""
        if isinstance(frame, bytes):
            await self.ws.send_bytes(frame)
        else:
            await self.ws.send_str(frame if isinstance(frame, str) else json.dumps(frame))

    async def ask(self, type_: str, **fields: Any) -> Frame:
        """Send a request with a `ref` of its own and give its reply, success or not."""
        ref = f"r{next(self._refs)}"
        await self.send({"type": type_, "ref": ref, **fields})
        return await self.wait_for(lambda frame: frame.get("ref") == ref)

    async def do(self, type_: str, **fields: Any) -> Any:
        """Send a request that must succeed; gives the reply's `data`."""
        reply = await self.ask(type_, **fields)
        assert reply["success"] is True, reply
        return reply["data"]

    async def wait_for(
        self, wanted: Callable[[Frame], bool], within: float = WAIT_SECONDS
    ) -> Frame:
        """The first frame received, from the beginning on, that is wanted; raises Closed."""
        seen = 0
        async with asyncio.timeout(within), self._news:
            while True:
                for frame in self.received[seen:]:
                    if wanted(frame):
                        return frame
                seen = len(self.received)
                self._raise_if_over()
                await self._news.wait()

    async def next(self, type_: str | None = None, within: float = WAIT_SECONDS) -> Frame:
        """The next frame not yet taken by this method, or the next of a type; raises Closed."""
        async with asyncio.timeout(within), self._news:
            while True:
                while self._taken < len(self.received):
                    self._taken += 1
                    frame = self.received[self._taken - 1]
                    if type_ is None or frame["type"] == type_:
                        return frame
                self._raise_if_over()
                await self._news.wait()

    def _raise_if_over(self) -> None:
        if self.unexpected is not None:
            raise self.unexpected
        if self.closed is not None:
            raise self.closed

    async def quiet(self) -> list[Frame]:
        """What has arrived when everything before a ping has; the ping's reply left out.

        A frame that was on its way before has come by then, so that "nothing came" can be said.
        """
        await self.ask("ping")
        return [frame for frame in self.received if frame["type"] != "ping"]

    def of_type(self, type_: str) -> list[Frame]:
        """What has arrived of a type."""
        return [frame for frame in self.received if frame["type"] == type_]

    @property
    def cursor(self) -> str:
        """The newest cursor: what a client keeps."""
        for frame in reversed(self.received):
            if "cursor" in frame:
                return str(frame["cursor"])
            if frame["type"] == "resume":
                return str(frame["data"]["cursor"])
        return ""

    async def wait_closed(self, within: float = WAIT_SECONDS) -> Closed:
        """Wait until the server closes the socket; gives the code and the reason."""
        async with asyncio.timeout(within):
            await asyncio.wait([self._task])
        assert self.closed is not None
        return self.closed

    async def close(self) -> None:
        """Close the socket from this side."""
        await self.ws.close()
        await asyncio.wait([self._task])

    async def drop(self) -> None:
        """Lose the connection without a word, as a phone in a tunnel does."""
        connection = self.ws._response.connection
        if connection is not None and connection.transport is not None:
            connection.transport.abort()
        await asyncio.wait([self._task])

    def _take(self, frame: Frame) -> None:
        self.received.append(frame)
        try:
            self._watch.see(frame)
        except Unexpected as error:
            self.unexpected = self.unexpected or error

    async def _read(self) -> None:
        while (message := await self.ws.receive()).type is aiohttp.WSMsgType.TEXT:
            async with self._news:
                self._take(json.loads(message.data))
                self._news.notify_all()
        async with self._news:
            error = self.ws.exception()
            code, reason = getattr(error, "code", None) or self.ws.close_code, None
            if message.type is aiohttp.WSMsgType.CLOSE:
                # close_code is 1006 when aiohttp's answer finds the connection gone already
                code, reason = message.data, message.extra
            self.closed = Closed(code, reason)
            self._news.notify_all()


class Person:
    """An account that is logged in."""

    def __init__(self, http: aiohttp.ClientSession, url: str, username: str) -> None:
        self.http = http
        self.url = url
        self.username = username
        self.token = ""
        self.refresh_token = ""
        self._sockets: list[Socket] = []

    @property
    def headers(self) -> dict[str, str]:
        """What authorizes a request."""
        return {"Authorization": f"Bearer {self.token}"}

    async def register(self, password: str = PASSWORD) -> None:
        """Make the account."""
        body = {
            "username": self.username, "password": password, "fullname": self.username.title(),
        }  # fmt: skip
        async with self.http.post(f"{self.url}/register", json=body) as answer:
            assert answer.status == 201, await answer.text()

    async def login(self, password: str = PASSWORD) -> None:
        """Begin a session."""
        body = {"username": self.username, "password": password}
        accept = {"Accept": "application/json"}
        async with self.http.post(f"{self.url}/auth/login", json=body, headers=accept) as answer:
            assert answer.status == 202, await answer.text()
            tokens = await answer.json()
        self.token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
        printed.keep_secret(password, self.token, self.refresh_token)

    async def live(self) -> Socket:
        """Open a socket; gives it once what happens from here on is pushed to it."""
        socket = await self.connect()
        await socket.ask("ping")
        return socket

    async def connect(self, cursor: str | None = None, **options: Any) -> Socket:
        """Open a socket, live at once, or from a cursor (empty: a first start)."""
        query = "" if cursor is None else f"?cursor={cursor}"
        ws = await self.http.ws_connect(
            f"{self.url}/ws{query}", headers=self.headers, max_msg_size=0, **options
        )
        socket = Socket(ws, self.username)
        self._sockets.append(socket)
        return socket

    async def close(self) -> None:
        """Close every socket; raises Unexpected if one was sent what the structs do not say."""
        for socket in self._sockets:
            await socket.close()
        for socket in self._sockets:
            if socket.unexpected is not None:
                raise socket.unexpected


class Town:
    """People on one server."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http = http
        self.url = url
        self.people: list[Person] = []

    async def person(self, username: str) -> Person:
        """A new account, logged in."""
        person = Person(self.http, self.url, username)
        await person.register()
        await person.login()
        self.people.append(person)
        return person

    async def online(self, *usernames: str) -> list[Socket]:
        """New accounts, logged in, each with a live socket."""
        return [await (await self.person(username)).live() for username in usernames]


def town(url: str) -> AbstractAsyncContextManager[Town]:
    """People on the server at `url`; their sockets are closed at the end."""
    return town_of(Town, url)


@asynccontextmanager
async def town_of(kind: type[T], url: str) -> AsyncIterator[T]:
    """People on the server at `url`; their sockets are closed at the end."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        here = kind(http, url)
        try:
            yield here
        finally:
            for person in here.people:
                await person.close()
