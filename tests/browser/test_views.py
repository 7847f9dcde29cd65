"""Every view in every theme and width: nobody is kept out (axe-core), and it looks as it did."""

from collections.abc import AsyncIterator, Callable

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.axe import violations
from tests.browser.pictures import COMMITTED, coarse, differences, off
from tests.browser.views import dialogs, furnished, views
from tests.browser.visitors import Visitors
from tests.support.shared import SharedTown

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_view(
    visitors: Visitors, guests: SharedTown, theme: str, size: dict[str, int]
) -> None:
    """In no view does axe-core find a violation, and each looks like the picture of it."""
    assert await wrong_in(views, visitors, guests, theme, size) == []


@pytest.mark.parametrize(("theme", "size"), [("light", DESK), ("dark", PHONE)])
async def test_every_dialog(
    visitors: Visitors, guests: SharedTown, theme: str, size: dict[str, int]
) -> None:
    """The same of what opens over them, and of what stands over where one writes."""
    assert await wrong_in(dialogs, visitors, guests, theme, size) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_coming_in(visitors: Visitors, theme: str) -> None:
    """The same of the pages where one signs in and makes an account."""
    page = await visitors.page(color_scheme=theme, bypass_csp=True, reduced_motion="reduce")
    await page.goto(visitors.url)
    await expect(page.get_by_role("button", name="Sign in")).to_be_enabled()
    wrong = await faults(page, f"login-{theme}")
    await page.get_by_role("button", name="Create account").click()
    assert wrong + await faults(page, f"account-{theme}") == []


async def test_without_a_connection(visitors: Visitors) -> None:
    """The same of a page on which nothing is, and of one that has no connection."""
    page = await visitors.person("ada", viewport=PHONE, bypass_csp=True, reduced_motion="reduce")
    wrong = await faults(page, "empty")
    await page.route_web_socket("**/ws**", lambda socket: socket.close())
    await page.reload()
    await expect(page.locator(".bar")).to_contain_text("No connection")
    assert wrong + await violations(page) == []


async def wrong_in(
    shown: Callable[[Page], AsyncIterator[str]],
    visitors: Visitors,
    guests: SharedTown,
    theme: str,
    size: dict[str, int],
) -> list[str]:
    """What is wrong in what is shown one after the other, on a furnished page."""
    page = await furnished(
        visitors,
        guests,
        color_scheme=theme,
        viewport=size,
        bypass_csp=True,
        reduced_motion="reduce",
    )
    wrong = []
    async for name in shown(page):
        wrong += await faults(page, f"{size['width']}-{theme}/{name}")
    return wrong


async def faults(page: Page, name: str) -> list[str]:
    """Who is kept out of a view, and what looks other than it did."""
    return [f"{name}: {each}" for each in await violations(page)] + await differences(page, name)


async def test_a_picture_that_differs_is_told() -> None:
    """A button that is gone, a shade that is another: both are seen, a smoothed edge is not."""
    before = Image.open(COMMITTED / "login-light.png").convert("RGB")
    large = before.resize((before.width * 12, before.height * 12), Image.Resampling.NEAREST)
    moved = large.copy()
    moved.paste("red", (600, 400, 624, 412))
    assert len(off(coarse(moved), before)) in {2, 3, 4, 6}
    assert off(coarse(large.point(lambda value: value * 0.9)), before) != []
    assert off(coarse(large.point(lambda value: max(0, value - 3))), before) == []


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
    page = await furnished(
        visitors, guests, locale="ar-XB", viewport=DESK, bypass_csp=True, reduced_motion="reduce"
    )
    side = await page.locator(".side").bounding_box()
    mine = await page.locator(".mine .bubble").bounding_box()
    theirs = await page.locator(".message:not(.mine) .bubble").first.bounding_box()
    assert side is not None
    assert mine is not None
    assert theirs is not None
    assert side["x"] > theirs["x"] > mine["x"]
    assert await page.evaluate("document.documentElement.scrollWidth") <= DESK["width"]
    assert await differences(page, "from-right-to-left") == []
