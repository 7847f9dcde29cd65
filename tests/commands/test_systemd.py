"""What systemd is told, on a real socket of its kind."""

import asyncio
import contextlib
import secrets
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.client import town
from tests.support.server import Server

pytestmark = pytest.mark.process
WATCHDOG_SECONDS = 1.0
Start = Callable[..., Awaitable[Server]]


class Listener:
    """A socket as systemd has one, and what came in at it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{name}")
        self._socket.setblocking(False)

    @property
    def address(self) -> str:
        """As it stands in NOTIFY_SOCKET."""
        return f"@{self._name}"

    async def next(self, within: float = 10) -> str:
        """What comes next."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(within):
            return (await loop.sock_recv(self._socket, 1024)).decode()

    async def until(self, state: str) -> None:
        """Return when a state has come."""
        while await self.next() != state:
            pass

    async def is_silent(self, seconds: float) -> bool:
        """Whether nothing comes for so long."""
        with contextlib.suppress(TimeoutError):
            await self.next(seconds)
            return False
        return True

    def close(self) -> None:
        """Close it."""
        self._socket.close()


@pytest.fixture
async def systemd() -> AsyncIterator[Listener]:
    """A listener in the abstract namespace, where paths may be long."""
    listener = Listener("parley-test-" + secrets.token_hex(8))
    yield listener
    listener.close()


@pytest.fixture
async def start(tmp_path: Path, systemd: Listener) -> AsyncIterator[Start]:
    """Starts a server with what systemd gives a service, and more."""
    servers: list[Server] = []

    async def begin(**more: str) -> Server:
        servers.append(Server(tmp_path, {"NOTIFY_SOCKET": systemd.address, **more}))
        await servers[-1].start()
        return servers[-1]

    yield begin
    for server in servers:
        await server.kill()


async def test_it_says_when_it_is_ready_and_when_it_stops(start: Start, systemd: Listener) -> None:
    """Ready once it listens; nothing more, where nobody watches it, until it stops."""
    server = await start()
    assert await systemd.next() == "READY=1"
    assert await server.stop() == 0
    assert await systemd.next() == "STOPPING=1"


@pytest.mark.sqlite
async def test_the_watchdog_is_fed_only_while_the_writer_lives(
    start: Start, systemd: Listener
) -> None:
    """A writer that does not come round is no life; when it does again, all is well."""
    server = await start(WATCHDOG_USEC=str(int(WATCHDOG_SECONDS * 1e6)))
    assert [await systemd.next() for _ in range(3)] == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]
    async with town(server.url) as people:
        (alice,) = await people.online("alice")
        with contextlib.closing(sqlite3.connect(server.dbpath, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await alice.send({"type": "create_conversation", "members": []})
            async with asyncio.timeout(4.5):  # a writer waits five seconds for a lock
                while not await systemd.is_silent(WATCHDOG_SECONDS):
                    pass
            other.execute("ROLLBACK")
        await systemd.until("WATCHDOG=1")
    await server.stop()
    await systemd.until("STOPPING=1")


async def test_another_processes_watchdog_is_not_fed(start: Start, systemd: Listener) -> None:
    """The variables may be those of a parent."""
    await start(WATCHDOG_USEC="100000", WATCHDOG_PID="1")
    assert await systemd.next() == "READY=1"
    assert await systemd.is_silent(0.5)
