"""What the client library holds on to when its connection is lost again and again."""

import pytest

from tests.web.program import running

pytestmark = pytest.mark.process

RECONNECTS, ROUNDS = 100, 8
KEPT = 100  # bytes of each: far less than one frame


async def test_the_heap_is_flat_after_a_hundred_reconnects() -> None:
    """Once Node.js has compiled what it runs, a hundred more leave nothing behind."""
    async with running("heap.mjs", reconnects=RECONNECTS, rounds=ROUNDS) as program:
        kept = await program.told()
        await program.ended()
    print(kept)
    assert min(abs(each) for each in kept[1:]) < KEPT, kept
