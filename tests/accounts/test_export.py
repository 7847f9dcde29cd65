"""POST /auth/export."""

from functools import partial

import aiohttp
import pytest

from backend.store import export
from tests.accounts.world import add_message, fill
from tests.support.http import PASSWORD, Server


async def test_everything_of_mine(alice: Server) -> None:
    """The export has all that is mine and nothing that others wrote, nor any secret."""
    await fill(alice)
    tokens = await alice.login("alice")
    reply = await alice.post("/auth/export", {"password": PASSWORD}, headers=tokens.bearer)
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith("application/json")
    assert reply.headers["Vary"] == "Origin"
    assert "attachment" in reply.headers["Content-Disposition"]
    found = reply.json
    assert list(found) == [
        "profile", "sessions", "contacts", "contact_requests", "blocked", "conversations",
        "reactions", "reports", "files", "messages",
    ]  # fmt: skip
    assert found["profile"]["username"] == "alice"
    assert found["profile"]["email"] == "A@b.de"
    assert [session["id"] for session in found["sessions"]] == [1]
    bob = {"id": 2, "username": "bob", "created_at": 5}
    assert (found["contacts"], found["blocked"]) == ([bob], [bob])
    assert found["contact_requests"] == [{**bob, "sent": 1}]  # whom one has blocked asks unseen
    (conversation,) = found["conversations"]
    assert (conversation["name"], conversation["role"], conversation["is_member"]) == (
        "Us",
        "member",
        1,
    )
    assert found["reactions"] == [{"id": 1, "emoji": "👍", "created_at": 5}]
    (message,) = found["messages"]
    assert (message["content"], message["sent_at"]) == ("Hello from 1", 5)
    assert "Hello from 2" not in reply.text
    for secret in ("argon2", tokens.refresh, tokens.access):
        assert secret not in reply.text


async def test_nothing_yet(alice: Server) -> None:
    """A new account exports as empty lists."""
    tokens = await alice.login("alice")
    reply = await alice.post("/auth/export", {"password": PASSWORD}, headers=tokens.bearer)
    assert (reply.json["messages"], reply.json["contacts"]) == ([], [])


async def test_many_pages(alice: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the pages, each message is there once and in order."""
    monkeypatch.setattr(export, "PAGE", 3)
    await fill(alice)
    for number in range(20):
        add = partial(add_message, user_id=1 + number % 2, content=f"number {number}")
        await alice.write(add)
    tokens = await alice.login("alice")
    reply = await alice.post("/auth/export", {"password": PASSWORD}, headers=tokens.bearer)
    expected = ["Hello from 1", *(f"number {number}" for number in range(0, 20, 2))]
    assert [message["content"] for message in reply.json["messages"]] == expected


async def test_half_an_export(alice: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the database fails on the way, the connection is cut: it cannot pass for a whole one."""
    tokens = await alice.login("alice")
    monkeypatch.setattr(export, "sessions", None)
    with pytest.raises(aiohttp.ClientPayloadError):
        await alice.post("/auth/export", {"password": PASSWORD}, headers=tokens.bearer)
    assert (await alice.get("/misc/ping")).status == 200
