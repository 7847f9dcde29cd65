"""Conversations that are begun offline with the client library."""

import pytest

from tests.support.server import Server
from tests.web.program import running

pytestmark = pytest.mark.process


async def test_a_conversation_is_begun_offline(server: Server) -> None:
    """Written to before there is one, sent by whichever tab is there, and created once."""
    async with running("begin.mjs", url=server.url) as program:
        assert await program.told() == "begun"
        await program.ended()
