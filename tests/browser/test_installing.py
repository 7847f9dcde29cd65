"""The page can be installed: it has a manifest, and opens when the server is away."""

from playwright.async_api import Browser, expect

from tests.browser.visitors import Visitors
from tests.support.server import Server


async def test_the_page_opens_without_the_server(browser: Browser, alone: Server) -> None:
    """Opened twice, its shell is kept: then it opens without a server, and says so."""
    visitors = Visitors(browser, alone.url)
    page = await visitors.person("ada")
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await page.reload()
    await expect(page.get_by_role("heading", name="Chats")).to_be_visible()
    kept = "caches.match('/', { cacheName: 'parley-shell', ignoreVary: true }).then(Boolean)"
    assert await page.evaluate(kept)
    await alone.stop()
    await page.reload()
    await expect(page.get_by_role("status").first).to_contain_text("No connection")
    await visitors.leave()


async def test_browsers_find_nothing_wrong_with_the_manifest(visitors: Visitors) -> None:
    """Chromium reads the manifest without an error, and it names an icon."""
    page = await visitors.page()
    await page.goto(visitors.url)
    session = await page.context.new_cdp_session(page)
    manifest = await session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert '"icons"' in manifest["data"]
