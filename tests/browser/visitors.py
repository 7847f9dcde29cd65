"""People with a browser each, and what it complains of."""

import itertools
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

PASSWORD = "correct horse"
_numbers = itertools.count(1)

# What the server refuses is logged by Chromium itself, and is no fault of the page's: logging in
# begins with a refused token, and tests take the network away.
EXPECTED = ("status of 401", "net::ERR_", "WebSocket connection to")


class Visitors:
    """Browser windows on one server, and their complaints."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.complaints: list[str] = []
        self._contexts: list[BrowserContext] = []

    async def page(self, **options: Any) -> Page:
        """A window of somebody new; `options` are those of a browser context."""
        context = await self.browser.new_context(**{"locale": "en-GB", **options})
        self._contexts.append(context)
        context.set_default_timeout(10_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("console", self._hear)
        return page

    async def person(self, name: str, **options: Any) -> Page:
        """Somebody new with an account, who sees their conversations; see `username`."""
        page = await self.page(**options)
        await page.goto(self.url)
        await sign_up(page, f"{name}{next(_numbers)}p", name.title())  # not as guests are named
        return page

    async def leave(self) -> None:
        """Close every window; raises AssertionError for what they complained of."""
        for context in self._contexts:
            await context.close()
        assert self.complaints == []

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        if not any(text in message.text for text in EXPECTED):
            self.complaints.append(f"{message.type}: {message.text} ({message.location})")


async def sign_up(page: Page, username: str, fullname: str) -> None:
    """Make an account on the page, which is left logged in."""
    await page.get_by_role("button", name="Create account").click()
    await page.get_by_label("Your name").fill(fullname)
    await page.get_by_label("Username").fill(username)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create account").click()
    await page.get_by_role("heading", name="Chats").wait_for()
    await page.evaluate("name => { document.documentElement.dataset.user = name; }", username)


async def username(page: Page) -> str:
    """The username of who signed up on this page."""
    return str(await page.evaluate("document.documentElement.dataset.user"))
