"""POST /auth/refresh: tokens for tokens, each used up, and what a copy of one leads to."""

import asyncio
import time
from typing import Any

import pytest

from backend.auth import tokens as auth
from backend.store import sessions
from tests.support.http import JSON, Reply, Server, Tokens, cookies
from tests.support.http_fixtures import Start


async def lost(server: Server) -> None:
    """Let the last refresh have been a minute ago."""
    await server.write(lambda db: db.execute("UPDATE sessions SET rotated_at = rotated_at - 60000"))


async def successor_of(server: Server, refresh_token: str) -> str:
    """What a refresh token is exchanged for."""
    reply = await server.post("/auth/refresh", {"refresh_token": refresh_token}, headers=JSON)
    assert reply.status == 200, reply
    return str(reply.json["refresh_token"])


async def test_refresh_by_cookie(alice: Server) -> None:
    """A page gets new cookies and no token that its scripts could read."""
    tokens = await alice.login("alice")
    headers = cookies(refresh_token=tokens.refresh)
    reply = await alice.post("/auth/refresh", headers=headers)
    assert (reply.status, reply.text) == (200, "refreshed")
    assert reply.cookies["refresh-token"].value not in {"", tokens.refresh}
    assert reply.cookies["refresh-token"]["path"] == "/auth"
    assert await alice.is_good(Tokens(reply.cookies["login-token"].value, ""))
    assert await alice.is_good(tokens)
    reply = await alice.post("/auth/refresh", headers=headers | JSON)
    told = {"access_token", "token_type", "expires_in", "id", "username"}
    assert set(reply.json) == told


async def test_refresh_by_body(alice: Server) -> None:
    """A program sends its refresh token in the body, without any login-token."""
    tokens = await alice.login("alice")
    reply = await alice.post("/auth/refresh", {"refresh_token": tokens.refresh}, headers=JSON)
    assert reply.status == 200
    assert await alice.is_good(Tokens(reply.json["access_token"], ""))
    again = {"refresh_token": reply.json["refresh_token"]}
    assert (await alice.post("/auth/refresh", again)).status == 200


async def test_refresh_prolongs_the_session(alice: Server) -> None:
    """The session's end slides, and its open sockets are told."""
    tokens = await alice.login("alice")
    soon = int(time.time()) + 60
    await alice.write(lambda db: db.execute("UPDATE sessions SET expires_at = ?", (soon * 1000,)))
    await alice.post("/auth/refresh", {"refresh_token": tokens.refresh})
    (effect,) = await alice.effects()
    assert (effect.user, effect.session) == (1, 1)
    assert abs(effect.expires_at - time.time() - 30 * 86400) < 10
    ((expires_at,),) = await alice.rows("SELECT expires_at FROM sessions")
    assert expires_at // 1000 == effect.expires_at


async def test_two_tabs_refresh_at_once(alice: Server) -> None:
    """Everybody who refreshes at the same moment gets a token that works."""
    tokens = await alice.login("alice")
    headers = cookies(refresh_token=tokens.refresh)
    replies: list[Reply] = await asyncio.gather(
        *(alice.post("/auth/refresh", headers=headers) for _ in range(10))
    )
    assert {reply.status for reply in replies} == {200}
    for reply in replies:
        assert await alice.is_good(Tokens(reply.cookies["login-token"].value, ""))
    (successor,) = {reply.cookies["refresh-token"].value for reply in replies}
    assert (await alice.post("/auth/refresh", {"refresh_token": successor})).status == 200


async def test_a_copied_refresh_token_ends_its_session(alice: Server) -> None:
    """One that was exchanged a while ago is somebody's copy, the last but one or an older one."""
    for steps in (1, 2):
        tokens, other = await alice.login("alice"), await alice.login("alice")
        newest = tokens.refresh
        for _ in range(steps):
            body = {"refresh_token": newest}
            newest = (await alice.post("/auth/refresh", body, headers=JSON)).json["refresh_token"]
        await alice.write(lambda db: db.execute("UPDATE sessions SET rotated_at = 1"))
        reply = await alice.post("/auth/refresh", {"refresh_token": tokens.refresh})
        assert (reply.status, reply.text) == (401, "invalid refresh-token")
        assert not await alice.is_good(tokens)
        assert (await alice.post("/auth/refresh", {"refresh_token": newest})).status == 401
        assert (await alice.effects())[-1].reason == "refresh token used twice"
        assert await alice.is_good(other)


async def test_a_lost_answer_to_a_refresh(alice: Server) -> None:
    """Who asks again with the old token gets another new one, from each tab the same."""
    tokens = await alice.login("alice")
    first = await successor_of(alice, tokens.refresh)
    await lost(alice)
    second = await successor_of(alice, tokens.refresh)
    assert second == await successor_of(alice, tokens.refresh) != first
    await lost(alice)
    third = await successor_of(alice, tokens.refresh)
    assert third not in {first, second}
    await successor_of(alice, third)
    assert await alice.is_good(tokens)


async def test_an_answer_that_was_not_lost(alice: Server) -> None:
    """Its owner shows that there is a copy of the old token: by what that has retired."""
    tokens = await alice.login("alice")
    owners = await successor_of(alice, tokens.refresh)
    await lost(alice)
    copied = await successor_of(alice, tokens.refresh)
    for each in (owners, copied):
        reply = await alice.post("/auth/refresh", {"refresh_token": each})
        assert (reply.status, reply.text) == (401, "invalid refresh-token")
    assert not await alice.is_good(tokens)
    assert (await alice.effects())[-1].reason == "refresh token used twice"


async def test_an_answer_that_has_been_used(alice: Server) -> None:
    """The old token is somebody's copy then, however soon it comes."""
    tokens = await alice.login("alice")
    await successor_of(alice, await successor_of(alice, tokens.refresh))
    assert (await alice.post("/auth/refresh", {"refresh_token": tokens.refresh})).status == 401
    assert not await alice.is_good(tokens)


async def test_answers_are_not_lost_for_ever(alice: Server) -> None:
    """A refresh token that is asked with again and again ends its session."""
    tokens = await alice.login("alice")
    given = set()
    for _ in range(auth.SUCCESSORS):
        given.add(await successor_of(alice, tokens.refresh))
        await lost(alice)
    assert len(given) == auth.SUCCESSORS
    assert (await alice.post("/auth/refresh", {"refresh_token": tokens.refresh})).status == 401
    assert not await alice.is_good(tokens)


async def test_an_invented_refresh_token_ends_nothing(alice: Server) -> None:
    """Only who has had a token of the session knows how all of them begin."""
    tokens = await alice.login("alice")
    for invented in ("x.y", ".", f".{tokens.refresh}", tokens.refresh.partition(".")[2]):
        assert (await alice.post("/auth/refresh", {"refresh_token": invented})).status == 401
    assert await alice.is_good(tokens)


async def test_a_refresh_token_of_before_rotation(alice: Server) -> None:
    """One that was given out by an older version is exchanged too, once."""
    tokens = await alice.login("alice")
    old = auth.hash_refresh("x" * 43)
    await alice.write(
        lambda db: db.execute("UPDATE sessions SET refresh_hash = ?, family_hash = NULL", (old,))
    )
    body = {"refresh_token": "x" * 43}
    newest = [
        (await alice.post("/auth/refresh", body, headers=JSON)).json["refresh_token"]
        for _ in range(2)
    ]
    assert newest[0] == newest[1]
    assert (await alice.post("/auth/refresh", {"refresh_token": newest[0]})).status == 200
    await alice.write(lambda db: db.execute("UPDATE sessions SET rotated_at = 1"))
    assert (await alice.post("/auth/refresh", {"refresh_token": newest[0]})).status == 401
    assert not await alice.is_good(tokens)


async def test_a_session_has_an_end(start: Start) -> None:
    """However often it is refreshed, it lasts for SESSION_MAX_AGE."""
    server = await start(session_max_age=1000)
    await server.register("alice")
    tokens = await server.login("alice")
    ((begun, first),) = await server.rows("SELECT created_at, expires_at FROM sessions")
    assert first - begun == 1000_000
    await server.post("/auth/refresh", {"refresh_token": tokens.refresh})
    assert await server.rows("SELECT expires_at - created_at FROM sessions") == [(1000_000,)]


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (None, 401, "refresh-token required"),
        ({}, 401, "refresh-token required"),
        ({"refresh_token": ""}, 401, "refresh-token required"),
        ({"refresh_token": "x"}, 401, "invalid refresh-token"),
        ({"refresh_token": 1}, 400, "refresh_token should be a string"),
        ([], 400, "not a valid json"),
    ],
)
async def test_bad_refresh(alice: Server, body: Any, status: int, text: str) -> None:
    """A refresh token that is not one gets nothing."""
    await alice.login("alice")
    reply = await alice.post("/auth/refresh", body)
    assert (reply.status, reply.text) == (status, text)


async def test_refresh_of_an_expired_session(alice: Server) -> None:
    """When the session is over, so is its refresh token, and its row is let go of."""
    tokens = await alice.login("alice")
    await alice.write(lambda db: db.execute("UPDATE sessions SET expires_at = 1"))
    reply = await alice.post("/auth/refresh", {"refresh_token": tokens.refresh})
    assert (reply.status, reply.text) == (401, "invalid refresh-token")
    assert not await alice.is_good(tokens)
    assert await alice.write(sessions.delete_expired) == 1
