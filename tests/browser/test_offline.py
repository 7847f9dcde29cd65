"""The page without a server, and with it again."""

import re
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


async def test_a_conversation_is_begun_offline(browser: Browser, alone: Server) -> None:
    """It is in the list and can be written to at once; then it becomes a real one with all that."""
    visitors = Visitors(browser, alone.url)
    ada, bob = await visitors.person("ada"), await visitors.person("bob")
    async with town(alone.url) as here:
        carol = await (await here.person("carol")).connect()
        await carol.do("create_conversation", members=[await username(ada)], kind="direct")
        names = [await username(ada), await username(bob)]
        await carol.do("create_conversation", members=names, name="Lunch")
    await expect(ada.get_by_role("link", name="Lunch")).to_be_visible()
    await alone.stop()
    await expect(ada.get_by_role("status").first).to_contain_text("Trying again in")
    await ada.get_by_role("button", name="New conversation").first.click()
    await ada.get_by_label("Find people by name").fill("bo")
    await ada.locator(".people .item", has_text=await username(bob)).click()
    await ada.get_by_role("button", name="Start").click()
    await expect(ada.get_by_role("heading", name="Bob")).to_be_visible()
    for text in ("Are you", "there?"):
        await ada.get_by_label("Write a message").fill(text)
        await ada.keyboard.press("Enter")
    await ada.get_by_label("Write a message").fill("half a")
    await expect(ada.get_by_label("Waiting to be sent").get_by_role("img")).to_have_count(2)
    entry = ada.get_by_role("navigation").get_by_role("link", name="Bob")
    await expect(entry).to_contain_text("Begins when there is a connection")
    await alone.start()
    with suppress(Error):  # unless it was tried again just now
        await ada.get_by_role("button", name="Try now").click(timeout=2000)
    await expect(ada.get_by_label("Sent", exact=True)).to_have_count(2)
    await expect(ada).to_have_url(re.compile(r"#/c/\d+$"))
    await expect(ada.get_by_label("Write a message")).to_have_value("half a")
    assert await ada.locator(".mine .text").all_inner_texts() == ["Are you", "there?"]
    await expect(entry).to_have_count(1)
    await expect(entry).to_contain_text("there?")
    await bob.get_by_role("link", name="Ada").click()
    await expect(bob.locator(".message:not(.mine) .text")).to_have_text(["Are you", "there?"])
    await visitors.leave()
