"""What a page costs the browser: work of its main thread by frame, memory, and elements."""

import bisect
import json
import statistics
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

TRACED = ("devtools.timeline", "disabled-by-default-devtools.timeline")


class Trace:
    """What the main thread of a page does while this is entered."""

    def __init__(self, page: Page, path: Path) -> None:
        browser = page.context.browser
        assert browser is not None
        self._browser: Browser = browser
        self._page = page
        self._path = path

    async def __aenter__(self) -> "Trace":
        await self._browser.start_tracing(page=self._page, path=self._path, categories=TRACED)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._browser.stop_tracing()

    def work(self) -> list[float]:
        """Milliseconds of processor time per frame, whatever else the machine does."""
        events: list[dict[str, Any]] = json.loads(self._path.read_text())["traceEvents"]
        drawn = [each for each in events if each["name"] == "FireAnimationFrame"]
        thread = statistics.mode((each["pid"], each["tid"]) for each in drawn)
        mine = [each for each in events if (each["pid"], each["tid"]) == thread]
        times = sorted({each["ts"] for each in mine if each["name"] == "FireAnimationFrame"})
        frames = [0.0] * (len(times) + 1)
        for each in mine:
            if each["name"] == "RunTask":
                frames[bisect.bisect(times, each["ts"])] += each.get("tdur", 0) / 1000
        return frames[1:-1]


async def memory(page: Page) -> float:
    """Megabytes of JavaScript objects, after collecting what nobody needs."""
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    used = await session.send("Runtime.getHeapUsage")
    await session.detach()
    return float(used["usedSize"]) / 1e6
