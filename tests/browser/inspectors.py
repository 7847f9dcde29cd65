"""People at the inspector: coming in, composing requests, and reading its list of frames."""

import itertools

from playwright.async_api import Locator, Page, expect

from tests.browser.visitors import PASSWORD, Visitors

_numbers = itertools.count(1)


async def inspecting(visitors: Visitors, name: str, **options: object) -> Page:
    """The inspector with somebody new logged in, live."""
    page = await visitors.page(**options)
    await page.goto(f"{visitors.url}/inspect")
    await come_in(page, f"{name}{next(_numbers)}i")
    return page


async def come_in(page: Page, username: str) -> None:
    """Make an account in the form that is open, and wait until it is live."""
    await page.get_by_label("Username").fill(username)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create account").click()
    await expect(pane(page, username).locator(".state")).to_have_text("live")


def pane(page: Page, username: str) -> Locator:
    """What there is of one identity or recording."""
    return page.get_by_role("region", name=username, exact=True)


def frames(place: Page | Locator, kind: str, text: str) -> Locator:
    """The rows of a kind (`durable`, `read`, …) or a direction (`in`, `out`) that have a text."""
    return place.locator(f".frame.{kind}", has_text=text)


async def ask(place: Page | Locator, event: str, **fields: object) -> None:
    """Compose a request and send it."""
    for name, value in {"Request": event, **fields}.items():
        await place.get_by_role("combobox", name=name, exact=True).fill(str(value))
    await place.get_by_role("button", name="Send", exact=True).click()
