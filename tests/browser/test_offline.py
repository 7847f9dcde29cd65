"""The page without a server, and with it again."""

from contextlib import suppress

from playwright.async_api import Browser, Error, expect

from tests.browser.visitors import Visitors, username
from tests.support.client import town
from tests.support.server import Server


async def test_what_was_written_offline_is_sent_later(browser: Browser, alone: Server) -> None:
    """A bar tells of the gap; what is written meanwhile waits, and is sent once and in order."""
    visitors = Visitors(browser, alone.url)
    ada = await visitors.person("ada")
    async with town(alone.url) as here:
        bob = await (await here.person("bob")).connect()
        data = await bob.do("create_conversation", members=[await username(ada)], kind="direct")
    await ada.goto(f"{alone.url}/#/c/{data['id']}")
    await expect(ada.get_by_role("heading", name="Bob")).to_be_visible()
    await alone.stop()
    await expect(ada.get_by_role("status").first).to_contain_text("Trying again in")
    for text in ("first", "second"):
        await ada.get_by_label("Write a message").fill(text)
        await ada.keyboard.press("Enter")
    await expect(ada.get_by_label("Waiting to be sent").get_by_role("img")).to_have_count(2)
    await alone.start()
    with suppress(Error):  # unless it was tried again just now
        await ada.get_by_role("button", name="Try now").click(timeout=2000)
    await expect(ada.get_by_label("Sent", exact=True)).to_have_count(2)
    texts = await ada.locator(".mine .text").all_inner_texts()
    assert texts == ["first", "second"]
    await expect(ada.locator(".bar")).to_have_count(0)
    await visitors.leave()
