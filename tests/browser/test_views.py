"""Every view in every theme and width: nobody is kept out (axe-core), and pictures are kept."""

import pytest
from playwright.async_api import expect

from tests import ROOT
from tests.browser.axe import violations
from tests.browser.views import furnished, views
from tests.browser.visitors import Visitors
from tests.support.shared import SharedTown

PICTURES = ROOT / "test-results" / "page"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_nobody_is_kept_out(
    visitors: Visitors, guests: SharedTown, theme: str, size: dict[str, int]
) -> None:
    """In no view does axe-core find a violation; a picture of each is kept in test-results."""
    page = await furnished(visitors, guests, color_scheme=theme, viewport=size, bypass_csp=True)
    folder = PICTURES / f"{size['width']}-{theme}"
    async for name in views(page):
        assert await violations(page) == [], name
        await page.screenshot(path=folder / f"{name}.png")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_nobody_is_kept_out_of_coming_in(visitors: Visitors, theme: str) -> None:
    """The same of the pages where one signs in and makes an account."""
    page = await visitors.page(color_scheme=theme, bypass_csp=True)
    await page.goto(visitors.url)
    await expect(page.get_by_role("heading")).to_be_visible()
    assert await violations(page) == []
    await page.screenshot(path=PICTURES / f"login-{theme}.png")
    await page.get_by_role("button", name="Create account").click()
    assert await violations(page) == []


@pytest.mark.parametrize(
    ("locale", "heading"), [("de-AT", "Konto anlegen"), ("ar-XB", "Create account")]
)
async def test_the_page_speaks_the_browsers_language(
    visitors: Visitors, locale: str, heading: str
) -> None:
    """In German the page is German; in a language from right to left it is the other way round."""
    page = await visitors.page(locale=locale, viewport=DESK)
    await page.goto(visitors.url)
    await page.get_by_role("button", name=heading).click()
    direction = await page.evaluate("getComputedStyle(document.querySelector('form')).direction")
    assert direction == ("rtl" if locale == "ar-XB" else "ltr")
    assert await page.evaluate("document.documentElement.lang") == locale.removesuffix("-AT")


async def test_from_right_to_left_everything_is_on_the_other_side(
    visitors: Visitors, guests: SharedTown
) -> None:
    """The list stands on the right, one's own messages on the left, and nothing sticks out."""
    page = await furnished(visitors, guests, locale="ar-XB", viewport=DESK)
    side = await page.locator(".side").bounding_box()
    mine = await page.locator(".mine .bubble").bounding_box()
    theirs = await page.locator(".message:not(.mine) .bubble").first.bounding_box()
    assert side is not None
    assert mine is not None
    assert theirs is not None
    assert side["x"] > theirs["x"] > mine["x"]
    assert await page.evaluate("document.documentElement.scrollWidth") <= DESK["width"]
    await page.screenshot(path=PICTURES / "from-right-to-left.png")
