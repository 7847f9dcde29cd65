"""Coming in where the server asks for an invite."""

from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.visitors import PASSWORD, Visitors
from tests.support.server import Server


async def test_who_is_invited_makes_an_account(browser: Browser, tmp_path: Path) -> None:
    """The page asks for a code when the server does; a wrong one is told, the right one lets in."""
    server = Server(tmp_path, {"REGISTRATION": "invite"})
    await server.start()
    code = (await server.do("admin", "invite")).splitlines()[-1]
    visitors = Visitors(browser, server.url)
    page = await visitors.page()
    await page.goto(server.url)
    create = page.get_by_role("button", name="Create account")
    await create.click()
    for label, text in (("Your name", "Alice"), ("Username", "alice"), ("Password", PASSWORD)):
        await page.get_by_label(label).fill(text)
    await create.click()
    await expect(page.get_by_role("alert")).to_have_text("an invite is needed to register")
    await expect(page.get_by_label("Invite code")).to_be_focused()
    for invite, told in (("guessed", "the invite is not good"), (code, "")):
        await page.get_by_label("Invite code").fill(invite)
        await create.click()
        if told:
            await expect(page.get_by_role("alert")).to_contain_text(told)
    await expect(page.get_by_role("heading", name="Chats")).to_be_visible()
    visitors.complaints = [each for each in visitors.complaints if "status of 403" not in each]
    await visitors.leave()
    await server.stop()
