"""What a conversation is called that nobody gave a name."""

from playwright.async_api import expect

from tests.browser.visitors import Visitors, username
from tests.support.shared import SharedTown


async def test_it_is_named_after_the_others(visitors: Visitors, guests: SharedTown) -> None:
    """Not after oneself, and anew when somebody leaves; a name that was given stands."""
    page = await visitors.person("reader")
    bob, carol = await guests.online("bob", "carol")
    others = {"members": [await username(page), carol.username]}
    id_ = (await bob.do("create_conversation", **others))["id"]
    both = ", ".join(each.username.title() for each in (bob, carol))
    await expect(page.get_by_role("link", name=both)).to_be_visible()
    await carol.do("leave_conversation", conversation_id=id_)
    await expect(page.get_by_role("link", name=both)).to_have_count(0)
    await expect(page.get_by_role("link", name=bob.username.title())).to_be_visible()
    await bob.do("rename_conversation", conversation_id=id_, name="Gardeners")
    await expect(page.get_by_role("link", name="Gardeners")).to_be_visible()
