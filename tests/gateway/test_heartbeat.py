"""Silent sockets are pinged and given up, in the time that docs/guarantees.md says."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from backend.gateway.heartbeat import PING, SHARES, Heartbeat
from backend.gateway.inbound import InboundBudget, InboundLimits

HALF = SHARES  # looks, of half the time each


class Transport(asyncio.Transport):
    """Notes what is written to it, and whether it was ended."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Note it."""
        self.written += data

    def is_closing(self) -> bool:
        """Whether it was ended."""
        return self.aborted

    def abort(self) -> None:
        """Note it."""
        self.aborted = True


def inbound() -> InboundBudget:
    """What a socket is heard by."""
    return InboundBudget(InboundLimits(0, 1, 1), lambda: None)


async def looked(heartbeat: Heartbeat, times: int) -> None:
    """Look so often."""
    for _ in range(times):
        await heartbeat.look()


async def test_who_is_silent_is_pinged_once_and_then_given_up() -> None:
    """After the time, or half of it; and half of it later."""
    heartbeat, transport = Heartbeat(10), Transport()
    assert heartbeat.every * HALF == 5
    heartbeat.enter(inbound(), transport)
    await looked(heartbeat, HALF)
    assert transport.written == b""
    await looked(heartbeat, HALF)
    assert (transport.written, transport.aborted) == (PING, False)
    await looked(heartbeat, HALF)
    assert (transport.written, transport.aborted) == (PING, True)


@given(st.integers(0, HALF * 2 - 1))
def test_who_answers_is_never_given_up(late: int) -> None:
    """Whenever within the time something arrives, in whatever look its share has its turn."""

    async def live() -> None:
        heartbeat, transport, heard = Heartbeat(10), Transport(), inbound()
        heartbeat.enter(heard, transport)
        for _ in range(10):
            await looked(heartbeat, late)
            heard(b"\x8a\x80mask")
        assert not transport.aborted
        assert transport.written in {b"", PING * (len(transport.written) // 2)}

    asyncio.run(live())


async def test_who_talks_is_not_pinged() -> None:
    """What arrives says more than an answer to a ping."""
    heartbeat, transport, heard = Heartbeat(10), Transport(), inbound()
    heartbeat.enter(heard, transport)
    for _ in range(10):
        await looked(heartbeat, HALF)
        heard(b"\x81\x80mask")
    assert (transport.written, transport.aborted) == (b"", False)


async def test_a_look_is_at_a_share_and_who_has_left_is_not_looked_at() -> None:
    """A thousand are pinged in as many looks as there are shares, and not in one."""
    heartbeat, everybody = Heartbeat(10), [(inbound(), Transport()) for _ in range(1000)]
    for heard, transport in everybody:
        heartbeat.enter(heard, transport)
    gone, last = everybody.pop()
    heartbeat.leave(gone)
    heartbeat.leave(gone)
    await looked(heartbeat, HALF)
    at_once = 0
    for _ in range(HALF):
        before = sum(bool(transport.written) for _, transport in everybody)
        await heartbeat.look()
        now = sum(bool(transport.written) for _, transport in everybody)
        at_once = max(at_once, now - before)
    assert now == 999
    assert at_once < 1000 / SHARES * 3
    assert last.written == b""
