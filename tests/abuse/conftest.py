"""A server at its default settings, with a bystander on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.abuse.bystander import Bystander
from tests.abuse.siege import DEFAULTS, Siege
from tests.support.client import town
from tests.support.server import Server


@pytest.fixture
async def siege(tmp_path: Path) -> AsyncIterator[Siege]:
    """A server that is about to be attacked."""
    server = Server(tmp_path, DEFAULTS)
    await server.start()
    async with town(server.url) as people:
        yield Siege(server, people, await Bystander.settle(people))
    await server.stop()
