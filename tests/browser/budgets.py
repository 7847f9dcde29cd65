"""`python -m tests.browser.budgets`: what the page costs in Chromium, beside its budget."""

import asyncio
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.chromium import environment, unpacked
from tests.browser.visitors import Visitors, username
from tests.browser.work import Trace, memory
from tests.support.client import Socket, town
from tests.support.network import Network, network
from tests.support.server import Server

Tell = Callable[[str, float, str], None]

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
# When the list was first painted, in milliseconds since the page was asked for.
SEEN = """(() => {
  const look = () => requestAnimationFrame(() => {
    if (!document.querySelector('.entry')) look();
    else setTimeout(() => { window.listSeen = performance.now(); });
  });
  look();
})()"""
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


# Two hundred plain lines that say the same: what a frame costs here without a page.
PLAIN = """() => {
  const box = document.createElement('div');
  box.className = 'timeline';
  box.style = 'height: 640px; overflow-y: auto';
  for (let at = 0; at < 200; at += 1) {
    const line = document.createElement('div');
    line.textContent = `message ${at}!`;
    line.style = 'padding: 12px';
    box.append(line);
  }
  document.body.replaceChildren(box);
}"""


async def first_load(context: BrowserContext, server: Server) -> float:
    """Milliseconds until the list is painted, for who is logged in, on a slow phone."""
    page = await context.new_page()
    await page.add_init_script(SEEN)
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await session.send("Network.emulateNetworkConditions", SLOW)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    await page.goto(server.url, wait_until="commit")
    took: float | None = None
    while took is None:
        await asyncio.sleep(0.3)
        took = await page.evaluate("window.listSeen ?? null")
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


async def scrolling(page: Page) -> tuple[list[float], list[float]]:
    """Milliseconds of each frame, up through the whole of a long conversation.

    Beside them, taken in turns so that both meet the same load, those of plain lines.
    """
    beside = await page.context.new_page()
    await beside.evaluate(PLAIN)
    frames: list[float] = []
    plain: list[float] = []
    while not await page.locator(".bubble", has_text="message 0!").count():
        await page.bring_to_front()
        frames += await page.evaluate(FRAMES, [-400, 60])
        await beside.bring_to_front()
        for pixels in (400, -400):
            plain += await beside.evaluate(FRAMES, [pixels, 18])
    await beside.close()
    return frames, plain


async def reconnects(page: Page, between: Network, count: int) -> None:
    """Cut the connection so many times, and wait each time until all is there again."""
    resumed: list[str | bytes] = []

    def hear(frame: str | bytes) -> None:
        if '"resumed"' in str(frame):
            resumed.append(frame)

    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    for at in range(count):
        between.cut()
        while len(resumed) <= at:
            await page.evaluate("dispatchEvent(new Event('online'))")  # it need not wait
            await asyncio.sleep(0.05)


def p95(times: list[float]) -> float:
    """What all but one in twenty keep within."""
    return statistics.quantiles(times, n=100)[94]


async def measure(browser: Browser, server: Server, tell: Tell) -> None:
    """Measure everything."""
    page = await Visitors(browser, server.url).person("ada", service_workers="block")
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
        loads = [await first_load(page.context, server) for _ in range(5)]
        tell("list painted, 150 ms, 1.6 Mbit/s, CPU / 4", min(loads), "ms, at most 1200")
        await page.goto(f"{server.url}/#/c/{id_}")
        await page.get_by_role("button", name="new messages").click()
        await page.locator(".bubble", has_text=f"message {MANY - 1}!").wait_for()
        tell("own message painted", await own_message(page), "ms, at most 50")
        tell("another's message painted", await others_message(page, carol, id_), "ms, at most 100")
        async with Trace(page, server.folder / "trace.json") as trace:
            await page.evaluate(FRAMES, [-400, 300])
        tell("work of a frame while scrolling, p95", p95(trace.work()), "ms, at most 17")
        frames, plain = await scrolling(page)
        tell("a frame while scrolling, p95", p95(frames), "ms, at most 17")
        tell("a frame while scrolling 200 plain lines, p95", p95(plain), "ms")
        tell("memory with all messages", await memory(page), "MB, at most 40")


async def measure_reconnects(browser: Browser, server: Server, tell: Tell) -> None:
    """Measure what a hundred reconnects leave behind."""
    async with network(server.port) as between:
        page = await Visitors(browser, between.url).person("bob", service_workers="block")
        await reconnects(page, between, 10)
        before = await memory(page)
        await reconnects(page, between, 100)
        tell(
            "memory after 100 reconnects",
            await memory(page) / before,
            "times as much, at most 1.05",
        )


async def main() -> None:
    """Print a line for each measurement."""
    folder = unpacked()
    settings = {"RATE_LIMIT": "0", "OUTBOX_LIMIT": "16777216"}
    server = Server(Path(tempfile.mkdtemp()), settings)
    await server.start()

    def tell(name: str, value: float, budget: str) -> None:
        print(f"{name:46}{value:10.2f} {budget}", flush=True)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=folder / "chromium", args=["--no-sandbox"], env=environment(folder)
        )
        await measure_reconnects(browser, server, tell)
        await measure(browser, server, tell)
        await browser.close()
    await server.stop()


if __name__ == "__main__":
    asyncio.run(main())
