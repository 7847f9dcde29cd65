"""The page below a prefix, behind a gateway that strips it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.inspectors import come_in
from tests.browser.visitors import Visitors
from tests.support.gateway import gateway
from tests.support.server import Server

PREFIX = "/api/messaging"


@pytest_asyncio.fixture(loop_scope="session")
async def below(tmp_path: Path) -> AsyncIterator[Server]:
    """A server below the prefix."""
    server = Server(tmp_path, {"API_PREFIX": PREFIX})
    await server.start()
    yield server
    await server.stop()


async def test_the_page_works_below_a_prefix(browser: Browser, below: Server) -> None:
    """Somebody signs up and comes back; the worker, the inspector and /docs are below it too."""
    async with gateway(below.port, PREFIX, strips=True) as origin:
        visitors = Visitors(browser, f"{origin}{PREFIX}/")
        page = await visitors.person("ada")
        await expect(page.get_by_role("heading", name="Chats")).to_be_visible()
        scope = "navigator.serviceWorker.ready.then((each) => each.scope)"
        assert await page.evaluate(scope) == f"{origin}{PREFIX}/"
        await page.reload()
        await expect(page.get_by_role("heading", name="Chats")).to_be_visible()
        kept = f"caches.match('{PREFIX}/', {{ cacheName: 'parley-shell', ignoreVary: true }})"
        assert await page.evaluate(f"{kept}.then(Boolean)")
        session = await page.context.new_cdp_session(page)
        manifest = await session.send("Page.getAppManifest")
        assert manifest["errors"] == []
        await page.goto(f"{origin}{PREFIX}/inspect")
        await come_in(page, "eve")
        await page.goto(f"{origin}{PREFIX}/docs")
        await expect(page.get_by_role("heading", name="Parley", exact=True)).to_be_visible()
        await visitors.leave()
