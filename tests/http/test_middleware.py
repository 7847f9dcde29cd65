"""Around every route: one shape for whatever goes wrong, whoever noticed it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from backend.http.application import application
from backend.http.routing import Handler, Route
from backend.protocol.http.endpoint import Endpoint, Method, Parameter
from backend.settings import Settings
from tests.support.http import JSON, Server

PAGE = "http://localhost:5173"
CHANGES: tuple[Method, ...] = ("POST", "PUT", "PATCH", "DELETE")
Client = TestClient[web.Request, web.Application]


async def fail(request: web.Request) -> web.StreamResponse:
    """A handler with a fault."""
    raise ZeroDivisionError("the secret")


async def fail_half_way(request: web.Request) -> web.StreamResponse:
    """A handler that fails when half of its answer is sent."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"half")
    raise ZeroDivisionError


async def send_elsewhere(request: web.Request) -> web.StreamResponse:
    """A handler that redirects by raising."""
    raise web.HTTPFound("/elsewhere")


async def want_socket(request: web.Request) -> web.StreamResponse:
    """A handler that refuses in aiohttp's way, with a text and a header of its own."""
    raise web.HTTPUpgradeRequired(text="expected a WebSocket", headers={"Upgrade": "websocket"})


async def change(request: web.Request) -> web.StreamResponse:
    """A handler that changes something."""
    return web.Response(text="changed")


def route(method: Method, path: str, handler: Handler, *parameters: Parameter) -> Route:
    """A route of which nothing more is told."""
    endpoint = Endpoint(
        name=path, method=method, path=path, says="", answers=(), parameters=parameters
    )
    return Route(endpoint, handler)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client of a server with the handlers above."""
    handlers = (fail, fail_half_way, send_elsewhere, want_socket)
    routes = [route("GET", f"/{handler.__name__}", handler) for handler in handlers]
    routes.append(route("GET", "/fail/{name}", fail, Parameter("name", "path", "any")))
    changes = [route(method, "/change", change) for method in CHANGES]
    async with TestClient(TestServer(application(Settings(), routes, changes))) as here:
        yield here


async def test_no_such_path(server: Server) -> None:
    """A path that is not there is told like any refusal, as text or JSON, and pages may read it."""
    reply = await server.get("/nowhere", headers={"Origin": PAGE})
    assert (reply.status, reply.text) == (404, "Not Found")
    assert reply.headers["Access-Control-Allow-Origin"] == PAGE
    reply = await server.get("/nowhere", headers=JSON)
    assert (reply.status, reply.json) == (404, {"error": "Not Found", "code": "not_found"})


async def test_another_method(server: Server) -> None:
    """A method that a path does not take is refused in the same shape, and which it takes told."""
    reply = await server.get("/register", headers=JSON)
    assert reply.json == {"error": "Method Not Allowed", "code": "invalid_request"}
    assert (reply.status, reply.headers["Allow"]) == (405, "POST")


async def test_asking_first_about_a_path_that_is_not_there(server: Server) -> None:
    """A preflight does not say yes to what there is not."""
    reply = await server.ask("OPTIONS", "/nowhere", headers={"Origin": PAGE})
    assert reply.status == 404


async def test_a_fault_of_ours(client: Client) -> None:
    """A fault is told by reference only, in JSON when asked for, and pages may read that."""
    reply = await client.get("/fail", headers={"Origin": PAGE, **JSON})
    told = await reply.json()
    assert (reply.status, told["code"]) == (500, "internal_error")
    assert "secret" not in told["error"]
    assert reply.headers["Access-Control-Allow-Origin"] == PAGE


async def test_no_path_forges_a_line_of_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged as it came, line breaks and all, without the token that may follow it."""
    path = URL("/fail/a%0A2026-01-01%20forged?token=secret", encoded=True)
    assert (await client.get(path)).status == 500
    (line,) = [each for each in caplog.messages if "failed, reference" in each]
    assert line.startswith("GET /fail/a%0A2026-01-01%20forged failed, ")


async def test_half_an_answer(client: Client) -> None:
    """An answer that fails half way is cut off; nothing follows it."""
    reply = await client.get("/fail_half_way")
    assert reply.status == 200
    with pytest.raises(aiohttp.ClientPayloadError):
        await reply.read()


async def test_a_redirect(client: Client) -> None:
    """A redirect that is raised is no refusal."""
    reply = await client.get("/send_elsewhere", allow_redirects=False)
    assert (reply.status, reply.headers["Location"]) == (302, "/elsewhere")


async def test_a_refusal_with_a_text_of_its_own(client: Client) -> None:
    """The text and the headers of a refusal in aiohttp's way are kept."""
    reply = await client.get("/want_socket")
    assert (reply.status, await reply.text()) == (426, "expected a WebSocket")
    assert reply.headers["Upgrade"] == "websocket"
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("method", CHANGES)
async def test_whatever_changes_something_is_checked(client: Client, method: str) -> None:
    """Whichever the method, a page of another origin can change nothing; ours can."""
    reply = await client.request(method, "/change", headers={"Origin": "https://evil.example"})
    assert reply.status == 403
    reply = await client.request(method, "/change", headers={"Origin": PAGE})
    assert (reply.status, await reply.text()) == (200, "changed")
