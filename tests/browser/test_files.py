"""Files on the page: attached, seen by the other, and opened."""

import base64
import re

from playwright.async_api import FilePayload, expect

from tests.browser.axe import violations
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
    await ada.keyboard.press("Escape")
    await ada.get_by_role("button", name="Details").last.click()
    await expect(ada.locator(".details .files").get_by_role("link")).to_contain_text("notes.txt")
    await expect(ada.locator(".details .files img")).to_have_count(1)


# What the browser does when files are pasted, or dropped on the page.
GIVEN = """([kind, name]) => {
  const files = new DataTransfer();
  files.items.add(new File(['milk'], name, { type: 'text/plain' }));
  const area = document.querySelector('textarea');
  if (kind == 'paste') {
    const init = { clipboardData: files, bubbles: true, cancelable: true };
    return area.dispatchEvent(new ClipboardEvent('paste', init));
  }
  const init = { dataTransfer: files, bubbles: true, cancelable: true };
  return area.dispatchEvent(new DragEvent(kind, init));
}"""


async def test_files_are_pasted_and_dropped(visitors: Visitors, guests: SharedTown) -> None:
    """Pasted files and those dropped anywhere are attached, and can be taken out again."""
    ada = await visitors.person("ada")
    carol = await (await guests.person("carol")).connect()
    data = await carol.do("create_conversation", members=[await username(ada)], kind="direct")
    await ada.goto(f"{visitors.url}/#/c/{data['id']}")
    await expect(ada.get_by_label("Write a message")).to_be_visible()
    assert not await ada.evaluate(GIVEN, ["paste", "pasted.txt"])  # the browser does no more
    await ada.evaluate(GIVEN, ["dragover", "dropped.txt"])
    await expect(ada.get_by_text("Drop files here")).to_be_visible()
    await ada.evaluate(GIVEN, ["drop", "dropped.txt"])
    await expect(ada.get_by_text("Drop files here")).to_have_count(0)
    await expect(ada.locator(".tray .file")).to_have_text(["pasted.txt", "dropped.txt"])
    await ada.get_by_role("button", name="Remove pasted.txt").click()
    await ada.get_by_role("button", name="Send", exact=True).click()
    sent = await carol.wait_for(lambda frame: frame["type"] == "send_message")
    assert [each["name"] for each in sent["data"]["attachments"]] == ["dropped.txt"]


async def test_a_voice_message_is_recorded_and_played(
    visitors: Visitors, guests: SharedTown
) -> None:
    """One press begins, the next sends; it is shown by how loud it was, and can be played."""
    ada = await visitors.person("ada", permissions=["microphone"], bypass_csp=True)
    carol = await (await guests.person("carol")).connect()
    data = await carol.do("create_conversation", members=[await username(ada)], kind="direct")
    await ada.goto(f"{visitors.url}/#/c/{data['id']}")
    await ada.get_by_role("button", name="Record a voice message").click()
    await expect(ada.get_by_text("Recording")).to_be_visible()
    await ada.evaluate("new Promise((done) => setTimeout(done, 1200))")  # it beeps once a second
    await ada.get_by_role("button", name="Send the voice message").click()
    sent = await carol.wait_for(lambda frame: frame["type"] == "send_message")
    [voice] = sent["data"]["attachments"]
    assert voice["mime_type"] == "audio/webm"
    assert voice["duration_ms"] >= 1000
    assert max(voice["waveform"]) == 100
    sound = ada.locator(".bubble .sound")
    await expect(sound.locator(".bars i")).to_have_count(len(voice["waveform"]))
    await sound.get_by_role("button", name="Play").click()
    await ada.get_by_role("button", name="Details").last.click()
    await expect(ada.locator(".details .sound")).to_be_visible()
    assert await violations(ada) == []
    played = "(sound) => sound.querySelector('audio').played.length > 0"
    while not await sound.evaluate(played):
        await ada.evaluate("new Promise(requestAnimationFrame)")


async def test_one_has_a_picture_of_oneself(visitors: Visitors) -> None:
    """A picture chosen in the profile is one's avatar in the list."""
    ada = await visitors.person("ada")
    await ada.get_by_role("button", name="You and this device").click()
    await ada.get_by_label("Change picture").set_input_files(
        FilePayload(name="me.png", mimeType="image/png", buffer=PICTURE)
    )
    await expect(ada.locator(".side header .avatar img")).to_have_count(1)


async def test_a_group_has_a_picture(visitors: Visitors, guests: SharedTown) -> None:
    """Its owner chooses one, and every member sees it in the list."""
    ada = await visitors.person("ada")
    carol = await (await guests.person("carol")).connect()
    data = await carol.do("create_conversation", members=[await username(ada)], name="Lunch")
    await carol.do(
        "set_role", conversation_id=data["id"], username=await username(ada), role="owner"
    )
    await ada.goto(f"{visitors.url}/#/c/{data['id']}/details")
    await ada.get_by_label("Change picture").set_input_files(
        FilePayload(name="us.png", mimeType="image/png", buffer=PICTURE)
    )
    await expect(ada.get_by_role("link", name="Lunch").locator(".avatar img")).to_have_count(1)
    pushed = await carol.wait_for(lambda frame: frame["type"] == "set_avatar")
    assert pushed["data"]["avatar"]
