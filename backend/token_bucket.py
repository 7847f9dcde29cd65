"""How often something may be done: the token bucket that every limit of speed is made of. Pure."""

import math


class TokenBucket:
    """Holds up to `burst` tokens, is full at first, and gains `rate` of them a second, evenly.

    Every `now` is in seconds, on one clock that never goes back.
    """

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = now

    def wait_ms(self, now: float) -> int:
        """Return 0 when there is a token, or the milliseconds until there will be one."""
        self._refill(now)
        return 0 if self._tokens >= 1 else math.ceil((1 - self._tokens) / self._rate * 1000)

    def draw(self, now: float) -> int:
        """Take a token if there is one; return as `wait_ms`."""
        wait = self.wait_ms(now)
        if not wait:
            self._tokens -= 1
        return wait

    def take(self, now: float) -> bool:
        """Take a token, be there one or not; return whether none was owed for it."""
        self._refill(now)
        self._tokens -= 1
        return self._tokens >= 0

    def give_back(self, now: float) -> None:
        """Put back a token that was taken."""
        self._refill(now)
        self._tokens = min(self._burst, self._tokens + 1)

    def _refill(self, now: float) -> None:
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
