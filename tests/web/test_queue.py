"""A long queue passes a server with limits."""

from pathlib import Path

import pytest

from tests.support.server import Server
from tests.web.program import running

pytestmark = pytest.mark.process

LIMITS = {"RATE_LIMIT": "200", "RATE_BURST": "50"}


async def test_a_thousand_messages_pass_in_order(tmp_path: Path) -> None:
    """What was written offline arrives in its order, and the socket is never closed for it."""
    server = Server(tmp_path, LIMITS)
    await server.start()
    try:
        async with running("queue.mjs", url=server.url) as program:
            assert await program.told() == "sent"
            await program.ended()
    finally:
        await server.stop()
