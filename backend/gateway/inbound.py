"""How much one socket may send: frames of every kind, and bytes.

aiohttp answers pings and joins fragments by itself and counts neither, so they are counted in the
bytes as they arrive, before it sees them. Who sends more than the budget waits for himself: his
bytes are passed on later. Who goes on so that they would wait for long is an offender.
"""

import math
import time
from collections.abc import Callable

from backend.token_bucket import TokenBucket

PATIENCE_SECONDS = 10.0
# Requests are paced by RATE_LIMIT; frames of every kind may be so many times more than those.
FRAMES_PER_REQUEST = 5


class FrameCounter:
    """Counts the frames that begin in a stream of bytes (RFC 6455, section 5.2)."""

    __slots__ = ("_header", "_rest")

    def __init__(self) -> None:
        self._rest = 0  # bytes of the frame under way that are still to come
        self._header = b""  # of the next one, as far as it is there

    def feed(self, data: bytes, most: int) -> int:
        """Take what arrived; gives how many frames begin in it, counted up to `most`."""
        count, at, end = 0, self._rest, len(data)
        if self._header:
            data, at = self._header + data, 0
            end = len(data)
        while at < end and count < most:
            length = _frame_length(data, at)
            if length is None:
                self._rest, self._header = 0, data[at:]
                return count
            count += 1
            at += length
        self._rest, self._header = at - end, b""
        return count


def _frame_length(data: bytes, at: int) -> int | None:
    """The bytes of the frame at `at`, header and mask included; None if its header is not whole."""
    if len(data) < at + 2:
        return None
    length, size = data[at + 1] & 0x7F, 2
    if length > 125:
        size = 4 if length == 126 else 10
        if len(data) < at + size:
            return None
        length = int.from_bytes(data[at + 2 : at + size], "big")
    mask = 4 if data[at + 1] & 0x80 else 0
    return size + mask + length


class InboundBudget:
    """Paces what one socket sends, by frames and by bytes."""

    __slots__ = ("_bytes", "_clock", "_counter", "_frames", "_most", "_offended", "_paces")

    def __init__(
        self,
        rate: float,
        burst: int,
        frame_bytes: int,
        offended: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """A budget for a socket that may send `rate` requests a second, and `burst` at once.

        `frame_bytes` is the largest frame; `offended` is called when the socket would have to wait
        longer than PATIENCE_SECONDS. A rate of 0 lets everything pass.
        """
        now, frames = clock(), FRAMES_PER_REQUEST
        self._paces = bool(rate)
        self._frames = TokenBucket(rate * frames, burst * frames, now)
        self._bytes = TokenBucket(rate * frame_bytes, burst * frame_bytes, now)
        self._most = int(burst * frames + rate * frames * PATIENCE_SECONDS) + 1
        self._offended = offended
        self._clock = clock
        self._counter = FrameCounter()

    def __call__(self, data: bytes) -> float:
        """Count what arrived; gives the seconds until it may be passed on, or infinity: never."""
        if not self._paces:
            return 0.0
        now = self._clock()
        delay = self._frames.take(now, self._counter.feed(data, self._most))
        delay = max(delay, self._bytes.take(now, len(data)))
        if delay <= PATIENCE_SECONDS:
            return delay
        self._offended()
        return math.inf
