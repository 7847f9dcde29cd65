"""Fixtures every test may use."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.client import Town, town, town_of
from tests.support.server import Server
from tests.support.shared import SharedTown, shared_server

# how long an example takes says more about the machine than about the code
settings.register_profile("parley", deadline=None)
settings.load_profile("parley")


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


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests that need no settings of their own and do not stop it."""
    with shared_server(tmp_path_factory.mktemp("shared")) as running:
        yield running


@pytest.fixture
async def guests(shared: Server) -> AsyncIterator[SharedTown]:
    """People on the shared server, under names nobody else has; it must not have failed them."""
    told = len(shared.output)
    async with town_of(SharedTown, shared.url) as here:
        yield here
    assert "Traceback" not in shared.output[told:], shared.output[told:]
