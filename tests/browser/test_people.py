"""People on the page: who may reach whom, and what one does with a conversation."""

import json
import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.axe import violations
from tests.browser.visitors import PASSWORD, Visitors, username
from tests.support.client import Socket
from tests.support.shared import SharedTown


async def talked(visitors: Visitors, guests: SharedTown) -> tuple[Page, Socket, str]:
    """Ada's page with carol's message open, carol's socket, and carol's name."""
    ada = await visitors.person("ada")
    carol = await (await guests.person("carol")).connect()
    data = await carol.do("create_conversation", members=[await username(ada)], kind="direct")
    await carol.do("send_message", conversation_id=data["id"], content="Good morning")
    await ada.goto(f"{visitors.url}/#/c/{data['id']}")
    await expect(ada.locator(".bubble", has_text="Good morning")).to_be_visible()
    return ada, carol, carol.username


async def test_who_takes_only_contacts_is_asked(visitors: Visitors, guests: SharedTown) -> None:
    """Out of reach one can ask; the request is told over the list, and accepted there."""
    ada = await visitors.person("ada", bypass_csp=True)
    await ada.get_by_role("button", name="You and this device").click()
    await ada.get_by_label("Only contacts may write to me").check()
    await ada.get_by_role("button", name="Save").click()
    await expect(ada.get_by_text("Saved")).to_be_visible()
    await ada.keyboard.press("Escape")
    bob = await visitors.person("bob", bypass_csp=True)
    await bob.get_by_role("button", name="New conversation").first.click()
    await bob.get_by_label("Find people by name").fill(await username(ada))
    await bob.locator(".people .item").first.click()
    await bob.get_by_role("button", name="Start").click()
    await expect(bob.get_by_role("alert")).to_contain_text("cannot be reached yet")
    assert await violations(bob) == []
    await bob.get_by_role("button", name="Ask", exact=True).click()
    await expect(bob.get_by_role("heading", name="No conversations yet")).to_be_visible()
    asking = ada.get_by_role("region", name="Asking to reach you")
    await expect(asking).to_contain_text(await username(bob))
    assert await violations(ada) == []
    await asking.get_by_role("button", name="Accept").click()
    await expect(asking).to_have_count(0)
    await bob.get_by_role("button", name="New conversation").first.click()
    await bob.locator(".people .item", has_text=await username(ada)).click()
    await bob.get_by_role("button", name="Start").click()
    await expect(bob.get_by_label("Write a message")).to_be_visible()


async def test_a_conversation_is_muted_marked_and_archived(
    visitors: Visitors, guests: SharedTown
) -> None:
    """Each from the details; what is archived is in the archive, and comes back out of it."""
    ada, _, carol = await talked(visitors, guests)
    await ada.get_by_role("button", name="Details").last.click()
    await ada.get_by_role("button", name="Mute").click()
    await expect(ada.get_by_role("button", name="Unmute")).to_be_visible()
    await ada.get_by_role("button", name="Mark as unread").click()
    entry = ada.get_by_role("link", name=re.compile(carol, re.IGNORECASE))
    await expect(entry).to_contain_text("Marked as unread")
    await entry.click()
    await expect(entry).not_to_contain_text("Marked as unread")
    await ada.get_by_role("button", name="Details").last.click()
    await ada.get_by_role("button", name="Archive", exact=True).last.click()
    await expect(entry).to_have_count(0)
    await ada.locator(".side").get_by_role("button", name="Archive").click()
    await expect(entry).to_be_visible()
    await ada.get_by_role("button", name="Take out of the archive").click()
    await ada.get_by_role("button", name="Back to chats").first.click()
    await expect(entry).to_be_visible()


async def test_somebody_is_blocked_and_freed(visitors: Visitors, guests: SharedTown) -> None:
    """Who is blocked stands in the profile, from where they are freed."""
    ada, _, carol = await talked(visitors, guests)
    await ada.get_by_role("button", name="Details").last.click()
    await ada.get_by_role("button", name="Block").click()
    await ada.get_by_role("dialog").get_by_role("button", name="Block").click()
    await ada.get_by_role("button", name="You and this device").click()
    await expect(ada.get_by_role("dialog")).to_contain_text(f"@{carol}")
    await ada.get_by_role("button", name="Unblock").click()
    await expect(ada.get_by_role("dialog")).not_to_contain_text(f"@{carol}")


async def test_roles_are_given_and_members_removed(visitors: Visitors, guests: SharedTown) -> None:
    """Who became the owner of a group makes the one before a member, then removes them."""
    ada = await visitors.person("ada")
    bob = await (await guests.person("bob")).connect()
    data = await bob.do("create_conversation", members=[await username(ada)], name="Lunch")
    await bob.do("set_role", conversation_id=data["id"], username=await username(ada), role="owner")
    await ada.goto(f"{visitors.url}/#/c/{data['id']}/details")
    await expect(ada.get_by_role("button", name="Add people")).to_be_visible()
    member = ada.locator(".details .item", has_text=f"@{bob.username}")
    await member.click()
    await ada.get_by_role("menuitem", name="Make member").click()
    await expect(member).not_to_contain_text("moderator")
    await member.click()
    await ada.get_by_role("menuitem", name="Remove").click()
    await ada.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(ada.locator(".details")).to_contain_text("1 member")
    await expect(member).to_have_count(0)


async def test_a_message_is_forwarded_and_who_reacted_is_told(
    visitors: Visitors, guests: SharedTown
) -> None:
    """A message goes to another conversation as it is; its reactions tell who put them on."""
    ada, carol, _ = await talked(visitors, guests)
    await carol.do("create_conversation", members=[await username(ada)], name="Lunch")
    message = ada.locator(".message", has_text="Good morning")
    await message.click(button="right")
    await ada.get_by_role("button", name="React 🎉").click()
    await message.click(button="right")
    await ada.get_by_role("menuitem", name="Who reacted").click()
    await expect(ada.get_by_role("dialog")).to_contain_text(f"@{await username(ada)}")
    await ada.keyboard.press("Escape")
    await message.click(button="right")
    await ada.get_by_role("menuitem", name="Forward").click()
    await ada.get_by_role("option", name="Lunch").click()
    await expect(ada.get_by_role("heading", name="Lunch")).to_be_visible()
    await expect(ada.locator(".mine .bubble", has_text="Good morning")).to_be_visible()


async def test_a_message_is_reported(visitors: Visitors, guests: SharedTown) -> None:
    """Another's message is told to who runs the server, with a reason; one's own cannot be."""
    ada, _, _ = await talked(visitors, guests)
    await ada.locator(".message", has_text="Good morning").click(button="right")
    await ada.get_by_role("menuitem", name="Report").click()
    await ada.get_by_label("What is wrong with it?").fill("It was night.")
    await ada.get_by_role("button", name="Report").click()
    await expect(ada.get_by_role("dialog").get_by_role("status")).to_contain_text("Thank you")
    await ada.get_by_role("button", name="Close").last.click()
    await expect(ada.get_by_role("dialog")).to_have_count(0)
    await ada.get_by_label("Write a message").fill("Good night")
    await ada.get_by_label("Write a message").press("Enter")
    await expect(ada.locator(".mine").get_by_label("Sent", exact=True)).to_be_visible()
    await ada.locator(".mine").click(button="right")
    await expect(ada.get_by_role("menuitem", name="Reply")).to_be_visible()
    await expect(ada.get_by_role("menuitem", name="Report")).to_have_count(0)


async def test_mentions_are_completed_and_emoji_put_in(
    visitors: Visitors, guests: SharedTown
) -> None:
    """A name is completed by Tab, an emoji goes to where the caret is."""
    ada, _, carol = await talked(visitors, guests)
    area = ada.get_by_label("Write a message")
    await area.press_sequentially("Hi @car")
    await expect(ada.get_by_role("option", name=re.compile(carol))).to_be_visible()
    await area.press("Tab")
    await expect(area).to_have_value(f"Hi @{carol} ")
    await ada.get_by_role("button", name="Emoji").click()
    await ada.get_by_role("button", name="🚀 rocket ship").click()
    await expect(area).to_have_value(f"Hi @{carol} 🚀")
    await area.press("Enter")
    await expect(ada.locator(".mine .mention")).to_have_text(f"@{carol}")


async def test_a_search_stays_within_a_conversation(visitors: Visitors, guests: SharedTown) -> None:
    """From a conversation, only what was said in it is found."""
    ada, carol, _ = await talked(visitors, guests)
    other = await carol.do("create_conversation", members=[await username(ada)], name="Lunch")
    await carol.do("send_message", conversation_id=other["id"], content="Good evening")
    await ada.get_by_role("button", name="In this conversation").click()
    field = ada.get_by_placeholder("Words that a message has to have")
    hit = ada.locator(".people .item", has_text="Good morning")
    while not await hit.count():  # until it is in the index
        await field.fill("")
        await field.fill("good")
        await hit.or_(ada.get_by_text("Nothing found")).wait_for()
    await expect(ada.locator(".people .item")).to_have_count(1)


async def test_a_conversation_that_is_not_there_says_so(visitors: Visitors) -> None:
    """A wrong link leads to a page that leads back."""
    ada = await visitors.person("ada")
    await ada.goto(f"{visitors.url}/#/c/999999999")
    await expect(ada.get_by_role("heading", name="This conversation is not there")).to_be_visible()
    await ada.get_by_role("link", name="Back to chats").last.click()
    await expect(ada.get_by_role("heading", name="No conversations yet")).to_be_visible()


async def test_one_sees_ones_sessions_and_takes_ones_data(visitors: Visitors) -> None:
    """Another session is ended, which that page says; one's data is a file."""
    ada = await visitors.person("ada")
    there = await visitors.page()
    await there.goto(visitors.url)
    await there.get_by_label("Username").fill(await username(ada))
    await there.get_by_label("Password").fill(PASSWORD)
    await there.get_by_role("button", name="Sign in").click()
    await there.get_by_role("heading", name="Chats").wait_for()
    await ada.get_by_role("button", name="You and this device").click()
    await expect(ada.get_by_role("dialog")).to_contain_text("this device")
    await ada.get_by_role("button", name="Sign out there").click()
    await expect(there.get_by_role("alert")).to_contain_text("Your session has ended")
    await ada.get_by_role("button", name="Download my data").click()
    await ada.get_by_label("Your password, to confirm").fill(PASSWORD)
    async with ada.expect_download() as download:
        await ada.get_by_role("button", name="Download", exact=True).click()
    path: Path = await (await download.value).path()
    assert json.loads(path.read_text())["profile"]["username"] == await username(ada)
