"""GET /, GET /misc/ping, GET /health, GET /ready."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from backend import VERSION
from backend.http import health
from backend.protocol.base import PROTOCOL_VERSION
from backend.store.database import READERS
from tests.support.http import JSON, Server


async def test_about(server: Server) -> None:
    """The server tells its name and versions, as JSON to everybody."""
    reply = await server.get("/")
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith("application/json")
    assert reply.json == {"name": "parley", "version": VERSION, "protocol": PROTOCOL_VERSION}


async def test_ping(server: Server) -> None:
    """The server answers."""
    reply = await server.get("/misc/ping")
    assert (reply.status, reply.text) == (200, "pong")
    assert (await server.get("/misc/ping", headers=JSON)).json == {"message": "pong"}


@pytest.mark.parametrize("path", ["/health", "/ready"])
async def test_healthy(server: Server, path: str) -> None:
    """A server whose database answers is alive and ready."""
    reply = await server.get(path)
    assert (reply.status, reply.json) == (200, {"status": "ok"})


async def test_a_failed_write(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """While writes fail the server says so and registering is refused; it recovers by itself.

    Why they fail is for the log, not for strangers: PostgreSQL would name itself and who we are.
    """
    ((path,),) = await server.rows("SELECT file FROM pragma_database_list WHERE name = 'main'")
    await server.write(lambda db: db.execute("PRAGMA busy_timeout = 0") and None)
    body = {"username": "bob", "password": "correct horse", "fullname": "Bob"}
    with locked(path):
        reply = await server.post("/register", body, headers=JSON)
        assert (reply.status, reply.json["code"]) == (503, "unavailable")
        reply = await server.get("/ready")
        assert reply.status == 503
        assert reply.json == {"status": "unavailable", "reason": "the database does not take it"}
        assert "not ready, the database does not take it: database is locked" in caplog.messages
        assert (await server.get("/health")).status == 200, "starting it anew would mend nothing"
    assert (await server.get("/ready")).status == 200
    await server.register("bob")


async def test_a_database_that_hangs(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that does not answer is told after a while, not waited for."""
    monkeypatch.setattr(health, "READY_TIMEOUT", 0.05)
    release = threading.Event()
    hang = server.database.read
    hanging = [asyncio.ensure_future(hang(lambda db: release.wait(10))) for _ in range(READERS)]
    await asyncio.sleep(0)
    reply = await server.get("/ready")
    release.set()
    await asyncio.gather(*hanging)
    assert reply.status == 503
    assert reply.json == {"status": "unavailable", "reason": "the database does not answer"}
    assert (await server.get("/ready")).status == 200


@contextmanager
def locked(path: str) -> Iterator[None]:
    """The database while another process holds its write lock."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()
