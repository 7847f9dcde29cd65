"""A page without HTTPS, under a name of the local network: why one is not signed in, what helps."""

from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.visitors import PASSWORD, Visitors, sign_up
from tests.support.client import town_of
from tests.support.server import Server
from tests.support.shared import SharedTown


def address(server: Server) -> str:
    """The server under a name that is not the machine's own."""
    return server.url.replace("localhost", "chat.lan")


async def test_a_page_without_https_says_why_one_is_not_signed_in(
    browser: Browser, tmp_path: Path
) -> None:
    """Under a name of the local network: which name it is, and three ways out."""
    server = Server(tmp_path, {"ALLOWED_HOSTS": "chat.lan"})
    await server.start()
    visitors = Visitors(browser, server.url)
    page = await visitors.page()
    await page.goto(address(server))
    await page.get_by_role("button", name="Create account").click()
    for label, text in (("Your name", "Alice"), ("Username", "alice"), ("Password", PASSWORD)):
        await page.get_by_label(label).fill(text)
    await page.get_by_role("button", name="Create account").click()
    told, host = page.get_by_role("alert"), address(server).removeprefix("http://")
    for part in (f"because {host} is not served over https", "localhost", "COOKIE_SECURE"):
        await expect(told).to_contain_text(part)
    assert "browsers drop the cookies of this login" in server.output
    await visitors.leave()
    await server.stop()


async def test_with_the_setting_it_says_one_chats_there(browser: Browser, tmp_path: Path) -> None:
    """Also what browsers offer only with HTTPS is not missed."""
    server = Server(tmp_path, {"ALLOWED_HOSTS": "chat.lan", "COOKIE_SECURE": "0"})
    await server.start()
    visitors = Visitors(browser, server.url)
    page = await visitors.page()
    await page.goto(address(server))
    assert await page.evaluate("isSecureContext") is False
    await sign_up(page, "alice", "Alice")
    async with town_of(SharedTown, server.url) as people:
        (bob,) = await people.online("bob")
        await bob.do("create_conversation", members=["alice"], name="Network")
        await page.get_by_role("link", name="Network").click()
        await page.get_by_label("Write a message").fill("Hello from the network")
        await page.get_by_role("button", name="Send").click()
        while (await bob.next("send_message"))["data"]["content"] != "Hello from the network":
            pass
    await visitors.leave()
    await server.stop()
