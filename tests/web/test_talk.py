"""The client library against a real server, the way a page uses it."""

import pytest

from tests.support.server import Server
from tests.web.program import running

pytestmark = pytest.mark.process


async def test_two_people_talk(server: Server) -> None:
    """Sending, reading, typing, reacting, being refused, being away and logging out."""
    async with running("talk.mjs", url=server.url) as program:
        assert await program.told() == "talked"
        await program.ended()
