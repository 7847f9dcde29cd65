"""Pictures of the page, compared with those that were looked at and committed.

A picture is compared by squares of 12 pixels, each by its mean colour: what moves, vanishes or
changes its colour is told, while how an edge of a letter is smoothed is not. Times are left out,
and so are the numbers of usernames. `python -m tests.browser.pictures` takes what the tests saw
last in place of what is committed; look at it first, in test-results/page.
"""

import io
from pathlib import Path

from PIL import Image, ImageChops
from playwright.async_api import Page

from tests import ROOT

SEEN = ROOT / "test-results" / "page"
COMMITTED = Path(__file__).with_name("pictures")
SQUARE = 12  # pixels
TOLERATED = 16  # of 255, how far a square's mean colour may be off

HIDDEN = "time { display: none; }"  # as wide as the hour has digits
NUMBERS = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data } = texts.currentNode;
    const named = data.replace(/^(@?[a-z]{3,})\\d+p?$/, '$1');
    if (named != data) texts.currentNode.data = named;
  }
}"""


async def differences(page: Page, name: str) -> list[str]:
    """Where the page looks other than the committed picture of this name, in words."""
    await page.evaluate(NUMBERS)
    taken = await page.screenshot(animations="disabled", style=HIDDEN)
    path = SEEN / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(taken)
    committed = COMMITTED / f"{name}.png"
    if not committed.exists():
        return [f"{name}: no picture is committed"]
    now, before = Image.open(io.BytesIO(taken)), Image.open(committed).convert("RGB")
    return [f"{name}: {each}" for each in off(coarse(now), before)]


def coarse(picture: Image.Image) -> Image.Image:
    """The mean colours of its squares."""
    size = (picture.width // SQUARE, picture.height // SQUARE)
    return picture.convert("RGB").resize(size, Image.Resampling.BOX)


def off(now: Image.Image, before: Image.Image) -> list[str]:
    """Which squares of two coarse pictures are too far apart."""
    if now.size != before.size:
        return [f"{now.size}, not {before.size} squares"]
    far = ImageChops.difference(now, before).convert("RGB")
    return [
        f"at {x * SQUARE}, {y * SQUARE}: {now.getpixel((x, y))}, not {before.getpixel((x, y))}"
        for y in range(far.height)
        for x in range(far.width)
        if max(pixel(far, x, y)) > TOLERATED
    ]


def pixel(picture: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    """A square's colour."""
    found = picture.getpixel((x, y))
    assert isinstance(found, tuple)
    red, green, blue = found
    return int(red), int(green), int(blue)


def main() -> None:
    """Take what was seen last."""
    for path in sorted(SEEN.rglob("*.png")):
        committed = COMMITTED / path.relative_to(SEEN)
        committed.parent.mkdir(parents=True, exist_ok=True)
        coarse(Image.open(path)).save(committed, optimize=True)


if __name__ == "__main__":
    main()
