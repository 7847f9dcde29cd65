"""Below a prefix: straight, behind a gateway that passes it on, and behind one that strips it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.files.pictures import picture
from tests.support.gateway import gateway
from tests.support.http import PASSWORD
from tests.support.server import Server

pytestmark = pytest.mark.process
PREFIX = "/api/messaging"
ACCOUNT = {"username": "alice", "password": PASSWORD, "fullname": "Alice"}
TUS = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": "filename YS50eHQ="}
PART = TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}


@asynccontextmanager
async def straight(port: int) -> AsyncIterator[str]:
    """Nothing before the server."""
    yield f"http://localhost:{port}"


def reached(way: str, port: int) -> AbstractAsyncContextManager[str]:
    """The server's address for its clients, without the prefix."""
    return straight(port) if way == "straight" else gateway(port, PREFIX, way == "stripped")


@pytest.mark.parametrize("way", ["straight", "passed on", "stripped"])
async def test_everything_is_below_the_prefix(server: Server, way: str) -> None:
    """A client with a cookie jar lives below it: every path it is given works there."""
    async with reached(way, server.port) as origin, aiohttp.ClientSession(origin) as http:
        base = origin + PREFIX
        async with http.post(f"{base}/register", json=ACCOUNT) as answer:
            assert answer.status == 201
        async with http.post(f"{base}/auth/login", json=ACCOUNT) as answer:
            assert answer.status == 202
            paths = {name: each["path"] for name, each in answer.cookies.items()}
        assert paths == {
            "login-token": PREFIX,
            "refresh-token": f"{PREFIX}/auth",
            "device-token": f"{PREFIX}/auth/login",
        }
        token = answer.cookies["login-token"].value
        mine = {"Cookie": f"login-token={token}"}
        async with http.ws_connect(f"{base}/ws?cursor=", headers=mine) as socket:
            assert (await socket.receive_json())["type"] == "resume"
        async with http.post(f"{base}/files", data=picture("PNG", (9, 9)), headers=mine) as answer:
            told = await answer.json()
        for path in (told["url"], told["thumbnail"]):
            async with http.get(base + path, headers=mine) as answer:
                assert answer.status == 200
        async with http.post(f"{base}/files/tus", headers=mine | TUS) as answer:
            place = answer.headers["Location"]
        async with http.patch(origin + place, data=b"hello", headers=mine | PART) as answer:
            assert (answer.status, "File-Id" in answer.headers) == (204, True)
        async with http.get(f"{base}/docs/asyncapi.json") as answer:
            assert (await answer.json())["channels"]["ws"]["address"] == f"{PREFIX}/ws"
        async with http.get(f"{base}/docs/openapi.json") as answer:
            assert (await answer.json())["servers"] == [{"url": PREFIX}]


async def test_the_prefix_leads_to_the_page(server: Server) -> None:
    """The worker keeps it only below the slash."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(server.url + PREFIX, allow_redirects=False) as answer,
    ):
        assert (answer.status, answer.headers["Location"]) == (308, f"{PREFIX}/")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """A server below the prefix."""
    running = Server(tmp_path, {"API_PREFIX": PREFIX})
    await running.start()
    yield running
    await running.stop()
