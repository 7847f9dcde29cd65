"""How fast a user may ask: a token bucket, and another for asking on regardless."""

import time

from backend.token_bucket import TokenBucket


class RateLimiter:
    """Lets `burst` requests pass at once and `rate` a second after that; a rate of 0 all of them.

    Refused requests draw on a bucket of the same size; who empties that one too is an offender.
    """

    __slots__ = ("_burst", "_patience", "_rate", "_requests", "is_exhausted")

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._requests = TokenBucket(rate, burst, time.monotonic())
        self._patience: TokenBucket | None = None  # most users need none
        self.is_exhausted = False
        """Whether so many requests were refused that the socket is to be closed."""

    def take(self) -> int:
        """Count a request; gives 0, or the milliseconds until the next one will pass."""
        if not self._rate:
            return 0
        now = time.monotonic()
        wait = self._requests.draw(now)
        if wait:
            if self._patience is None:
                self._patience = TokenBucket(self._rate, self._burst, now)
            self.is_exhausted = not self._patience.take(now)
        return wait
