"""How fast a user may ask: a token bucket, and another for asking on regardless."""

import time

from backend.token_bucket import TokenBucket


class RateLimiter:
    """Lets `burst` requests pass at once and `rate` a second after that; a rate of 0 all of them.

    Refused requests draw on a bucket of the same size; who empties that one too is an offender.
    """

    __slots__ = ("_is_limited", "_patience", "_requests", "is_exhausted")

    def __init__(self, rate: float, burst: int) -> None:
        now = time.monotonic()
        self._is_limited = rate > 0
        self._requests = TokenBucket(rate, burst, now)
        self._patience = TokenBucket(rate, burst, now)
        self.is_exhausted = False
        """Whether so many requests were refused that the socket is to be closed."""

    def take(self) -> int:
        """Count a request; gives 0, or the milliseconds until the next one will pass."""
        if not self._is_limited:
            return 0
        now = time.monotonic()
        wait = self._requests.draw(now)
        if wait:
            self.is_exhausted = not self._patience.take(now)
        return wait
