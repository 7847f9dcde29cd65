"""`python -m tests.browser.budgets`: what the page costs in Chromium, beside its budget."""

import asyncio
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.chromium import environment, unpacked
from tests.browser.visitors import Visitors, username
from tests.support.client import Socket, town
from tests.support.server import Server

MANY = 10_000
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 2e5, "uploadThroughput": 2e5}

# Milliseconds from when Enter is pressed, or the frame arrives, until the message is painted.
PAINTED = """(text) => new Promise((done) => {
  const began = performance.now();
  const look = () => {
    const bubbles = [...document.querySelectorAll('.bubble')];
    if (!bubbles.some((each) => each.textContent.includes(text))) requestAnimationFrame(look);
    else requestAnimationFrame(() => done(performance.now() - began));
  };
  look();
})"""
FRAMES = """async ([pixels, count]) => {
  const box = document.querySelector('.timeline');
  const frames = [];
  let before = await new Promise(requestAnimationFrame);
  for (let frame = 0; frame < count; frame += 1) {
    box.scrollTop += pixels;
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - before);
    before = now;
  }
  return frames;
}"""


async def first_load(context: BrowserContext, server: Server) -> float:
    """Milliseconds until the list is seen, by who is logged in, on a slow phone."""
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await session.send("Network.emulateNetworkConditions", SLOW)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    await page.goto(server.url, wait_until="commit")
    await page.locator(".entry").first.wait_for()
    took: float = await page.evaluate("performance.now()")
    await page.close()
    return took


async def own_message(page: Page) -> float:
    """Milliseconds from Enter until one's own message is painted; the median of twenty."""
    times: list[float] = []
    for at in range(20):
        await page.get_by_label("Write a message").fill(f"own {at}!")
        measured = asyncio.ensure_future(page.evaluate(PAINTED, f"own {at}!"))
        await page.evaluate(
            """document.querySelector('textarea').dispatchEvent(
              new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))"""
        )
        times.append(await measured)
    return statistics.median(times)


async def others_message(page: Page, other: Socket, id_: int) -> float:
    """Milliseconds from sending until the message of another is painted; the median of twenty."""
    times: list[float] = []
    for at in range(20):
        began = page.evaluate(PAINTED, f"other {at}!")
        measured = asyncio.ensure_future(began)
        await asyncio.sleep(0)
        await other.do("send_message", conversation_id=id_, content=f"other {at}!")
        times.append(await measured)
    return statistics.median(times)


async def scrolling(page: Page) -> float:
    """Milliseconds of the 95th of a hundred frames, through the whole of a long conversation."""
    frames: list[float] = []
    while not await page.locator(".bubble", has_text="message 0!").count():
        frames += await page.evaluate(FRAMES, [-400, 60])
    return statistics.quantiles(frames, n=100)[94]


async def heap(page: Page) -> float:
    """Megabytes of JavaScript objects, after collecting what nobody needs."""
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    used = await session.send("Runtime.getHeapUsage")
    return float(used["usedSize"]) / 1e6


async def measure(
    browser: Browser, server: Server, tell: Callable[[str, float, str], None]
) -> None:
    """Measure everything."""
    visitors = Visitors(browser, server.url)
    page = await visitors.person("ada", service_workers="block")
    async with town(server.url) as here:
        carol = await (await here.person("carol")).connect()
        data = await carol.do("create_conversation", members=[await username(page)], kind="direct")
        id_ = data["id"]
        for at in range(MANY):
            await carol.send(
                {"type": "send_message", "conversation_id": id_, "content": f"message {at}!"}
            )
            if at % 1000 == 999:
                await carol.ask("ping")
        tell(
            "list visible, 150 ms, 1.6 Mbit/s, CPU / 4",
            await first_load(page.context, server),
            "ms, at most 1200",
        )
        await page.goto(f"{server.url}/#/c/{id_}")
        await page.get_by_role("button", name="new messages").click()
        await page.locator(".bubble", has_text=f"message {MANY - 1}!").wait_for()
        tell("own message painted", await own_message(page), "ms, at most 50")
        tell("another's message painted", await others_message(page, carol, id_), "ms, at most 100")
        tell("a frame while scrolling, p95", await scrolling(page), "ms, at most 17")
        tell("heap with all messages", await heap(page), "MB, at most 40")


async def main() -> None:
    """Print a line for each measurement."""
    folder = unpacked()
    server = Server(Path(tempfile.mkdtemp()), {"RATE_LIMIT": "0", "OUTBOX_LIMIT": "16777216"})
    await server.start()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=folder / "chromium", args=["--no-sandbox"], env=environment(folder)
        )
        await measure(
            browser,
            server,
            lambda name, value, budget: print(f"{name:44}{value:10.1f} {budget}", flush=True),
        )
        await browser.close()
    await server.stop()


if __name__ == "__main__":
    asyncio.run(main())
