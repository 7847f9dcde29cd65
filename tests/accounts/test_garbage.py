"""Whatever is sent, the answer is one of ours, and never a fault."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.http import body
from tests.support.http import PASSWORD, Server
from tests.support.http_fixtures import Start

FIELDS = ("username", "usernameOrEmail", "password", "fullname", "email", "refresh_token")
PATHS = ("/register", "/auth/login", "/auth/refresh")
values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["alice", "bob", PASSWORD, "a@b.de"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
objects = st.dictionaries(st.sampled_from(FIELDS) | st.text(), values)
# The standard library writes what is not JSON too: NaN, Infinity, lone surrogates.
bodies = st.binary() | (objects | values).map(lambda value: json.dumps(value).encode())


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_any_body(garbage: Server, data: st.DataObject) -> None:
    """Arbitrary bytes and arbitrary JSON are answered, and the server lives on."""
    path = data.draw(st.sampled_from(PATHS))
    sent = data.draw(bodies)
    reply = await garbage.post(path, sent)
    assert reply.status in {200, 201, 202, 400, 401, 409}, (path, sent, reply.text)


@pytest.fixture
async def garbage(start: Start) -> Server:
    """A server where nothing is slowed down."""
    server = await start(register_attempts=10**6, login_attempts=10**6)
    await server.register("alice", email="a@b.de")
    return server


RAW = st.binary(max_size=40).map(lambda raw: bytes(set(raw) - set(b"\r\n\0")) or b"x")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    name=st.sampled_from(
        [
            "Authorization",
            "Cookie",
            "Origin",
            "X-Forwarded-For",
            "Accept",
            "User-Agent",
            "Sec-WebSocket-Protocol",
        ]
    ),
    prefix=st.sampled_from([b"", b"Bearer ", b"login-token=", b"http://", b"bearer."]),
    raw=RAW,
)
async def test_any_header(garbage: Server, name: str, prefix: bytes, raw: bytes) -> None:
    """Headers of arbitrary bytes are answered."""
    login = b'{"username": "alice", "password": "correct horse"}'
    for start_line in (b"GET /auth/verify", b"POST /auth/login", b"POST /auth/refresh"):
        sent = login if start_line.endswith(b"login") else b""
        answer = await garbage.raw(
            start_line + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n%s: %s%s\r\n\r\n%s"
            % (len(sent), name.encode(), prefix, raw, sent)
        )
        status = int(answer.split(b" ", 2)[1])
        assert status in {200, 202, 400, 401, 403}, answer


async def test_a_body_that_never_ends(garbage: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not send what was announced is not waited for."""
    monkeypatch.setattr(body, "BODY_TIMEOUT", 0.05)
    answer = await garbage.raw(
        b"POST /register HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Content-Length: 100\r\n\r\n{"
    )
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.endswith(b"body did not arrive in time")


async def test_a_device_of_strange_bytes(garbage: Server) -> None:
    """A User-Agent that is no UTF-8 is stored as text."""
    login = b'{"username": "alice", "password": "correct horse"}'
    answer = await garbage.raw(
        b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"User-Agent: F\xf6n\r\nContent-Length: %d\r\n\r\n%s" % (len(login), login)
    )
    assert answer.startswith(b"HTTP/1.1 202 ")
    assert await garbage.rows("SELECT device FROM sessions") == [("F?n",)]
