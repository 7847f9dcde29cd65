"""A real Chromium for tests: `browser`, and `page`, which fails when the page complains."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.browser.chromium import environment, unpacked
from tests.browser.visitors import Visitors
from tests.support.client import town_of
from tests.support.server import Server
from tests.support.shared import SharedTown


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let all these tests run on one loop, because the browser lives on it."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker("process")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, started once."""
    folder = unpacked()
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=folder / "chromium",
            args=[
                "--no-sandbox",  # it is asked for pages of ours alone, also by root
                "--host-resolver-rules=MAP chat.lan 127.0.0.1",
                "--use-fake-device-for-media-stream",  # a microphone that beeps
                "--use-fake-ui-for-media-stream",
            ],
            env=environment(folder),
        )
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visitors(browser: Browser, shared: Server) -> AsyncIterator[Visitors]:
    """People who use the page; what their browsers complain of fails the test."""
    here = Visitors(browser, shared.url)
    yield here
    await here.leave()


@pytest_asyncio.fixture(loop_scope="session")
async def page(visitors: Visitors) -> Page:
    """A page of its own, with nobody logged in."""
    return await visitors.page()


@pytest_asyncio.fixture(loop_scope="session")
async def guests(shared: Server) -> AsyncIterator[SharedTown]:
    """People without a browser on the same server."""
    async with town_of(SharedTown, shared.url) as here:
        yield here


@pytest_asyncio.fixture(loop_scope="session")
async def alone(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that the test may stop."""
    server = Server(tmp_path)
    await server.start()
    yield server
    await server.stop()
