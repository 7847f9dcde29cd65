"""What the tests say to a server over HTTP, and what it says back."""

import asyncio
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

import aiohttp
import msgspec
from aiohttp.test_utils import TestServer

from backend.accounts.services import Services
from backend.store.database import Database
from backend.store.engine.db import Db
from backend.store.log import Effect, decode_effect

PASSWORD = "correct horse"
JSON = {"Accept": "application/json"}


class Reply(NamedTuple):
    """An answer, read to its end."""

    status: int
    text: str
    headers: Any
    cookies: SimpleCookie

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return msgspec.json.decode(self.text)


class Tokens(NamedTuple):
    """What a login gives."""

    access: str
    refresh: str

    @property
    def bearer(self) -> dict[str, str]:
        """The header that carries the login-token."""
        return {"Authorization": f"Bearer {self.access}"}


class Server:
    """A running server and a client for it that keeps no cookies."""

    def __init__(
        self,
        server: TestServer,
        session: aiohttp.ClientSession,
        database: Database,
        services: Services,
    ) -> None:
        self.server = server
        self.session = session
        self.database = database
        self.services = services

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return str(self.server.make_url("/")).rstrip("/")

    async def ask(self, method: str, path: str, body: Any = None, **options: Any) -> Reply:
        """Send a request; a body that is not bytes is sent as JSON."""
        if body is not None and not isinstance(body, bytes):
            body = msgspec.json.encode(body)
        async with self.session.request(method, self.url + path, data=body, **options) as response:
            text = await response.text()
            return Reply(response.status, text, response.headers, response.cookies)

    async def raw(self, request: bytes) -> bytes:
        """Send bytes as they are, and give all that comes back until the server closes."""
        host, port = self.server.host, self.server.port
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return answer

    async def get(self, path: str, **options: Any) -> Reply:
        """GET."""
        return await self.ask("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> Reply:
        """POST."""
        return await self.ask("POST", path, body, **options)

    async def register(self, username: str, password: str = PASSWORD, **more: Any) -> None:
        """Make an account, full name included."""
        body = {"username": username, "password": password, "fullname": username.title(), **more}
        reply = await self.post("/register", body)
        assert (reply.status, reply.text) == (201, "registered")

    async def login(self, username: str, password: str = PASSWORD, **options: Any) -> Tokens:
        """Log in, and give both tokens."""
        body = {"username": username, "password": password}
        reply = await self.post("/auth/login", body, **options)
        assert (reply.status, reply.text) == (202, "login successful")
        return Tokens(reply.cookies["login-token"].value, reply.cookies["refresh-token"].value)

    async def is_good(self, tokens: Tokens) -> bool:
        """Whether the login-token is taken."""
        reply = await self.get("/auth/verify", headers=tokens.bearer)
        assert reply.status == 200 or (reply.status, reply.text) == (401, "invalid login-token")
        return reply.status == 200

    async def write(self, work: Callable[[Db], Any]) -> Any:
        """Change the database behind the server's back."""
        return await self.database.write(work)

    async def rows(self, sql: str, *values: object) -> list[Any]:
        """What a query finds."""
        return await self.database.read(lambda db: db.execute(sql, values).fetchall())

    async def effects(self) -> list[Effect]:
        """What the log tells the gateway about sessions, oldest first."""
        rows = await self.rows("SELECT effect FROM log WHERE audience = 3 ORDER BY id")
        return [decode_effect(row[0]) for row in rows]


def cookies(**values: str) -> dict[str, str]:
    """The header a browser sends."""
    pairs = (f"{name.replace('_', '-')}={value}" for name, value in values.items())
    return {"Cookie": "; ".join(pairs)}
