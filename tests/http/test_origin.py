"""Which pages may use cookies here: Origin, CORS."""

import pytest

from backend.http.context import Context, context_from
from backend.http.origin import is_our_page
from backend.settings import Settings
from tests.support.http import Server
from tests.support.http_fixtures import Start

PAGE = "http://localhost:5173"
POSTS = ["register", "auth/login", "auth/refresh", "auth/logout", "auth/password"]
POSTS += ["auth/delete", "auth/export"]


OURS = Context(frozenset({PAGE}), frozenset({"chat.example", "localhost"}), (), "")


@pytest.mark.parametrize(
    ("origin", "address", "allowed"),
    [
        ("https://chat.example", "https://chat.example", True),
        ("https://Chat.Example", "https://chat.EXAMPLE", True),
        ("http://localhost:8000", "http://localhost:8000", True),
        ("http://[::1]:8000", "http://[::1]:8000", True),
        ("http://192.0.2.1:8000", "http://192.0.2.1:8000", True),
        (PAGE, "https://chat.example", True),
        ("http://chat.example", "https://chat.example", False),
        ("https://chat.example", "http://chat.example", False),
        ("http://localhost:8001", "http://localhost:8000", False),
        ("https://evil.example", "https://chat.example", False),
        ("https://evil.example", "https://evil.example", False),
        ("https://chat.example.evil.example", "https://chat.example", False),
        ("https://chat.example@evil.example", "https://chat.example@evil.example", False),
        ("https://evil.example/chat.example", "https://chat.example", False),
        ("null", "https://chat.example", False),
        ("null", "null", False),
        ("*", "*", False),
        ("", "", False),
        ("https://", "https://", False),
        ("file://chat.example", "https://chat.example", False),
    ],
)
def test_pages_of_ours(origin: str, address: str, allowed: bool) -> None:
    """A listed origin, or the address itself by a host of ours; `null` and `*` are nobody."""
    assert is_our_page(origin, address, OURS) is allowed


def test_hosts_of_ours() -> None:
    """ALLOWED_HOSTS says which, or else what HOST and CORS_ALLOW_ORIGIN imply."""
    settings = Settings(host="chat.local", cors_allow_origin=("https://App.example:444",))
    assert context_from(settings).hosts == {"chat.local", "app.example"}
    settings = Settings(allowed_hosts=("Chat.example",))
    assert context_from(settings).hosts == {"chat.example"}


async def test_a_forged_pair(alice: Server, caplog: pytest.LogCaptureFixture) -> None:
    """A name that somebody lets point here makes no page ours, though `Origin` and `Host` agree.

    It may as well be ours, unknown yet: who runs the server is told which setting knows names.
    """
    headers = {"Host": "evil.example:8000", "Origin": "http://evil.example:8000"}
    reply = await alice.post("/register", {}, headers=headers)
    text = "origin 'http://evil.example:8000' is not allowed: its host is not in ALLOWED_HOSTS"
    assert (reply.status, reply.text) == (403, text)
    assert text in caplog.text


async def test_behind_a_proxy_with_tls(start: Start) -> None:
    """A trusted proxy says that the page was asked for by https; a stranger's word is none."""
    hosts = {"allowed_hosts": ("chat.example",)}
    headers = {"Host": "chat.example", "X-Forwarded-Proto": "https"}
    headers["Origin"] = "https://chat.example"
    trusting = await start(trusted_proxies=("127.0.0.1",), **hosts)
    assert (await trusting.post("/register", {}, headers=headers)).status == 400
    assert (await (await start(**hosts)).post("/register", {}, headers=headers)).status == 403


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-origin", 200), ("none", 200)]
)
async def test_what_another_site_makes_a_browser_ask(alice: Server, site: str, status: int) -> None:
    """Where a browser sends no `Origin`, `Sec-Fetch-Site` is listened to."""
    headers = (await alice.login("alice")).bearer | {"Sec-Fetch-Site": site}
    assert (await alice.get("/auth/verify", headers=headers)).status == status


async def test_no_answer_is_a_page(server: Server) -> None:
    """Whatever is answered, a browser takes it for what it says it is, and shows it in no frame."""
    for path in ("/", "/misc/ping", "/nothing", "/auth/verify"):
        headers = (await server.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["Server"] == "parley"


async def test_no_version_is_told_to_who_speaks_no_http(server: Server) -> None:
    """Also where aiohttp answers before anything of ours is asked."""
    answer = await server.raw(b"no HTTP\r\n\r\n")
    assert b" 400 " in answer
    assert b"\r\nServer: parley\r\n" in answer
    assert b"aiohttp" not in answer


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
