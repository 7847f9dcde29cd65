"""Hashing, off the event loop."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from backend.auth.passwords import Passwords
from tests.support.http import JSON, PASSWORD
from tests.support.http_fixtures import Start


@pytest.fixture
def passwords() -> Passwords:
    """One worker."""
    return Passwords(workers=1)


async def test_hash_and_verify(passwords: Passwords) -> None:
    """A hash fits its password only, and is salted."""
    stored = await passwords.hash("pässword")
    assert await passwords.verify(stored, "pässword")
    assert not await passwords.verify(stored, "password")
    assert not await passwords.verify(None, "pässword")
    assert not await passwords.verify("no hash", "pässword")
    assert await passwords.hash("pässword") != stored
    assert not passwords.is_outdated(stored)
    assert not passwords.is_outdated(None)


def held(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let every check wait until the returned function is called."""
    release = threading.Event()
    matches = Passwords._matches

    def wait(self: Passwords, stored: str, password: str) -> bool:
        release.wait(10)
        return matches(self, stored, password)

    monkeypatch.setattr(Passwords, "_matches", wait)
    return release.set


async def test_a_busy_server(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who finds worker and queue busy is answered 503, which does not count as a failed login."""
    server = await start(password_workers=1, password_queue=1, login_attempts=5)
    await server.register("alice")
    release = held(monkeypatch)
    body = {"username": "alice", "password": PASSWORD}
    waiting = [asyncio.ensure_future(server.post("/auth/login", body)) for _ in range(2)]
    while server.services.turns._room:  # noqa: ASYNC110  (nothing tells)
        await asyncio.sleep(0.01)
    for _ in range(10):
        reply = await server.post("/auth/login", body, headers=JSON)
        assert (reply.status, reply.json["code"]) == (503, "unavailable")
    release()
    assert [reply.status for reply in await asyncio.gather(*waiting)] == [202, 202]


async def test_the_loop_is_free(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a password is being checked, others are answered."""
    server = await start()
    release = held(monkeypatch)
    body = {"username": "alice", "password": PASSWORD}
    waiting = asyncio.ensure_future(server.post("/auth/login", body))
    assert (await server.get("/misc/ping")).text == "pong"
    assert not waiting.done()
    release()
    assert (await waiting).status == 401
