"""A stranger starts the server in an empty folder and chats within a minute, on a phone."""

import time
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.visitors import Visitors, sign_up
from tests.support.server import Server

MINUTE = 60.0
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def test_a_stranger_chats_within_a_minute(browser: Browser, tmp_path: Path) -> None:
    """From an empty folder to the first message that somebody else sees, at a phone's width."""
    began = time.monotonic()
    server = Server(tmp_path)
    await server.start()
    visitors = Visitors(browser, server.url)
    stranger, friend = await visitors.page(**PHONE), await visitors.page(**PHONE)
    for page, name in ((stranger, "Stranger"), (friend, "Friend")):
        await page.goto(server.url)
        await sign_up(page, name.lower(), name)
    await stranger.get_by_role("button", name="New conversation").first.click()
    await stranger.get_by_label("Find people by name").fill("friend")
    await stranger.locator(".people .item").click()
    await stranger.get_by_role("button", name="Start").click()
    await stranger.get_by_label("Write a message").fill("Hello from my phone")
    await stranger.get_by_role("button", name="Send").click()
    await friend.get_by_role("link", name="Stranger").click()
    await expect(friend.locator(".bubble")).to_contain_text("Hello from my phone")
    assert time.monotonic() - began < MINUTE
    await visitors.leave()
    await server.stop()
