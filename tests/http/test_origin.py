"""Which pages may use cookies here: Origin, CORS."""

import pytest

from backend.http.origin import origin_allowed
from tests.support.http import Server
from tests.support.http_fixtures import Start

PAGE = "http://localhost:5173"
POSTS = ["register", "auth/login", "auth/refresh", "auth/logout", "auth/password"]
POSTS += ["auth/delete", "auth/export"]


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (None, "chat.example", True),
        ("https://chat.example", "chat.example", True),
        ("https://Chat.Example", "chat.EXAMPLE", True),
        ("http://localhost:8000", "localhost:8000", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        (PAGE, "chat.example", True),
        ("http://localhost:8001", "localhost:8000", False),
        ("https://evil.example", "chat.example", False),
        ("https://chat.example.evil.example", "chat.example", False),
        ("https://chat.example@evil.example", "chat.example", False),
        ("https://evil.example/chat.example", "chat.example", False),
        ("null", "chat.example", False),
        ("null", "null", False),
        ("*", "*", False),
        ("", "", False),
        ("https://", "", False),
        ("file://chat.example", "chat.example", False),
    ],
)
def test_origin_allowed(origin: str | None, host: str, allowed: bool) -> None:
    """The same host or a listed origin; no page is no danger; `null` and `*` are nobody."""
    assert origin_allowed(origin, host, frozenset({PAGE})) is allowed


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_every_post_is_checked(server: Server, path: str, origin: str) -> None:
    """A page of another origin can post nothing, and cannot read the refusal."""
    reply = await server.post(f"/{path}", {}, headers={"Origin": origin})
    assert (reply.status, reply.text) == (403, f"origin {origin!r} is not allowed")
    assert "Access-Control-Allow-Origin" not in reply.headers


async def test_an_origin_of_strange_bytes(server: Server) -> None:
    """The refusal can be sent whatever the origin was."""
    reply = await server.post("/register", {}, headers={"Origin": "http://ü\udcff"})
    assert reply.status == 403


async def test_a_token_is_not_taken_from_another_page(alice: Server) -> None:
    """A GET with somebody's cookie tells another page nothing either."""
    tokens = await alice.login("alice")
    headers = {"Cookie": f"login-token={tokens.access}", "Origin": "https://evil.example"}
    reply = await alice.get("/auth/verify", headers=headers)
    assert reply.status == 403
    assert "alice" not in reply.text


async def test_cors(alice: Server) -> None:
    """An allowed page may read answers and refusals, with credentials."""
    for headers in ({}, (await alice.login("alice")).bearer):
        reply = await alice.get("/auth/verify", headers={"Origin": PAGE, **headers})
        assert reply.headers["Access-Control-Allow-Origin"] == PAGE
        assert reply.headers["Access-Control-Allow-Credentials"] == "true"
        assert reply.headers["Vary"] == "Origin"


async def test_same_origin(server: Server) -> None:
    """A page that we serve ourselves may post."""
    reply = await server.post("/register", {}, headers={"Origin": server.url})
    assert (reply.status, reply.text) == (400, "username required")


async def test_without_origin(server: Server) -> None:
    """A program gets no CORS headers, but caches are told that it depends."""
    reply = await server.get("/misc/ping")
    assert "Access-Control-Allow-Origin" not in reply.headers
    assert reply.headers["Vary"] == "Origin"
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [*POSTS, "auth/verify", "misc/ping", "health", ""])
async def test_preflight(server: Server, path: str) -> None:
    """A browser that asks first is answered on every route."""
    reply = await server.ask("OPTIONS", f"/{path}", headers={"Origin": PAGE})
    assert reply.status == 204
    assert reply.headers["Access-Control-Allow-Origin"] == PAGE
    assert reply.headers["Access-Control-Allow-Credentials"] == "true"
    assert reply.headers["Access-Control-Allow-Headers"] == (
        "Authorization, Content-Type, Range,"
        " Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset"
    )
    assert reply.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST, PATCH"


async def test_preflight_of_another_page(start: Start) -> None:
    """Only what is in CORS_ALLOW_ORIGIN may ask."""
    server = await start(cors_allow_origin=("https://chat.example",))
    reply = await server.ask("OPTIONS", "/register", headers={"Origin": PAGE})
    assert reply.status == 403
    assert "Access-Control-Allow-Origin" not in reply.headers
    reply = await server.ask("OPTIONS", "/register", headers={"Origin": "https://chat.example"})
    assert reply.status == 204
