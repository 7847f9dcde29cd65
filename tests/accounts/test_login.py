"""POST /auth/login."""

from typing import Any

import jwt
import pytest
from argon2 import PasswordHasher

from backend.auth.passwords import Passwords
from backend.store import accounts
from tests.support.http import JSON, PASSWORD, Server
from tests.support.http_fixtures import Start


async def test_the_answer(alice: Server) -> None:
    """Logging in says so, and sets both cookies with the flags of the contract."""
    reply = await alice.post("/auth/login", {"username": "alice", "password": PASSWORD})
    assert (reply.status, reply.text) == (202, "login successful")
    token, refresh = (reply.cookies[name] for name in ("login-token", "refresh-token"))
    for cookie in (token, refresh):
        assert cookie["httponly"]
        assert cookie["secure"]
        assert cookie["samesite"] == "Lax"
    assert (token["path"], token["max-age"]) == ("/", "3600")
    assert (refresh["path"], refresh["max-age"]) == ("/auth", str(30 * 86400))


async def test_the_cookies_by_setting(start: Start) -> None:
    """COOKIE_SECURE, COOKIE_SAMESITE and SESSION_TTL shape the cookies."""
    server = await start(cookie_secure=False, cookie_samesite="strict", session_ttl=60)
    await server.register("alice")
    reply = await server.post("/auth/login", {"username": "alice", "password": PASSWORD})
    refresh = reply.cookies["refresh-token"]
    assert (refresh["secure"], refresh["samesite"], refresh["max-age"]) == ("", "Strict", "60")


@pytest.mark.parametrize(
    ("origin", "host", "is_secure"),
    [
        ("http://localhost:5173", "localhost:8000", False),
        ("http://localhost:5173", "[::1]:8000", False),
        ("http://localhost:5173", "chat.example", True),
        (None, "localhost:8000", True),
    ],
)
async def test_cookies_at_home(
    alice: Server, origin: str | None, host: str, is_secure: bool
) -> None:
    """Only a page on the machine itself, without HTTPS, gets cookies that Safari takes there."""
    headers = {"Host": host} | ({"Origin": origin} if origin else {})
    body = {"username": "alice", "password": PASSWORD}
    reply = await alice.post("/auth/login", body, headers=headers)
    assert {bool(each["secure"]) for each in reply.cookies.values()} == {is_secure}


@pytest.mark.parametrize(
    ("origin", "host", "headers", "is_told"),
    [
        ("http://192.168.1.5:8000", "192.168.1.5:8000", {}, True),
        ("http://localhost:5173", "192.168.1.5:8000", {}, True),
        ("http://localhost:8000", "localhost:8000", {}, False),
        ("https://192.168.1.5", "192.168.1.5", {"X-Forwarded-Proto": "https"}, False),
        (None, "192.168.1.5:8000", {}, False),
    ],
)
async def test_that_a_browser_drops_the_cookies_is_told(
    start: Start,
    caplog: pytest.LogCaptureFixture,
    origin: str | None,
    host: str,
    headers: dict[str, str],
    is_told: bool,
) -> None:
    """Of a page without HTTPS by another name than localhost: in the answer and in the log."""
    server = await start(trusted_proxies=("127.0.0.1",))
    await server.register("alice")
    asked = {**JSON, "Host": host, **headers, **({"Origin": origin} if origin else {})}
    reply = await server.post(
        "/auth/login", {"username": "alice", "password": PASSWORD}, headers=asked
    )
    assert reply.status == 202
    assert ("warning" in reply.json) is is_told
    assert ("COOKIE_SECURE=false" in caplog.text) is is_told
    if is_told:
        assert f"http://{host} is not HTTPS" in reply.json["warning"]


async def test_without_secure_cookies_nothing_is_dropped(start: Start) -> None:
    """What the warning advises does help."""
    server = await start(cookie_secure=False)
    await server.register("alice")
    here = "192.168.1.5:8000"
    asked = {**JSON, "Host": here, "Origin": f"http://{here}"}
    body = {"username": "alice", "password": PASSWORD}
    reply = await server.post("/auth/login", body, headers=asked)
    assert (reply.status, "warning" in reply.json) == (202, False)


async def test_cookies_of_this_host_only(start: Start) -> None:
    """With COOKIE_PREFIX the names begin so, and only such are taken."""
    server = await start(cookie_prefix="__Host-")
    await server.register("alice")
    reply = await server.post("/auth/login", {"username": "alice", "password": PASSWORD})
    names = {"login-token", "refresh-token", "device-token"}
    assert set(reply.cookies) == {f"__Host-{name}" for name in names}
    assert {cookie["path"] for cookie in reply.cookies.values()} == {"/"}
    token = reply.cookies["__Host-login-token"].value
    for name, status in (("__Host-login-token", 200), ("login-token", 401)):
        headers = {"Cookie": f"{name}={token}"}
        assert (await server.get("/auth/verify", headers=headers)).status == status


async def test_the_token(alice: Server) -> None:
    """The login-token is an HS256 JWT with the claims of the contract."""
    tokens = await alice.login("ALICE")
    header = jwt.get_unverified_header(tokens.access)
    assert (header["alg"], header["typ"]) == ("HS256", "at+jwt")
    claims = jwt.decode(tokens.access, options={"verify_signature": False})
    ((user_id, session_id),) = await alice.rows("SELECT user_id, id FROM sessions")
    assert set(claims) == {"username", "sub", "sid", "iat", "exp", "iss", "aud"}
    assert (claims["username"], claims["sub"], claims["sid"]) == (
        "alice",
        str(user_id),
        session_id,
    )
    assert claims["exp"] - claims["iat"] == 3600


async def test_in_json(alice: Server) -> None:
    """Programs get the tokens in JSON, and those work."""
    body = {"username": "alice", "password": PASSWORD}
    reply = await alice.post("/auth/login", body, headers=JSON)
    assert reply.status == 202
    assert set(reply.json) == {
        "access_token", "token_type", "expires_in", "refresh_token", "id", "username",
    }  # fmt: skip
    assert reply.json["username"] == "alice"
    assert (reply.json["token_type"], reply.json["expires_in"]) == ("bearer", 3600)
    headers = {"Authorization": f"Bearer {reply.json['access_token']}"}
    assert (await alice.get("/auth/verify", headers=headers)).text == "Hello, alice"


async def test_by_email(server: Server) -> None:
    """`usernameOrEmail` takes either, in any case, and so does `username`."""
    await server.register("alice", email="Alice@Example.org")
    for field in ("usernameOrEmail", "username"):
        for name in ("Alice", "alice@example.ORG"):
            reply = await server.post("/auth/login", {field: name, "password": PASSWORD})
            assert reply.status == 202


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "username required"),
        ({"username": 1}, "password required"),
        ({"usernameOrEmail": "a"}, "password required"),
        ({"username": None, "password": 2}, "username should be a string"),
        ({"username": "", "password": True}, "password should be a string"),
        ({"usernameOrEmail": 1, "password": ""}, "usernameOrEmail should be a string"),
        ({"username": "", "password": ""}, "username should not be empty"),
        ({"username": "alice", "password": ""}, "password should not be empty"),
        ({"username": "ali\0ce", "password": "x"}, "username should not contain U+0000"),
    ],
)
async def test_bad_fields(server: Server, body: dict[str, Any], text: str) -> None:
    """Fields are checked in the contract's order."""
    reply = await server.post("/auth/login", body)
    assert (reply.status, reply.text) == (400, text)


async def test_not_json(server: Server) -> None:
    """What is not a JSON object is refused as such."""
    reply = await server.post("/auth/login", b"username=alice")
    assert (reply.status, reply.text) == (400, "not a valid json")


@pytest.mark.usefixtures("real_hashing")
@pytest.mark.parametrize("username", ["alice", "nobody", "nobody@example.org"])
async def test_a_mismatch(alice: Server, username: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password and an unknown user get the same answer for the same work."""
    checked: list[str] = []
    matches = Passwords._matches

    def count(self: Passwords, stored: str, password: str) -> bool:
        checked.append(stored)
        return matches(self, stored, password)

    monkeypatch.setattr(Passwords, "_matches", count)
    reply = await alice.post("/auth/login", {"username": username, "password": "wrong"})
    assert (reply.status, reply.text) == (401, "mismatch username and password")
    (stored,) = checked
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not reply.cookies


async def test_a_very_long_password_is_just_wrong(alice: Server) -> None:
    """No password is longer than 1024 bytes, but trying one gets the usual answer."""
    reply = await alice.post("/auth/login", {"username": "alice", "password": "x" * 60_000})
    assert (reply.status, reply.text) == (401, "mismatch username and password")


@pytest.mark.usefixtures("real_hashing")
async def test_an_outdated_hash(alice: Server) -> None:
    """A hash made with other parameters is made anew when its user logs in."""
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await alice.write(lambda db: db.execute("UPDATE users SET password_hash = ?", (old,)))
    await alice.login("alice")
    ((stored,),) = await alice.rows("SELECT password_hash FROM users")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    await alice.login("alice")


async def test_a_disabled_account(alice: Server) -> None:
    """A disabled user is told so for the right password only, and their sessions are over."""
    tokens = await alice.login("alice")
    await alice.write(lambda db: accounts.disable(db, 1))
    body = {"username": "alice", "password": PASSWORD}
    reply = await alice.post("/auth/login", body)
    assert (reply.status, reply.text) == (403, "account is disabled")
    reply = await alice.post("/auth/login", body | {"password": "wrong"})
    assert (reply.status, reply.text) == (401, "mismatch username and password")
    assert not await alice.is_good(tokens)
    assert (await alice.effects())[-1].reason == "disabled"
    await alice.write(lambda db: accounts.enable(db, 1))
    await alice.login("alice")


async def test_a_change_meanwhile(alice: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password that is changed while the old one is being checked is not good any more."""
    verify = Passwords.verify

    async def slowly(self: Passwords, stored: str | None, password: str) -> bool:
        right = await verify(self, stored, password)
        await alice.write(lambda db: accounts.reset_password(db, 1, "another"))
        return right

    monkeypatch.setattr(Passwords, "verify", slowly)
    reply = await alice.post("/auth/login", {"username": "alice", "password": PASSWORD})
    assert (reply.status, reply.text) == (401, "mismatch username and password")
    assert await alice.rows("SELECT * FROM sessions") == []


async def test_a_reset_password(alice: Server) -> None:
    """A password that was reset ends every session."""
    tokens = await alice.login("alice")
    new = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("battery staple")
    await alice.write(lambda db: accounts.reset_password(db, 1, new))
    assert not await alice.is_good(tokens)
    await alice.login("alice", "battery staple")


async def test_too_many_sessions(start: Start) -> None:
    """Past MAX_SESSIONS the oldest session goes, and its sockets are told."""
    server = await start(max_sessions=2)
    await server.register("alice")
    first, second, third = [await server.login("alice") for _ in range(3)]
    assert [await server.is_good(tokens) for tokens in (first, second, third)] == [
        False,
        True,
        True,
    ]
    (effect,) = await server.effects()
    assert (effect.user, effect.session, effect.expires_at) == (1, 1, 0)


async def test_where_it_came_from(alice: Server) -> None:
    """The session records address and device, cut to a length."""
    await alice.login("alice", headers={"User-Agent": "Fön" + "x" * 300})
    ((address, device),) = await alice.rows("SELECT address, device FROM sessions")
    assert address == "127.0.0.1"
    assert device.startswith("Fönx")
    assert len(device) == 200


async def test_no_refresh_token_is_stored(alice: Server) -> None:
    """Of a refresh token the database has only a hash."""
    tokens = await alice.login("alice")
    ((stored,),) = await alice.rows("SELECT refresh_hash FROM sessions")
    assert len(stored) == 32
    assert tokens.refresh.encode() not in stored
