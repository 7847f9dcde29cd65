"""POST /register."""

import asyncio
from typing import Any

import pytest

from backend.store import invites
from backend.store.log import now_ms
from tests.support.http import JSON, PASSWORD, Server
from tests.support.http_fixtures import Start

EMAIL_TEXT = "email should be an address such as alice@example.org"
COMMON = "password is one of the most common ones, which are tried first"
GOOD: dict[str, Any] = {"username": "bob", "password": PASSWORD, "fullname": "Bob B."}


async def test_registering(server: Server) -> None:
    """A good request makes an account that can log in."""
    reply = await server.post("/register", GOOD)
    assert (reply.status, reply.text) == (201, "registered")
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    await server.login("bob")


async def test_any_content_type(server: Server) -> None:
    """The body is JSON whatever its type says, as with curl's -d."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await server.post("/register", GOOD, headers=headers)).status == 201


async def test_in_json(server: Server) -> None:
    """Who asks for JSON gets JSON, errors included."""
    assert (await server.post("/register", GOOD, headers=JSON)).json == {"message": "registered"}
    again = await server.post("/register", GOOD, headers=JSON)
    assert again.status == 409
    assert again.json == {
        "error": "username already exists",
        "code": "already_exists",
        "field": "username",
    }


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'"text"', b"null", b"1", b"NaN", b'{"username": NaN}', b"\xff\xfe",
        b'{"username": "\xff"}', b'{"username": "\\ud800"}', b"[" * 50_000, b'{"a":' * 10_000,
    ],
)  # fmt: skip
async def test_not_json(server: Server, body: bytes) -> None:
    """What is not a JSON object in UTF-8 is refused as such."""
    reply = await server.post("/register", body)
    assert (reply.status, reply.text) == (400, "not a valid json")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "username required"),
        ({"password": 1, "fullname": ""}, "username required"),
        ({"username": 1, "fullname": 2}, "password required"),
        ({"username": "", "password": ""}, "fullname required"),
        ({"username": 1, "password": 2, "fullname": 3}, "username should be a string"),
        ({"username": "", "password": None, "fullname": 3}, "password should be a string"),
        ({"username": "", "password": "", "fullname": []}, "fullname should be a string"),
        ({"username": "", "password": "", "fullname": ""}, "username should not be empty"),
        ({"username": "b", "password": "", "fullname": ""}, "password should not be empty"),
        ({"username": "-", "password": "b", "fullname": ""}, "fullname should not be empty"),
        (GOOD | {"password": "seven77"}, "password should have at least 8 characters"),
        (GOOD | {"password": "ü" * 513}, "password should have at most 1024 bytes"),
        (GOOD | {"password": "Password123"}, COMMON),
        (GOOD | {"password": "qwertyuiop"}, COMMON),
        (GOOD | {"password": "correct\0horse"}, "password should not contain U+0000"),
        (GOOD | {"fullname": "x" * 101}, "fullname should be 1 to 100 printable characters"),
        (GOOD | {"fullname": "a\nb"}, "fullname should be 1 to 100 printable characters"),
        (GOOD | {"email": 3}, "email should be a string"),
        (GOOD | {"email": "bob"}, EMAIL_TEXT),
        (GOOD | {"email": "b b@c.de"}, EMAIL_TEXT),
        (GOOD | {"email": "b@c"}, EMAIL_TEXT),
        (
            GOOD | {"email": "b@" + "c." * 130 + "de"},
            EMAIL_TEXT,
        ),
    ],
)
async def test_bad_fields(server: Server, body: dict[str, Any], text: str) -> None:
    """Fields are checked in the contract's order, and each error names its field."""
    reply = await server.post("/register", body)
    assert (reply.status, reply.text) == (400, text)


@pytest.mark.parametrize(
    "username", ["a" * 33, ".bob", "bob.", "-bob", "bob-", "bo b", "bób", "a@b.de", "bob\n", "/"]
)
async def test_bad_usernames(server: Server, username: str) -> None:
    """A username is 1 to 32 ASCII letters, digits and marks, with no mark at an end."""
    reply = await server.post("/register", GOOD | {"username": username})
    text = "username should be 1 to 32 letters, digits, '.', '_' or '-'"
    assert (reply.status, reply.text) == (400, text)


@pytest.mark.parametrize("username", ["a", "a" * 32, "_", "A.b-c_d", "0"])
async def test_good_usernames(server: Server, username: str) -> None:
    """The limits themselves are allowed."""
    await server.register(username)


async def test_a_taken_username(alice: Server) -> None:
    """Alice and alice are the same person."""
    reply = await alice.post("/register", GOOD | {"username": "Alice"})
    assert (reply.status, reply.text) == (409, "username already exists")


@pytest.mark.parametrize("username", ["Deleted-7", "admin", "System", "all", "HERE", "everyone"])
async def test_a_reserved_username(server: Server, username: str) -> None:
    """Nobody can pose as a deleted user, as the server, or as everybody."""
    reply = await server.post("/register", GOOD | {"username": username})
    assert (reply.status, reply.text) == (409, "username already exists")


async def test_a_taken_email(server: Server) -> None:
    """Who was first logs in by an email, in any case; whether somebody was, nobody is told."""
    await server.register("alice", email="Alice@Example.org")
    await server.register("bob", "battery staple", email="alice@example.ORG")
    for password, status in ((PASSWORD, 202), ("battery staple", 401)):
        body = {"usernameOrEmail": "alice@example.org", "password": password}
        assert (await server.post("/auth/login", body)).status == status
    await server.login("bob", "battery staple")
    await server.register("carol", email="")
    await server.register("dave", email=None)


async def test_the_same_name_twice_at_once(server: Server) -> None:
    """Of two that register a name at the same moment one gets it."""
    replies = await asyncio.gather(*(server.post("/register", GOOD) for _ in range(4)))
    assert sorted(reply.status for reply in replies) == [201, 409, 409, 409]


async def test_too_large(server: Server) -> None:
    """A body over 64 KiB is not read to its end."""
    reply = await server.post("/register", b" " * 70_000, headers=JSON)
    assert reply.status == 413
    assert reply.json == {"error": "body is larger than 65536 bytes", "code": "too_large"}


async def test_a_broken_encoding(server: Server) -> None:
    """A body that is not compressed as it says is the client's fault, not ours."""
    headers = {"Content-Encoding": "gzip"}
    reply = await server.post("/register", b"no gzip at all", headers=headers)
    assert reply.status == 400


async def test_shorter_passwords_by_setting(start: Start) -> None:
    """PASSWORD_MIN_LENGTH can be lowered to take the document's own example."""
    server = await start(password_min_length=3)
    await server.register("hizz", "xyz")


async def test_too_many_registrations(start: Start) -> None:
    """An address that registers too much waits, whatever came of its attempts."""
    server = await start(register_attempts=2, register_window=60)
    await server.register("alice")
    assert (await server.post("/register", GOOD | {"username": "alice"})).status == 409
    reply = await server.post("/register", GOOD, headers=JSON)
    assert reply.status == 429
    assert reply.json["code"] == "rate_limited"
    assert 0 < reply.json["retry_after_ms"] <= 30_000
    assert 0 < int(reply.headers["Retry-After"]) <= 30


@pytest.mark.usefixtures("real_hashing")
async def test_nothing_readable_is_stored(alice: Server) -> None:
    """The stored hash is Argon2id with OWASP's parameters."""
    ((stored,),) = await alice.rows("SELECT password_hash FROM users")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_registration_is_closed(start: Start) -> None:
    """Nobody may, by setting or because people come from an outside service."""
    beside = {"auth_issuer": "a", "auth_audience": "b", "auth_secret": "s" * 32}
    for settings in ({"registration": "closed"}, beside):
        server = await start(**settings)
        reply = await server.post("/register", GOOD)
        assert (reply.status, reply.text) == (403, "registration is closed")
    server = await start(registration="open", **beside)
    await server.register("bob")


async def test_registration_by_invite(start: Start) -> None:
    """A code lets in as many as it says, until its end; who has none learns nothing of who is."""
    server = await start(registration="invite")
    later = now_ms() + 60_000
    await server.write(lambda db: invites.create(db, "twice", 2, later))
    await server.write(lambda db: invites.create(db, "over", 2, now_ms() - 1))
    reply = await server.post("/register", GOOD, headers=JSON)
    assert (reply.status, reply.json["field"]) == (403, "invite")
    for code in ("over", "invented"):
        reply = await server.post("/register", GOOD | {"invite": code})
        assert (reply.status, reply.text) == (403, "the invite is not good, or not any more")
    assert (await server.post("/register", GOOD | {"invite": "twice"})).status == 201
    assert (await server.post("/register", GOOD | {"invite": "twice"})).status == 409
    statuses = [
        (await server.post("/register", GOOD | {"username": name, "invite": "twice"})).status
        for name in ("carol", "dave")
    ]
    assert statuses == [201, 403]
    assert (await server.post("/register", GOOD)).status == 403


async def test_two_who_use_the_last_invite_at_once(start: Start) -> None:
    """One of them gets in."""
    server = await start(registration="invite")
    await server.write(lambda db: invites.create(db, "once", 1, now_ms() + 60_000))
    bodies = [GOOD | {"username": name, "invite": "once"} for name in ("carol", "dave")]
    replies = await asyncio.gather(*(server.post("/register", body) for body in bodies))
    assert sorted(reply.status for reply in replies) == [201, 403]
