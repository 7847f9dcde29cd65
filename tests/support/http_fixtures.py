"""Fixtures: a running server that has accounts and no sockets, on a database of its own.

It hashes as the real one does, with parameters that cost nothing: hashing was a third of the time
that the tests without a process took.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from backend.accounts.routes import routes
from backend.accounts.services import build_services
from backend.auth import passwords
from backend.http import health
from backend.http.application import application
from backend.http.health import Condition
from backend.peers import Peers
from backend.settings import Settings
from backend.store.database import Database
from tests.support import engine
from tests.support.http import Server

Start = Callable[..., Awaitable[Server]]
OURS, OUR_NOBODYS = passwords.HASHER, passwords.nobodys
HASHER = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
NOBODYS = HASHER.hash("nobody's")


@pytest.fixture
async def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    """Starts a server with the settings given over those that suit tests."""
    monkeypatch.setattr(passwords, "HASHER", HASHER)
    monkeypatch.setattr(passwords, "nobodys", lambda: NOBODYS)
    where = engine.migrated(tmp_path)
    database = await Database.open(where)
    session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
    servers: list[Server] = []

    async def begin(**values: Any) -> Server:
        settings = Settings(
            **{
                "dbpath": str(tmp_path / "data" / "chat.db"),
                **{name.lower(): value for name, value in engine.settings_of(where).items()},
                "register_attempts": 1000,
                **values,
            }
        )
        services = build_services(settings, database, Peers("one"))
        app = application(settings, health.routes(Condition(database)), routes(services))
        server = TestServer(app, host="127.0.0.1")
        await server.start_server(lingering_time=0.1)
        servers.append(Server(server, session, database, services))
        return servers[-1]

    yield begin
    await session.close()
    for each in servers:
        await each.server.close()
        each.services.passwords.close()
    await database.close()


@pytest.fixture
def real_hashing(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is started hashes with the real parameters, for tests that see them."""
    monkeypatch.setattr(passwords, "HASHER", OURS)
    monkeypatch.setattr(passwords, "nobodys", OUR_NOBODYS)


@pytest.fixture
async def server(start: Start) -> Server:
    """A server with the settings that suit tests."""
    return await start()


@pytest.fixture
async def alice(server: Server) -> Server:
    """The same server, where alice is registered with the password `correct horse`."""
    await server.register("alice")
    return server
