"""The client library on a network that goes wrong in every way there is."""

from pathlib import Path

import pytest

from tests.support.server import Server
from tests.web.program import running

pytestmark = pytest.mark.process

KINDS = {"cut", "half-open", "delay", "double", "close"}
SETTINGS = {"RATE_LIMIT": "0", "LOGIN_ATTEMPTS": "1000"}


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_is_lost_or_doubled(tmp_path: Path, seed: int) -> None:
    """Cut, half-open, delayed, doubled and closed with every code, all is there once, in order."""
    server = Server(tmp_path, SETTINGS)
    await server.start()
    try:
        async with running("faults.mjs", url=server.url, seed=seed, faults=100) as program:
            told = await program.told()
            await program.ended()
    finally:
        await server.stop()
    print(told)
    assert told.keys() >= KINDS
    assert len([key for key in told if key.isdigit()]) > 7
    assert told["messages"] > 100
