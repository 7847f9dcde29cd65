"""Files on the page: attached, seen by the other, and opened."""

import base64
import re

from playwright.async_api import FilePayload, expect

from tests.browser.visitors import Visitors, username
from tests.support.shared import SharedTown

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_a_picture_and_a_file_are_sent(visitors: Visitors, guests: SharedTown) -> None:
    """What is attached waits in the tray, is sent with the text, and is shown as what it is."""
    ada = await visitors.person("ada")
    carol = await (await guests.person("carol")).connect()
    data = await carol.do("create_conversation", members=[await username(ada)], kind="direct")
    await ada.goto(f"{visitors.url}/#/c/{data['id']}")
    await ada.get_by_label("Attach files").set_input_files(
        [
            FilePayload(name="dot.png", mimeType="image/png", buffer=PICTURE),
            FilePayload(name="notes.txt", mimeType="text/plain", buffer=b"Bring milk."),
        ]
    )
    await expect(ada.locator(".tray .file")).to_have_count(2)
    await expect(ada.locator(".tray progress")).to_have_count(0)
    await ada.get_by_label("Write a message").fill("See these")
    await ada.keyboard.press("Enter")
    bubble = ada.locator(".bubble", has_text="See these")
    await expect(bubble.get_by_role("link", name=re.compile("notes.txt"))).to_be_visible()
    sent = await carol.wait_for(lambda frame: frame["type"] == "send_message")
    assert [each["name"] for each in sent["data"]["attachments"]] == ["dot.png", "notes.txt"]
    await bubble.get_by_role("button", name="Photo dot.png").click()
    await expect(ada.get_by_role("dialog", name="dot.png")).to_be_visible()


async def test_one_has_a_picture_of_oneself(visitors: Visitors) -> None:
    """A picture chosen in the profile is one's avatar in the list."""
    ada = await visitors.person("ada")
    await ada.get_by_role("button", name="You and this device").click()
    await ada.get_by_label("Change picture").set_input_files(
        FilePayload(name="me.png", mimeType="image/png", buffer=PICTURE)
    )
    await expect(ada.locator(".side header .avatar img")).to_have_count(1)
