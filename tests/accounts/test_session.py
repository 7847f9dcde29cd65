"""GET /auth/verify, POST /auth/logout."""

import time
from typing import Any

import jwt
import pytest

from backend.auth import tokens as auth
from backend.auth.secret import load_secret
from backend.store import sessions
from backend.store.sessions import Identity
from tests.support.http import JSON, PASSWORD, Server, Tokens, cookies
from tests.support.http_fixtures import Start


async def test_verify(alice: Server) -> None:
    """The token is taken from the cookie and from the header."""
    tokens = await alice.login("alice")
    for headers in (cookies(login_token=tokens.access), tokens.bearer):
        reply = await alice.get("/auth/verify", headers=headers)
        assert (reply.status, reply.text) == (200, "Hello, alice")


async def test_verify_in_json(alice: Server) -> None:
    """A service learns whom a token names and until when."""
    tokens = await alice.login("alice")
    reply = await alice.get("/auth/verify", headers=tokens.bearer | JSON)
    claims = jwt.decode(tokens.access, options={"verify_signature": False})
    assert reply.json == {
        "valid": True,
        "user_id": 1,
        "username": "alice",
        "expires_at": claims["exp"],
    }


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic eA=="}, {"Cookie": "a=b"}])
async def test_no_token(alice: Server, headers: dict[str, str]) -> None:
    """Without a token one is asked for."""
    reply = await alice.get("/auth/verify", headers=headers)
    assert (reply.status, reply.text) == (401, "login-token required")
    assert reply.headers["WWW-Authenticate"] == "Bearer"


async def test_no_token_in_json(alice: Server) -> None:
    """Errors are JSON for those who ask for it."""
    reply = await alice.get("/auth/verify", headers=JSON)
    assert reply.json == {"error": "login-token required", "code": "unauthorized"}


def forged(claims: dict[str, Any], key: Any, algorithm: str = "HS256") -> str:
    """A token that claims to be alice's."""
    now = int(time.time())
    good = {"username": "alice", "sub": "1", "sid": 1, "iat": now, "exp": now + 60}
    good |= {"iss": "parley", "aud": "parley", "typ": "at+jwt", "kid": key_id(key or "")}
    kept = {name: value for name, value in (good | claims).items() if value is not None}
    headers = {name: kept.pop(name) for name in ("typ", "kid")}
    return jwt.encode(kept, key, algorithm, headers)


def key_id(secret: str) -> str:
    """By which name tokens are signed with a secret."""
    token = auth.Tokens((secret,), 60).sign(Identity(1, "alice", 1, 2**33))
    return str(jwt.get_unverified_header(token)["kid"])


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"exp": None},
        {"sid": None},
        {"sid": 0},
        {"sid": -1},
        {"sid": True},
        {"sid": "1"},
        {"sid": 2**70},
        {"sid": 2},
        {"sub": None},
        {"sub": "2"},
        {"sub": "x"},
        {"sub": "9" * 30},
        {"sub": "9" * 5000},
        {"iat": None},
        {"iat": 2**40},
        {"username": None},
        {"iss": "https://login.example"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"typ": "JWT"},
        {"typ": "device+jwt"},
        {"kid": "another"},
    ],
)
async def test_bad_claims(alice: Server, claims: dict[str, Any]) -> None:
    """A token of ours that is not whole, is over, or names another session is no token."""
    await alice.login("alice")
    secret = load_secret(alice.services.settings)
    assert await alice.is_good(Tokens(forged({}, secret), ""))
    assert not await alice.is_good(Tokens(forged(claims, secret), ""))


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        "..",
        forged({}, "another secret of thirty-two bytes"),
        forged({}, "another secret of thirty-two bytes, and of sixty-four, for HS512", "HS512"),
        forged({}, None, "none"),
        "e30.e30.e30",
    ],
)
async def test_not_our_token(alice: Server, token: str) -> None:
    """What we did not sign is refused, whatever it looks like."""
    await alice.login("alice")
    assert not await alice.is_good(Tokens(token, ""))


async def test_a_token_ends_with_its_session(start: Start) -> None:
    """Near the session's end, a token is not good for longer than the session."""
    server = await start(session_ttl=100)
    await server.register("alice")
    tokens = await server.login("alice")
    claims = jwt.decode(tokens.access, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] <= 100


async def test_logout(alice: Server) -> None:
    """Logging out ends this session, clears both cookies, and tells the sockets."""
    tokens, other = await alice.login("alice"), await alice.login("alice")
    reply = await alice.post("/auth/logout", headers=tokens.bearer)
    assert (reply.status, reply.text) == (200, "logged out")
    for name, path in (("login-token", "/"), ("refresh-token", "/auth")):
        cookie = reply.cookies[name]
        assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", "0", path)
        assert cookie["secure"]
        assert cookie["httponly"]
    assert not await alice.is_good(tokens)
    assert await alice.is_good(other)
    (effect,) = await alice.effects()
    assert (effect.user, effect.session, effect.expires_at) == (1, 1, 0)
    assert effect.reason == "logged out"
    refresh = await alice.post("/auth/refresh", {"refresh_token": tokens.refresh})
    assert refresh.status == 401
    assert (await alice.post("/auth/logout", headers=tokens.bearer)).status == 401


async def test_logout_everywhere(alice: Server) -> None:
    """`?all=true` ends every session of the user, and of nobody else."""
    await alice.register("bob")
    bob = await alice.login("bob")
    tokens, other = await alice.login("alice"), await alice.login("alice")
    assert (await alice.post("/auth/logout?all=true", headers=tokens.bearer)).status == 200
    good = [await alice.is_good(each) for each in (tokens, other, bob)]
    assert good == [False, False, True]
    (effect,) = await alice.effects()
    assert (effect.user, effect.session, effect.keep) == (1, 0, 0)


async def test_logout_with_an_expired_token(alice: Server) -> None:
    """Who comes back after an hour can still log out: the refresh cookie says who it is."""
    tokens = await alice.login("alice")
    headers = cookies(login_token="expired", refresh_token=tokens.refresh)
    assert (await alice.post("/auth/logout", headers=headers)).status == 200
    assert not await alice.is_good(tokens)


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({}, "login-token required"),
        (cookies(login_token="x"), "invalid login-token"),
        (cookies(login_token="x", refresh_token="y"), "invalid login-token"),
    ],
)
async def test_logout_of_nobody(alice: Server, headers: dict[str, str], text: str) -> None:
    """Without a session there is nothing to end."""
    reply = await alice.post("/auth/logout", headers=headers)
    assert (reply.status, reply.text) == (401, text)


async def test_logout_with_a_bad_choice(alice: Server) -> None:
    """`all` is true or false."""
    tokens = await alice.login("alice")
    reply = await alice.post("/auth/logout?all=yes", headers=tokens.bearer)
    assert (reply.status, reply.text) == (400, "all should be true or false")
    assert await alice.is_good(tokens)


async def test_the_store_of_sessions(alice: Server) -> None:
    """Sessions are listed newest first, touched, ended by their user only."""
    await alice.register("bob")
    await alice.login("alice", headers={"User-Agent": "phone"})
    await alice.login("alice", headers={"User-Agent": "laptop"})
    await alice.write(lambda db: db.execute("UPDATE sessions SET last_seen = 0"))
    await alice.write(lambda db: sessions.touch(db, [2]))
    listed = await alice.database.read(lambda db: sessions.list_for(db, 1))
    assert [each.device for each in listed] == ["laptop", "phone"]
    assert [each.last_seen > 0 for each in listed] == [True, False]
    assert not await alice.write(lambda db: sessions.end(db, 2, 1, "revoked"))
    assert await alice.write(lambda db: sessions.end(db, 1, 1, "revoked"))
    gone, mine = Identity(1, "alice", 1, 0), Identity(1, "alice", 2, 0)
    assert await alice.database.read(lambda db: sessions.find_live(db, gone)) is None
    live = await alice.database.read(lambda db: sessions.find_live(db, mine))
    assert live is not None
    assert live.expires_at == listed[0].expires_at // 1000
    stolen = Identity(2, "bob", 2, 0)
    assert await alice.database.read(lambda db: sessions.find_live(db, stolen)) is None
    assert PASSWORD not in str(listed)
