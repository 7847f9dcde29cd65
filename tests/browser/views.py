"""The page's views, as somebody with conversations sees them: for pictures and for inspection."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable

from PIL import Image
from playwright.async_api import FilePayload, Page, expect

from tests.browser.visitors import Visitors, username
from tests.support.shared import SharedTown

Going = Callable[[Page], Awaitable[None]]

LINES = (
    "Morning! Who has the **landing** listings?",
    "In the shared drawer, see https://example.org/listings",
    "They are long:\n- program alarms\n- priority displays",
    "`VERB 37`, then `ENTER`",
)


async def furnished(visitors: Visitors, guests: SharedTown, **options: object) -> Page:
    """Ada's page, on which a group and two people have written to her."""
    ada = await visitors.person("ada", **options)
    name = await username(ada)
    margaret, grace = [
        await (await guests.person(each)).connect() for each in ("margaret", "grace")
    ]
    for socket, fullname in ((margaret, "Margaret Hamilton"), (grace, "Grace Hopper")):
        await socket.do("update_profile", fullname=fullname)
    group = await margaret.do(
        "create_conversation", members=[name, grace.username], name="Guidance computer"
    )
    for at, line in enumerate(LINES):
        socket = (margaret, margaret, grace)[at % 3]
        sent = await socket.do("send_message", conversation_id=group["id"], content=line)
    await margaret.do("pin_message", message_id=sent["id"])
    await margaret.do("add_reaction", message_id=sent["id"], emoji="♥")
    await ada.get_by_text("Guidance computer").click()
    await ada.get_by_role("textbox").fill("On it. Ten minutes.")
    await ada.keyboard.press("Enter")
    await expect(ada.locator(".mine").get_by_label("Sent", exact=True)).to_be_visible()
    await margaret.do(
        "send_message", conversation_id=group["id"], content="Thank you", reply_id=sent["id"]
    )
    await expect(ada.locator(".bubble", has_text="Thank you")).to_be_visible()
    direct = await grace.do("create_conversation", members=[name], kind="direct")
    await grace.do("send_message", conversation_id=direct["id"], content="Found a moth in relay 70")
    await expect(ada.locator(".badge")).to_have_count(1)
    return ada


async def views(page: Page) -> AsyncIterator[str]:
    """Go through the views of a furnished page, one after the other; gives the name of each."""
    yield "conversation"
    await page.locator(".main > header .icon").last.click()
    await expect(page.locator(".details .item").nth(3)).to_be_visible()
    yield "details"
    await page.locator(".details > header .icon").click()
    await page.locator(".message").last.click(button="right")
    await expect(page.get_by_role("menu")).to_be_visible()
    yield "menu"
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menu")).to_have_count(0)
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox")).to_be_visible()
    yield "switcher"
    await page.keyboard.press("Escape")
    await page.evaluate("location.hash = ''")
    await expect(page.locator(".timeline")).to_have_count(0)
    yield "list"
    await page.evaluate("location.hash = '#/c/999999999'")
    await expect(page.get_by_text("This conversation is not there")).to_be_visible()
    yield "missing"
    await page.evaluate("location.hash = ''")
    for at, name in enumerate(("search", "new", "profile")):
        await page.locator(".side > header .icon").nth(at).click()
        await expect(page.locator("dialog[open]")).to_be_visible()
        if name == "profile":
            await expect(page.get_by_text("this device")).to_be_visible()
        yield name
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)


def picture() -> FilePayload:
    """A picture that one may have taken."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((480, 320)).save(file, "PNG")
    return FilePayload(name="moth.png", mimeType="image/png", buffer=file.getvalue())


async def dialogs(page: Page) -> AsyncIterator[str]:
    """Go through what opens over a furnished page, and what stands over where one writes."""
    theirs = page.locator(".message", has_text="VERB 37, then ENTER").first
    for name, choice in (("reactors", "Who reacted"), ("report", "Report"), ("forward", "Forward")):
        await theirs.click(button="right")
        await page.get_by_role("menuitem", name=choice).click()
        await expect(page.locator("dialog.sheet[open]")).to_be_visible()
        await expect(page.locator("dialog :is(.item, .row, textarea)").first).to_be_visible()
        yield name
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.locator(".mine").click(button="right")
    await page.get_by_role("menuitem", name="Delete").click()
    yield "delete"
    await page.keyboard.press("Escape")
    await page.get_by_label("Emoji").click()
    await expect(page.locator(".picker")).to_be_visible()
    yield "emoji"
    await page.keyboard.press("Escape")
    await page.locator(".message").last.click(button="right")
    await page.get_by_role("menuitem", name="Reply").click()
    await page.get_by_label("Attach files").set_input_files([picture()])
    await expect(page.locator(".tray progress")).to_have_count(0)
    await page.get_by_role("textbox").fill("Look, @gr")
    await expect(page.get_by_role("option")).to_be_visible()
    yield "composer"
    await page.get_by_role("textbox").fill("The moth")
    await page.get_by_role("button", name="Send").click()
    await page.get_by_role("button", name="Photo moth.png").click()
    await expect(page.get_by_role("dialog", name="moth.png").get_by_role("img")).to_be_visible()
    yield "picture"
    await page.keyboard.press("Escape")
