"""People chat with each other on the page, each in a browser of their own."""

import re

from playwright.async_api import Page, expect

from tests.browser.visitors import PASSWORD, Visitors, username
from tests.support.client import Person, Socket
from tests.support.shared import SharedTown

# Enter, and arrow up before an answer can have come.
AT_ONCE = """async () => {
  const area = document.querySelector('textarea');
  for (const key of ['Enter', 'ArrowUp']) {
    area.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    while (area.value) await Promise.resolve();
  }
}"""


async def write(page: Page, text: str) -> None:
    """Send a message in the conversation that is open."""
    await page.get_by_label("Write a message").fill(text)
    await page.keyboard.press("Enter")
    await expect(page.locator(".bubble", has_text=text).last).to_be_visible()


async def find(page: Page, name: str) -> None:
    """Find somebody by their username and choose them."""
    await page.get_by_label("Find people by name").fill(name)
    await page.locator(".people .item", has_text=re.compile(rf"@{name}(?!\w)")).click()


async def choose(page: Page, text: str, action: str) -> None:
    """Choose an action from the menu of the message that says this."""
    message = page.locator(".message", has_text=text).last
    await message.hover()
    await message.get_by_label("More").click()
    await page.get_by_role("menuitem", name=action, exact=True).click()


async def talking(visitors: Visitors) -> tuple[Page, Page]:
    """Two people, ada and bob, with their direct conversation open and one message in it."""
    ada, bob = await visitors.person("ada"), await visitors.person("bob")
    await ada.get_by_role("button", name="New conversation").first.click()
    await find(ada, await username(bob))
    await ada.get_by_role("button", name="Start").click()
    await write(ada, "Hello, Bob!")
    await bob.get_by_role("link", name=re.compile("Ada")).click()
    await expect(bob.locator(".bubble", has_text="Hello, Bob!")).to_be_visible()
    return ada, bob


async def beside(guests: SharedTown, page: Page) -> tuple[Socket, int]:
    """Somebody without a browser, and the conversation that they have with who is on the page."""
    person = await guests.person("carol")
    socket = await person.connect()
    data = await socket.do("create_conversation", members=[await username(page)], kind="direct")
    return socket, data["id"]


async def test_two_people_chat(visitors: Visitors) -> None:
    """What one writes the other sees, and it becomes delivered and read."""
    ada, bob = await talking(visitors)
    await bob.get_by_label("Write a message").fill("Hello **Ada**")
    await bob.keyboard.press("Enter")
    await expect(ada.locator(".bubble strong", has_text="Ada")).to_be_visible()
    await bob.bring_to_front()
    await write(bob, "Are you there?")
    await ada.bring_to_front()
    await expect(ada.get_by_role("link", name=re.compile("Bob"))).to_contain_text("Are you there?")
    mine = ada.locator(".mine .bubble", has_text="Hello, Bob!")
    await expect(mine.get_by_label("Read")).to_be_visible()


async def test_typing_is_seen(visitors: Visitors) -> None:
    """While one writes, the other is told; and no longer once it is sent."""
    ada, bob = await talking(visitors)
    await bob.get_by_label("Write a message").press_sequentially("I am")
    await expect(ada.locator(".typing")).to_contain_text("Bob is typing")
    await bob.keyboard.press("Enter")
    await expect(ada.locator(".typing")).to_be_empty()


async def test_a_message_is_edited_with_arrow_up(visitors: Visitors) -> None:
    """Arrow up takes up one's last message, also one on its way; both see the new text."""
    ada, bob = await talking(visitors)
    await ada.get_by_label("Write a message").fill("Hello, Rob!")
    await ada.evaluate(AT_ONCE)
    await expect(ada.get_by_label("Write a message")).to_have_value("Hello, Rob!")
    await ada.get_by_label("Write a message").fill("Hello, Robert!")
    await ada.keyboard.press("Enter")
    edited = bob.locator(".bubble", has_text="Hello, Robert!")
    await expect(edited).to_contain_text("edited")
    await expect(bob.locator(".timeline").get_by_text("Hello, Rob!")).to_have_count(0)
    await expect(bob.locator(".timeline").get_by_text("Hello, Bob!")).to_be_visible()


async def test_a_message_is_deleted(visitors: Visitors) -> None:
    """After a question, one's message is gone for both, and a note keeps its place."""
    ada, bob = await talking(visitors)
    await choose(ada, "Hello, Bob!", "Delete")
    await ada.get_by_role("button", name="Delete", exact=True).click()
    await expect(bob.locator(".gone")).to_have_text("This message was deleted")
    await expect(ada.locator(".gone")).to_be_visible()


async def test_reactions_are_put_on_and_taken_off(visitors: Visitors) -> None:
    """One's reaction is seen by both; pressing it again takes it off."""
    ada, bob = await talking(visitors)
    message = bob.locator(".message", has_text="Hello, Bob!")
    await message.hover()
    await message.get_by_label("More").click()
    await bob.get_by_role("button", name="React 👍").click()
    await expect(ada.locator(".reaction")).to_have_text("👍 1")
    await bob.locator(".reaction").click()
    await expect(ada.locator(".reaction")).to_have_count(0)


async def test_a_reply_shows_what_it_replies_to(visitors: Visitors) -> None:
    """A reply quotes, for both, and the quote leads to the message."""
    ada, bob = await talking(visitors)
    await choose(bob, "Hello, Bob!", "Reply")
    await write(bob, "Hello yourself")
    quote = ada.locator(".message", has_text="Hello yourself").locator(".quote")
    await expect(quote).to_contain_text("Hello, Bob!")
    await quote.click()
    await expect(ada.locator(".message.flash")).to_contain_text("Hello, Bob!")


async def test_a_message_is_pinned_and_found_in_the_details(visitors: Visitors) -> None:
    """A pinned message is marked for both, and listed in the details."""
    ada, bob = await talking(visitors)
    await choose(ada, "Hello, Bob!", "Pin")
    await expect(bob.get_by_label("Pinned")).to_be_visible()
    await bob.get_by_role("button", name="Details").last.click()
    await expect(bob.locator(".details")).to_contain_text("Hello, Bob!")


async def test_a_search_leads_to_the_message(visitors: Visitors) -> None:
    """What is found by a word opens its conversation there."""
    ada, _ = await talking(visitors)
    await write(ada, "The platypus is a mammal")
    await ada.goto(f"{visitors.url}/#")
    await ada.get_by_role("button", name="Search messages and people").click()
    hit = ada.locator(".people .item", has_text="mammal")
    while not await hit.count():  # until it is in the index
        await ada.get_by_placeholder("Words that a message has to have").fill("")
        await ada.get_by_placeholder("Words that a message has to have").fill("platypus")
        await hit.or_(ada.get_by_text("Nothing found")).wait_for()
    await hit.click()
    await expect(ada.locator(".message.flash")).to_contain_text("The platypus is a mammal")


async def test_a_group_is_made_named_and_grown(visitors: Visitors, guests: SharedTown) -> None:
    """With two others it is a group; its owner names it and adds people, and the story is told."""
    ada = await visitors.person("ada")
    bob, carol, dan = [await guests.person(name) for name in ("bob", "carol", "dan")]
    await ada.get_by_role("button", name="New conversation").first.click()
    for person in (bob, carol):
        await find(ada, person.username)
    await ada.get_by_label("Name of the group").fill("Lunch")
    await ada.get_by_role("button", name="Start").click()
    await expect(ada.get_by_role("heading", name="Lunch")).to_be_visible()
    await ada.get_by_role("button", name="Details").last.click()
    await ada.get_by_label("Name of the group").fill("Dinner")
    await ada.get_by_role("button", name="Save").click()
    await expect(ada.get_by_role("link", name=re.compile("Dinner"))).to_be_visible()
    await ada.get_by_role("button", name="Add people").click()
    await find(ada, dan.username)
    await expect(ada.locator(".details")).to_contain_text("4 members")
    await expect(ada.locator(".system", has_text="Dinner")).to_be_visible()


async def test_unread_is_counted_marked_and_read(visitors: Visitors, guests: SharedTown) -> None:
    """Messages count in the list and the title; opening shows where the new ones begin."""
    ada = await visitors.person("ada")
    carol, id_ = await beside(guests, ada)
    for number in range(3):
        await carol.do("send_message", conversation_id=id_, content=f"number {number}")
    await expect(ada.locator(".badge")).to_contain_text("3")
    await expect(ada).to_have_title("(3) Parley")
    await ada.get_by_role("link", name=re.compile("Carol")).click()
    await expect(ada.locator(".fresh")).to_be_visible()
    await expect(ada.locator(".badge")).to_have_count(0)
    await expect(ada).to_have_title("Parley")


async def test_a_draft_is_kept(visitors: Visitors, guests: SharedTown) -> None:
    """What was written and not sent is there again after a reload."""
    ada = await visitors.person("ada")
    _, id_ = await beside(guests, ada)
    await ada.goto(f"{visitors.url}/#/c/{id_}")
    await ada.get_by_label("Write a message").fill("half a thou")
    await ada.reload()
    await expect(ada.get_by_label("Write a message")).to_have_value("half a thou")


async def test_markup_is_only_text(visitors: Visitors, guests: SharedTown) -> None:
    """What somebody writes never becomes elements, and their links cannot reach the page."""
    ada = await visitors.person("ada")
    carol, id_ = await beside(guests, ada)
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script> javascript:alert(3)"
    await carol.do("send_message", conversation_id=id_, content=f"{evil} https://example.org")
    await ada.goto(f"{visitors.url}/#/c/{id_}")
    bubble = ada.locator(".bubble", has_text="onerror")
    await expect(bubble).to_contain_text(evil)
    await expect(bubble.locator("img, script")).to_have_count(0)
    await expect(bubble.locator("a")).to_have_count(1)
    await expect(bubble.locator("a")).to_have_attribute("rel", re.compile("noopener"))


async def test_leaving_and_coming_back(visitors: Visitors) -> None:
    """Signing out shows the login page and forgets; signing in brings everything back."""
    ada, _ = await talking(visitors)
    name = await username(ada)
    await ada.get_by_role("button", name="You and this device").click()
    await ada.get_by_role("button", name="Sign out").click()
    await ada.get_by_label("Username").fill(name)
    await expect(ada.get_by_text("Hello, Bob!")).to_have_count(0)
    await ada.get_by_label("Password").fill(PASSWORD)
    await ada.get_by_role("button", name="Sign in").click()
    await ada.get_by_role("link", name=re.compile("Bob")).click()
    await expect(ada.locator(".bubble", has_text="Hello, Bob!")).to_be_visible()


async def test_a_wrong_password_is_told(page: Page, visitors: Visitors, guests: SharedTown) -> None:
    """The server's reason is shown, and one can try again."""
    carol: Person = await guests.person("carol")
    await page.goto(visitors.url)
    await page.get_by_label("Username").fill(carol.username)
    await page.get_by_label("Password").fill("something else")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_have_text("mismatch username and password")


async def test_everything_by_keyboard(visitors: Visitors, guests: SharedTown) -> None:
    """Ctrl K opens a conversation by its letters; arrows reach a message, Enter its actions."""
    ada = await visitors.person("ada")
    carol, id_ = await beside(guests, ada)
    await carol.do("send_message", conversation_id=id_, content="reach me")
    await expect(ada.locator(".badge")).to_be_visible()
    await ada.keyboard.press("Control+k")
    await expect(ada.get_by_role("combobox")).to_be_focused()
    await ada.keyboard.type("caro")
    await ada.keyboard.press("Enter")
    await expect(ada.locator(".bubble", has_text="reach me")).to_be_visible()
    await expect(ada.get_by_label("Write a message")).to_be_focused()
    await ada.keyboard.press("Shift+Tab")
    await ada.get_by_role("log").focus()
    await ada.keyboard.press("ArrowUp")
    await ada.keyboard.press("Enter")
    await ada.get_by_role("menuitem", name="Reply").press("Enter")
    await expect(ada.get_by_label("Write a message")).to_be_focused()
    await ada.keyboard.type("reached")
    await ada.keyboard.press("Enter")
    await expect(ada.locator(".mine .quote")).to_contain_text("reach me")
