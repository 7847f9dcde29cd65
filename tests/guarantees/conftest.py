"""Servers with settings of their own, and people on them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.client import Town, town
from tests.support.server import Server

pytest.register_assert_rewrite("tests.guarantees.village")

Serve = Callable[..., Awaitable[tuple[Server, Town]]]


@pytest.fixture
async def serve(tmp_path: Path) -> AsyncIterator[Serve]:
    """Start a server with settings, given as text: `server, people = await serve(HEARTBEAT="1")`.

    It is stopped at the end, and must not have met an error it did not expect.
    """
    async with AsyncExitStack() as stack:

        async def start(**settings: str) -> tuple[Server, Town]:
            server = Server(tmp_path, settings)
            await server.start()
            stack.callback(lambda: print(server.output))
            stack.push_async_callback(server.stop)
            return server, await stack.enter_async_context(town(server.url))

        yield start
