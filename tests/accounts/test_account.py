"""POST /auth/password and POST /auth/delete."""

import asyncio
from typing import Any

import pytest

from backend.store import erasures
from backend.store.engine.db import Db
from tests.accounts.world import fill
from tests.support.http import PASSWORD, Server
from tests.support.http_fixtures import Start

NEW = "battery staple"


async def test_changing_the_password(alice: Server) -> None:
    """The new one is good, the old one is not, and every other session is over."""
    tokens, other = await alice.login("alice"), await alice.login("alice")
    body = {"old_password": PASSWORD, "new_password": NEW}
    reply = await alice.post("/auth/password", body, headers=tokens.bearer)
    assert (reply.status, reply.text) == (200, "password changed")
    assert [await alice.is_good(tokens), await alice.is_good(other)] == [True, False]
    (effect,) = await alice.effects()
    assert (effect.user, effect.session, effect.keep, effect.reason) == (1, 0, 1, "revoked")
    await alice.login("alice", NEW)
    old = await alice.post("/auth/login", {"username": "alice", "password": PASSWORD})
    assert old.status == 401


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 400, "old_password required"),
        ({"old_password": ""}, 400, "new_password required"),
        ({"old_password": "", "new_password": 1}, 400, "new_password should be a string"),
        ({"old_password": "x", "new_password": ""}, 400, "new_password should not be empty"),
        (
            {"old_password": "x", "new_password": "short"},
            400,
            "new_password should have at least 8 characters",
        ),
        ({"old_password": "x", "new_password": NEW}, 403, "wrong password"),
        ([], 400, "not a valid json"),
    ],
)
async def test_a_bad_change(alice: Server, body: Any, status: int, text: str) -> None:
    """What is wrong is told, and changes nothing."""
    tokens, other = await alice.login("alice"), await alice.login("alice")
    reply = await alice.post("/auth/password", body, headers=tokens.bearer)
    assert (reply.status, reply.text) == (status, text)
    assert await alice.is_good(other)
    await alice.login("alice")


async def test_two_changes_at_once(alice: Server) -> None:
    """Of two changes that both know the old password, the second one no longer does."""
    tokens = await alice.login("alice")
    bodies = [{"old_password": PASSWORD, "new_password": NEW + mark} for mark in "ab"]
    replies = await asyncio.gather(
        *(alice.post("/auth/password", body, headers=tokens.bearer) for body in bodies)
    )
    assert sorted((reply.status, reply.text) for reply in replies) == [
        (200, "password changed"),
        (403, "wrong password"),
    ]


async def test_two_deletions_at_once(alice: Server) -> None:
    """An account is deleted once."""
    tokens = await alice.login("alice")
    body = {"password": PASSWORD}
    replies = await asyncio.gather(
        *(alice.post("/auth/delete", body, headers=tokens.bearer) for _ in range(2))
    )
    assert sorted(reply.status for reply in replies) == [200, 403]
    assert await alice.rows("SELECT user_id FROM erasures") == [(1,)]


@pytest.mark.parametrize("path", ["/auth/password", "/auth/delete", "/auth/export"])
async def test_nobody(alice: Server, path: str) -> None:
    """Without a live session there is no account to speak of."""
    tokens = await alice.login("alice")
    assert (await alice.post(path, {})).text == "login-token required"
    await alice.post("/auth/logout", headers=tokens.bearer)
    reply = await alice.post(path, {"password": PASSWORD}, headers=tokens.bearer)
    assert (reply.status, reply.text) == (401, "invalid login-token")


@pytest.mark.parametrize("path", ["/auth/delete", "/auth/export"])
@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (None, 400, "password required"),
        ({}, 400, "password required"),
        ({"password": 1}, 400, "password should be a string"),
        ({"password": ""}, 400, "password should not be empty"),
        ({"password": "x"}, 403, "wrong password"),
        ([], 400, "not a valid json"),
    ],
)
async def test_without_the_password(
    alice: Server, path: str, body: Any, status: int, text: str
) -> None:
    """A token alone, which may be stolen, is not enough."""
    tokens = await alice.login("alice")
    reply = await alice.post(path, body, headers=tokens.bearer)
    assert (reply.status, reply.text) == (status, text)
    assert await alice.is_good(tokens)


async def test_guessing_with_a_stolen_token(start: Start) -> None:
    """Passwords are slowed here as at the login."""
    server = await start(login_attempts=2)
    await server.register("alice")
    tokens = await server.login("alice")
    tries = [
        await server.post("/auth/delete", {"password": "x"}, headers=tokens.bearer)
        for _ in range(3)
    ]
    assert [reply.status for reply in tries] == [403, 403, 429]


async def test_deleting_the_account(alice: Server) -> None:
    """Everything personal is gone, the rest of the world stays, the name is not given out."""
    await fill(alice)
    tokens, bob = await alice.login("alice"), await alice.login("bob")
    reply = await alice.post("/auth/delete", {"password": PASSWORD}, headers=tokens.bearer)
    assert (reply.status, reply.text) == (200, "deleted")
    assert reply.cookies["login-token"].value == ""
    assert await alice.rows("SELECT user_id FROM erasures") == [(1,)]
    assert [await alice.is_good(tokens), await alice.is_good(bob)] == [False, True]
    assert (await alice.effects())[-1].reason == "deleted"
    (row,) = await alice.rows(
        "SELECT username, username_key, fullname, fullname_key, email, email_key, bio, avatar,"
        " password_hash, last_online, deleted_at > 0 FROM users WHERE id = 1"
    )
    assert row == (
        "deleted-1", "alice", "deleted user", "deleted user", None, None, "", None, None, None, 1,
    )  # fmt: skip
    for table in ("contacts", "blocks"):
        assert await alice.rows(f"SELECT * FROM {table}") == []
    for table in ("mentions", "reactions"):
        assert await alice.rows(f"SELECT user_id FROM {table}") == [(2,)]
    login = await alice.post("/auth/login", {"username": "alice", "password": PASSWORD})
    assert (login.status, login.text) == (401, "mismatch username and password")
    body = {"username": "ALICE", "password": PASSWORD, "fullname": "Another"}
    again = await alice.post("/register", body)
    assert (again.status, again.text) == (409, "username already exists")
    refresh = await alice.post("/auth/refresh", {"refresh_token": tokens.refresh})
    assert refresh.status == 401


async def test_a_deletion_that_fails(alice: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deleting is one write: if it fails half way, nothing is deleted."""

    def fail(db: Db, user_id: int) -> None:
        db.execute("UPDATE users SET bio = 'half' WHERE id = ?", (user_id,))
        raise RuntimeError("half way")

    monkeypatch.setattr(erasures, "begin", fail)
    tokens = await alice.login("alice")
    reply = await alice.post("/auth/delete", {"password": PASSWORD}, headers=tokens.bearer)
    assert reply.status == 500
    assert reply.text.startswith("internal error, reference ")
    assert await alice.is_good(tokens)
    assert await alice.rows("SELECT bio, deleted_at FROM users") == [("", None)]
