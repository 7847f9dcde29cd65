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
# What is less than either is counted together with what comes after it: to look at the clock and
# two buckets for every frame took longer than to count it (7.2 µs for a message, now 3.0).
FEW_FRAMES = 32
FEW_BYTES = 4096


MASKED = 0x80  # beside the length, in the second byte
MASKED_MEDIUM = MASKED | 126  # where two more bytes have the length


class FrameCounter:
    """Counts the frames that begin in a stream of bytes (RFC 6455, section 5.2)."""

    __slots__ = ("_header", "_rest")

    def __init__(self) -> None:
        self._rest = 0  # bytes of the frame under way that are still to come
        self._header = b""  # of the next one, as far as it is there

    def feed(self, data: bytes, most: int) -> int:
        """Take what arrived; gives how many frames begin in it, counted up to `most`."""
        count, at = 0, self._rest
        if self._header:
            data, at, self._header = self._header + data, 0, b""
        end = len(data)
        while at < end and count < most:
            try:  # in line, what people say first, and without looks at what is there: a third
                flagged = data[at + 1]
                if flagged == MASKED_MEDIUM:
                    at += 8 + (data[at + 2] << 8 | data[at + 3])
                elif MASKED <= flagged < MASKED_MEDIUM:
                    at += 6 + flagged - MASKED
                else:
                    at += _length(data, at, flagged)
            except IndexError:  # the header is not whole
                self._rest, self._header = 0, data[at:]
                return count
            count += 1
        self._rest = at - end
        return count


def _length(data: bytes, at: int, flagged: int) -> int:
    """How long the frame is whose second byte is `flagged`; raises IndexError in its header."""
    length = flagged & 0x7F
    if length == 126:
        length = 2 + (data[at + 2] << 8 | data[at + 3])
    elif length == 127:
        length = 8 + (int.from_bytes(data[at + 2 : at + 9], "big") << 8 | data[at + 9])
    return length + (6 if flagged & MASKED else 2)  # header, and mask if there is one


class InboundLimits:
    """What each socket may send: `rate` requests a second, `burst` at once; no limit if it is 0.

    `frame_bytes` is the largest frame.
    """

    def __init__(self, rate: float, burst: int, frame_bytes: int) -> None:
        frames = FRAMES_PER_REQUEST
        self.rate = rate
        self.most = int(burst * frames + rate * frames * PATIENCE_SECONDS) + 1
        """Frames at once that are too many in any case."""
        self._frames = rate * frames, burst * frames
        self._bytes = rate * frame_bytes, burst * frame_bytes

    def buckets(self, now: float) -> tuple[TokenBucket, TokenBucket]:
        """A bucket of frames and one of bytes, both full."""
        return TokenBucket(*self._frames, now), TokenBucket(*self._bytes, now)


class InboundBudget:
    """Paces what one socket sends, by frames and by bytes."""

    __slots__ = (
        "_buckets", "_clock", "_counter", "_few_bytes", "_few_frames", "_limits", "offended",
        "silent",
    )  # fmt: skip

    def __init__(
        self,
        limits: InboundLimits,
        offended: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`offended` is called when the socket would have to wait for over PATIENCE_SECONDS."""
        self.silent = 0
        """How often in a row the heartbeat has found that nothing arrived."""
        self.offended = offended
        self._limits = limits
        self._buckets: tuple[TokenBucket, TokenBucket] | None = None  # who says little needs none
        self._clock = clock
        self._counter = FrameCounter()
        self._few_frames = self._few_bytes = 0  # not counted yet

    def __call__(self, data: bytes) -> float:
        """Count what arrived; gives the seconds until it may be passed on, or infinity: never."""
        self.silent = 0
        limits = self._limits
        if not limits.rate:
            return 0.0
        self._few_frames = frames = self._few_frames + self._counter.feed(data, limits.most)
        self._few_bytes = size = self._few_bytes + len(data)
        if frames < FEW_FRAMES and size < FEW_BYTES:
            return 0.0
        now = self._clock()
        if self._buckets is None:
            self._buckets = limits.buckets(now)
        of_frames, of_bytes = self._buckets
        delay = max(of_frames.take(now, frames), of_bytes.take(now, size))
        self._few_frames = self._few_bytes = 0
        if delay <= PATIENCE_SECONDS:
            return delay
        self.offended()
        return math.inf
