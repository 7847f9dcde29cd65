"""Connections that say nothing, or not enough."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.client import town
from tests.support.server import Server

pytestmark = pytest.mark.process


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that does not wait long, and lets an address have few connections."""
    running = Server(tmp_path, {"FIRST_REQUEST_TIMEOUT": "0.5", "CONNECTIONS_PER_ADDRESS": "20"})
    await running.start()
    yield running
    await running.stop()


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@contextlib.asynccontextmanager
async def opened(server: Server, address: str = "127.0.0.1") -> AsyncIterator[Streams]:
    """A connection of an address of this machine."""
    connection = socket.create_connection(("127.0.0.1", server.port), 5, (address, 0))
    reader, writer = await asyncio.open_connection(sock=connection)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def is_cut(reader: asyncio.StreamReader) -> bool:
    """Whether the server ends the connection."""
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(5):
            return await reader.read() == b""
    return True


async def test_who_says_nothing_is_cut_off(server: Server) -> None:
    """A silent connection lasts as long as a first request may take."""
    async with opened(server) as (reader, _):
        assert await is_cut(reader)


async def test_who_trickles_is_cut_off(server: Server) -> None:
    """A header that goes on and on is no first request."""
    async with opened(server) as (reader, writer):
        ended = asyncio.create_task(is_cut(reader))
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        while not ended.done():
            writer.write(b"X-More: more\r\n")
            await asyncio.wait([ended], timeout=0.05)
        assert ended.result()


async def test_an_address_has_so_many_connections_and_no_more(server: Server) -> None:
    """One address fills its places; another one, and who is live already, notice nothing."""
    async with town(server.url) as people, contextlib.AsyncExitStack() as crowd:
        (alice,) = await people.online("alice")
        for _ in range(20):
            await crowd.enter_async_context(opened(server, "127.0.0.2"))
        reader, _ = await crowd.enter_async_context(opened(server, "127.0.0.2"))
        assert await is_cut(reader)
        assert (await alice.ask("ping"))["data"] == "pong"
        await people.person("bob")
    assert "one more is refused" in server.output


async def test_live_sockets_do_not_count(server: Server) -> None:
    """A house full of people behind one address can all talk."""
    async with town(server.url) as people:
        (alice,) = await people.online("alice")
        sockets = [await people.people[0].connect() for _ in range(30)]
        assert (await sockets[-1].ask("ping"))["data"] == "pong"
        assert (await alice.ask("ping"))["data"] == "pong"
