"""Fixtures: a running server that has accounts and no sockets, on a database of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from backend.accounts.routes import routes
from backend.accounts.services import build_services
from backend.http import health
from backend.http.application import application
from backend.http.health import Condition
from backend.peers import Peers
from backend.settings import Settings
from backend.store.database import Database
from tests.support import engine
from tests.support.http import Server

Start = Callable[..., Awaitable[Server]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a server with the settings given over those that suit tests."""
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
async def server(start: Start) -> Server:
    """A server with the settings that suit tests."""
    return await start()


@pytest.fixture
async def alice(server: Server) -> Server:
    """The same server, where alice is registered with the password `correct horse`."""
    await server.register("alice")
    return server
