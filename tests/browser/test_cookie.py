"""Signing in where the browser drops the cookie: the page says why, and what helps."""

from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.visitors import PASSWORD, Visitors
from tests.support.server import Server


async def test_a_page_without_https_says_why_one_is_not_signed_in(
    browser: Browser, tmp_path: Path
) -> None:
    """Under a name of the local network: which name it is, and three ways out."""
    server = Server(tmp_path, {"ALLOWED_HOSTS": "chat.lan"})
    await server.start()
    visitors = Visitors(browser, server.url)
    page = await visitors.page()
    host = server.url.removeprefix("http://").replace("localhost", "chat.lan")
    await page.goto(f"http://{host}")
    await page.get_by_role("button", name="Create account").click()
    for label, text in (("Your name", "Alice"), ("Username", "alice"), ("Password", PASSWORD)):
        await page.get_by_label(label).fill(text)
    await page.get_by_role("button", name="Create account").click()
    told = page.get_by_role("alert")
    for part in (f"because {host} is not served over https", "localhost", "COOKIE_SECURE"):
        await expect(told).to_contain_text(part)
    assert "browsers drop the cookies of this login" in server.output
    await visitors.leave()
    await server.stop()
