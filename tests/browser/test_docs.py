"""The reference to read, in a browser: for everybody, on every width, under the server's policy."""

import pytest
from playwright.async_api import expect

from tests import ROOT
from tests.browser.axe import violations
from tests.browser.test_views import DESK, PHONE
from tests.browser.visitors import Visitors

PICTURES = ROOT / "test-results" / "docs"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_nobody_is_kept_out(visitors: Visitors, theme: str, size: dict[str, int]) -> None:
    """axe-core finds no violation, nothing sticks out, and a picture of each is kept."""
    page = await visitors.page(color_scheme=theme, viewport=size, bypass_csp=True)
    await page.goto(f"{visitors.url}/docs")
    assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert await violations(page) == []
    await page.screenshot(path=PICTURES / f"{size['width']}-{theme}.png")
    await page.locator("#http-post-register").scroll_into_view_if_needed()
    await page.screenshot(path=PICTURES / f"{size['width']}-{theme}-route.png")


async def test_contents_lead_to_their_place(visitors: Visitors) -> None:
    """A line of the contents brings what it names to the top; the policy lets all of it load."""
    page = await visitors.page(viewport=DESK)
    await page.goto(f"{visitors.url}/docs")
    await page.get_by_role("link", name="send_message", exact=True).first.click()
    await expect(page.locator("#protocol-send_message")).to_be_in_viewport()
    assert await page.evaluate("getComputedStyle(document.querySelector('nav')).position") == (
        "sticky"
    )
