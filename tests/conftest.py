"""Fixtures every test may use."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.client import Town, town
from tests.support.server import Server


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """A running server on a fresh database."""
    running = Server(tmp_path)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def people(server: Server) -> AsyncIterator[Town]:
    """People on that server."""
    async with town(server.url) as here:
        yield here
