"""The server is killed again and again under three clients of the library."""

import os
import random
from pathlib import Path

import pytest

from tests.support.server import Server
from tests.web.program import running

pytestmark = pytest.mark.process

KILLS = int(os.environ.get("KILLS", "25"))
NO_LIMITS = {"RATE_LIMIT": "0", "RESUME_MAX_EVENTS": "100000"}


async def test_a_killed_server_loses_nothing_of_what_was_written(tmp_path: Path) -> None:
    """Every message that was written is there once, in its writer's order, for all alike."""
    server = Server(tmp_path, NO_LIMITS)
    await server.start()
    dice = random.Random(1)
    try:
        async with running("crash.mjs", url=server.url) as program:
            for _ in range(KILLS):
                if dice.random() < 0.7:  # else while the clients come back
                    await program.tell("wait")
                    assert await program.told() == "written"
                await server.kill()
                await server.start()
            await program.tell("stop")
            written = await program.told()
            await program.ended()
    finally:
        await server.stop()
    assert "Traceback" not in server.output
    assert written > KILLS
