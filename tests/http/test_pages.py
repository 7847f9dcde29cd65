"""The page and its files over HTTP: who gets it, how it is cached, what it may do."""

import gzip

import aiohttp
import pytest

from backend.http.pages import WEB
from tests.support.server import Server

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def test_a_browser_gets_the_page_and_everybody_else_the_name(shared: Server) -> None:
    """GET / is the page for who asks for HTML, and JSON as before for who does not."""
    async with aiohttp.ClientSession() as http:
        async with http.get(shared.url, headers=BROWSER) as answer:
            assert answer.content_type == "text/html"
            assert await answer.read() == (WEB / "index.html").read_bytes()
            assert "Accept" in answer.headers["Vary"]
        async with http.get(shared.url) as answer:
            assert (await answer.json())["name"] == "parley"


@pytest.mark.parametrize("path", ["/", "/inspect"])
async def test_nothing_from_elsewhere_may_run(shared: Server, path: str) -> None:
    """The pages come with a policy: scripts from here alone, and no text becomes script."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(shared.url + path, headers=BROWSER) as answer,
    ):
        assert answer.content_type == "text/html"
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy


async def test_the_page_loads_nothing_of_the_inspector(shared: Server) -> None:
    """Who writes a client gets another page, and who chats pays nothing for it."""
    async with aiohttp.ClientSession() as http, http.get(f"{shared.url}/inspect") as answer:
        assert await answer.read() == (WEB / "inspect" / "index.html").read_bytes()
    sent = [WEB / "index.html", *(WEB / "built").iterdir()]
    assert not any(b"inspect/" in path.read_bytes() for path in sent)


async def test_a_file_is_sent_again_only_when_it_changed(shared: Server) -> None:
    """Who has a file asks with its hash, and gets 304 while it is the same."""
    url = f"{shared.url}/web/built/main.js"
    async with aiohttp.ClientSession() as http:
        async with http.get(url) as answer:
            tag = answer.headers["ETag"]
            assert answer.headers["Cache-Control"] == "no-cache"
            assert answer.content_type == "text/javascript"
        async with http.get(url, headers={"If-None-Match": tag}) as answer:
            assert (answer.status, await answer.read()) == (304, b"")
        async with http.get(url, headers={"If-None-Match": '"other"'}) as answer:
            assert answer.status == 200


async def test_files_are_sent_compressed_to_who_can_read_that(shared: Server) -> None:
    """With gzip accepted a file comes compressed, else as it is; both are the same file."""
    url = f"{shared.url}/sdk/parley.js"
    plain = (WEB / "sdk" / "parley.js").read_bytes()
    async with aiohttp.ClientSession(auto_decompress=False) as http:
        async with http.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
            assert gzip.decompress(await answer.read()) == plain
        async with http.get(url, headers={"Accept-Encoding": "identity"}) as answer:
            assert await answer.read() == plain


@pytest.mark.parametrize("path", ["/web/../app.py", "/web/none.js", "/web/tsconfig.json", "/sdk/"])
async def test_there_is_nothing_else(shared: Server, path: str) -> None:
    """What is no file of the page is not found, however the path is written."""
    async with aiohttp.ClientSession() as http:
        for written in (path, path.replace("..", "%2e%2e")):
            async with http.get(f"{shared.url}{written}") as answer:
                assert answer.status == 404
