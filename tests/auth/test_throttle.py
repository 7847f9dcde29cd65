"""How fast passwords may be tried."""

import asyncio
from typing import Any

import pytest

from backend.auth.throttle import LoginThrottle, Throttle
from backend.peers import Peers, pack
from backend.protocol.errors import Code, Refused
from tests.support.http import JSON, PASSWORD, Server, Tokens
from tests.support.http_fixtures import Start


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """The time in seconds."""
        return self.now


def is_open(bucket: Throttle, key: str) -> bool:
    """Whether the next attempt is let through."""
    try:
        bucket.check(key)
    except Refused as refused:
        return refused.code is not Code.RATE_LIMITED
    return True


def test_a_bucket() -> None:
    """What is full opens again evenly, and keys are apart."""
    clock = Clock()
    bucket = Throttle(3, 30, clock)
    for _ in range(3):
        assert is_open(bucket, "a")
        bucket.count("a")
    assert not is_open(bucket, "a")
    assert is_open(bucket, "b")
    with pytest.raises(Refused) as caught:
        bucket.check("a")
    assert caught.value.retry_after_ms == 10_000
    clock.now += 10.001
    assert is_open(bucket, "a")
    bucket.count("a")
    assert not is_open(bucket, "a")
    clock.now += 1000
    assert is_open(bucket, "a")


def test_memory_is_bounded() -> None:
    """However many names are tried, only so many are remembered, the latest ones."""
    logins = LoginThrottle(1, 1, 60, most=10)
    for number in range(100):
        logins.attempt(f"name {number}", f"place {number}", None)
        logins.remember(number, "home")
    assert len(logins.guesses._buckets) == 10
    assert len(logins.checks._buckets) == 10
    assert not is_open(logins.guesses, "address place 99")
    assert is_open(logins.guesses, "address place 0")
    assert logins.remembers(99, "home")
    assert not logins.remembers(0, "home")


def test_what_others_do_to_an_account() -> None:
    """What has logged in before has its own allowance at that account, wherever others guess."""
    logins = LoginThrottle(2, 100, 60)
    for address in ("evil 1", "evil 2"):
        logins.attempt("alice", address, None)
    with pytest.raises(Refused):
        logins.attempt("alice", "evil 3", None)
    for _ in range(2):
        logins.attempt("alice", "home", "own 1 home")
        logins.attempt("alice", "evil 1", "device 7")
    for own in ("own 1 home", "device 7"):
        with pytest.raises(Refused):
            logins.attempt("alice", "home", own)


def test_what_others_do_at_an_address() -> None:
    """Who is known at an address is not locked out by the wrong names tried there."""
    logins = LoginThrottle(2, 100, 60)
    for name in ("x", "y"):
        logins.attempt(name, "office", None)
    with pytest.raises(Refused):
        logins.attempt("bob", "office", None)
    logins.attempt("alice", "office", "own 1 office")


def test_right_passwords_count_aschecks() -> None:
    """A right password is no guess, but work all the same."""
    logins = LoginThrottle(1, 3, 60)
    for _ in range(3):
        logins.take_back(logins.attempt("alice", "home", None))
    with pytest.raises(Refused):
        logins.attempt("alice", "home", None)


async def wrong(server: Server, username: str, **options: Any) -> int:
    """The status that a wrong password gets."""
    reply = await server.post("/auth/login", {"username": username, "password": "x"}, **options)
    return reply.status


def from_(address: str) -> dict[str, str]:
    """The header of a proxy that forwards for that address."""
    return {"X-Forwarded-For": address}


async def test_guessing_from_everywhere(start: Start) -> None:
    """An account that is guessed at from many addresses is slowed, but not where it was used."""
    server = await start(login_attempts=3, trusted_proxies=("127.0.0.1",))
    await server.register("alice")
    await server.login("alice", headers=from_("10.0.0.1"))
    tries = [await wrong(server, "alice", headers=from_(f"10.1.0.{n}")) for n in range(4)]
    assert tries == [401, 401, 401, 429]
    body = {"username": "alice", "password": PASSWORD}
    reply = await server.post("/auth/login", body, headers=from_("10.2.0.1") | JSON)
    assert reply.status == 429
    assert reply.json["code"] == "rate_limited"
    assert reply.json["retry_after_ms"] > 0
    assert int(reply.headers["Retry-After"]) > 0
    await server.login("alice", headers=from_("10.0.0.1"))


async def test_a_known_address_is_known_after_a_restart(start: Start) -> None:
    """Where somebody is logged in is in the database."""
    settings = {"login_attempts": 1, "trusted_proxies": ("127.0.0.1",)}
    before = await start(**settings)
    await before.register("alice")
    await before.login("alice", headers=from_("10.0.0.1"))
    after = await start(**settings)
    assert await wrong(after, "alice", headers=from_("10.9.9.9")) == 401
    assert await wrong(after, "alice", headers=from_("10.9.9.8")) == 429
    await after.login("alice", headers=from_("10.0.0.1"))


async def test_guessing_from_one_address(start: Start) -> None:
    """An address that guesses at many accounts is slowed, others are not."""
    server = await start(login_attempts=3, trusted_proxies=("127.0.0.1",))
    await server.register("alice")
    tries = [await wrong(server, f"user{n}", headers=from_("10.0.0.1")) for n in range(4)]
    assert tries == [401, 401, 401, 429]
    await server.login("alice", headers=from_("10.0.0.2"))


async def test_an_ipv6_line_is_one_place(start: Start) -> None:
    """Who has a /64 has one allowance, not 2^64."""
    server = await start(login_attempts=2, trusted_proxies=("127.0.0.1",))
    tries = [await wrong(server, f"user{n}", headers=from_(f"2001:db8::{n}")) for n in range(3)]
    assert tries == [401, 401, 429]
    assert await wrong(server, "user", headers=from_("2001:db8:0:1::1")) == 401


async def test_many_at_once(start: Start) -> None:
    """Trying many passwords at the same moment is no way around, nor are many names."""
    server = await start(login_attempts=2)
    await server.register("alice")
    tries = await asyncio.gather(*(wrong(server, "alice") for _ in range(6)))
    assert sorted(tries) == [401, 401, 429, 429, 429, 429]
    server = await start()
    tries = await asyncio.gather(*(wrong(server, f"user{n}") for n in range(100)))
    assert (tries.count(401), tries.count(429)) == (10, 90)


async def test_wrong_names_lock_out_nobody_known(start: Start) -> None:
    """Who has logged in at an address gets in there, however others guess from it."""
    server = await start(login_attempts=3)
    await server.register("alice")
    await server.register("bob")
    await server.login("alice")
    assert [await wrong(server, f"user{n}") for n in range(4)] == [401, 401, 401, 429]
    body = {"username": "bob", "password": PASSWORD}
    assert (await server.post("/auth/login", body)).status == 429
    await server.login("alice")


async def test_a_device_is_known_wherever_it_is(start: Start) -> None:
    """A browser keeps its owner's way in when it moves, and logs out, and the server restarts."""
    settings = {"login_attempts": 2, "trusted_proxies": ("127.0.0.1",)}
    before = await start(**settings)
    await before.register("alice")
    await before.register("bob")
    body = {"username": "alice", "password": PASSWORD}
    reply = await before.post("/auth/login", body)
    device = reply.cookies["device-token"]
    assert (device["path"], device["httponly"], device["max-age"]) == (
        "/auth/login", True, str(400 * 86400),
    )  # fmt: skip
    tokens = Tokens(reply.cookies["login-token"].value, "")
    await before.post("/auth/logout", headers=tokens.bearer)
    after = await start(**settings)
    for number in range(3):
        await wrong(after, "alice", headers=from_(f"10.0.0.{number}"))
    assert (await after.post("/auth/login", body, headers=from_("10.1.0.1"))).status == 429
    cookie = {"Cookie": f"device-token={device.value}"}
    away = from_("10.1.0.2") | cookie
    assert (await after.post("/auth/login", body, headers=away)).status == 202
    assert [await wrong(after, "alice", headers=away) for _ in range(3)] == [401, 401, 429]
    tries = [await wrong(after, "bob", headers=from_("10.2.0.1") | cookie) for _ in range(3)]
    assert tries == [401, 401, 429]


@pytest.mark.parametrize("cookie", ["x", "login"])
async def test_what_is_no_device(start: Start, cookie: str) -> None:
    """An invented device, or a login-token in its place, is no new allowance."""
    server = await start(login_attempts=1, trusted_proxies=("127.0.0.1",))
    await server.register("alice")
    token = (await server.login("alice")).access if cookie == "login" else cookie
    headers = {"Cookie": f"device-token={token}"}
    tries = [await wrong(server, "alice", headers=headers | from_(f"10.0.0.{n}")) for n in range(2)]
    assert tries == [401, 429]


async def test_right_passwords_do_not_count(start: Start) -> None:
    """Who knows the password may log in as often as they like."""
    server = await start(login_attempts=1)
    await server.register("alice")
    for _ in range(4):
        await server.login("alice")


async def test_bad_requests_do_not_count(start: Start) -> None:
    """What was not tried does not count."""
    server = await start(login_attempts=1)
    await server.register("alice")
    for _ in range(3):
        assert (await server.post("/auth/login", {"username": "alice"})).status == 400
    await server.login("alice")


async def test_long_names_take_no_memory(start: Start) -> None:
    """A name that nobody can have is remembered by its beginning."""
    server = await start(login_attempts=1)
    assert await wrong(server, "x" * 60_000) == 401
    throttle = server.services.credentials.throttle
    assert max(map(len, throttle.guesses._buckets)) <= 300


async def test_a_forwarding_header_of_a_stranger(start: Start) -> None:
    """Without TRUSTED_PROXIES, an invented address is no new allowance."""
    server = await start(login_attempts=2)
    tries = [await wrong(server, f"user{n}", headers=from_(f"10.0.0.{n}")) for n in range(3)]
    assert tries == [401, 401, 429]


def test_nodes_count_together() -> None:
    """What is tried at one and what is taken back there counts at the other."""
    one, other = (Peers(name) for name in ("one", "other"))
    throttles = [Throttle(3, 60, lambda: 0.0) for _ in range(2)]
    for peers, throttle in zip((one, other), throttles, strict=True):
        peers.is_open = True
        throttle.share(peers, "guesses")
    for _ in range(4):
        throttles[0].count("eve")
    throttles[0].take_back("eve")
    for text in pack(one.node, one.take()):
        assert "eve" not in text, "what was typed as a name may be a password"
        other.heard(text)
    with pytest.raises(Refused):
        throttles[1].check("eve")
    throttles[1].take_back("eve")
    throttles[1].check("eve")
