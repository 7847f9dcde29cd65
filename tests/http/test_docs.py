"""/docs over HTTP: whole, of this server, and not there when it should not be."""

import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from backend.http.pages import WEB
from backend.protocol.events import REQUESTS
from backend.protocol.http.docs import ENDPOINTS
from backend.protocol.http.table import ENDPOINTS as ALL
from tests.support.server import Server


async def test_the_page_has_both_references(shared: Server) -> None:
    """Every route and every request has its place; each link within the page leads somewhere."""
    async with aiohttp.ClientSession() as http, http.get(f"{shared.url}/docs") as answer:
        text = await answer.text()
    places = set(re.findall(r' id="([^"]+)"', text))
    assert {f"protocol-{name}" for name in REQUESTS} <= places
    assert all(f">{each.method} {each.path}</h5>" in text for each in ALL)
    assert set(re.findall(r' href="#([^"]+)"', text)) <= places


async def test_nothing_of_the_page_is_from_elsewhere(shared: Server) -> None:
    """What it loads are files of this server, which are there; it has no script."""
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{shared.url}/docs") as answer:
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            text = await answer.text()
        links = set(re.findall(r' (?:href|src)="([^#][^"]*)"', text))
        assert links
        for link in links:
            async with http.get(f"{shared.url}/{link}") as answer:
                assert answer.status == 200, link
    assert "<script" not in text
    assert not re.search(r" style=| on\w+=", text)


@pytest.mark.process
async def test_documents_tell_this_servers_limits(tmp_path: Path) -> None:
    """A limit that a setting makes is the one in force here."""
    server = Server(tmp_path, {"MAX_NAME_LENGTH": "9"})
    await server.start()
    try:
        async with aiohttp.ClientSession() as http:
            found = [await _json(http, f"{server.url}/docs/{n}api.json") for n in ("open", "async")]
    finally:
        await server.stop()
    account, group = (each["components"]["schemas"] for each in found)
    assert account["NewAccount"]["properties"]["fullname"]["maxLength"] == 9
    assert group["CreateConversation"]["properties"]["name"]["anyOf"][0]["maxLength"] == 9


async def test_types_are_those_of_the_library(shared: Server) -> None:
    """The TypeScript is what the client library is checked with."""
    async with aiohttp.ClientSession() as http, http.get(f"{shared.url}/docs/types.d.ts") as answer:
        assert await answer.read() == (WEB / "sdk" / "wire.d.ts").read_bytes()


@pytest.mark.process
async def test_they_can_be_taken_away(tmp_path: Path) -> None:
    """With DOCS=off nothing of it is there, by no path."""
    server = Server(tmp_path, {"DOCS": "off"})
    await server.start()
    try:
        async with aiohttp.ClientSession() as http:
            for path in [*(each.path for each in ENDPOINTS), "/web/docs/index.html"]:
                async with http.get(server.url + path) as answer:
                    assert answer.status == 404, path
    finally:
        await server.stop()


@pytest.mark.parametrize("path", ["index.html", "docs.css"])
async def test_the_page_is_found_at_one_place(shared: Server, path: str) -> None:
    """Not also among the files of the other pages."""
    async with aiohttp.ClientSession() as http, http.get(f"{shared.url}/web/docs/{path}") as answer:
        assert answer.status == 404


async def _json(http: aiohttp.ClientSession, url: str) -> Any:
    async with http.get(url) as answer:
        assert answer.content_type == "application/json"
        return await answer.json()
