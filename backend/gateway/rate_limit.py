"""How fast a user may ask: a token bucket, and another for asking on regardless."""

import time


class RateLimiter:
    """Lets `burst` requests pass at once and `rate` a second after that; a rate of 0 all of them.

    Refused requests draw on a bucket of the same size; who empties that one too is an offender.
    """

    __slots__ = ("_at", "_burst", "_patience", "_rate", "_tokens")

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._tokens = float(burst)
        self._patience = float(burst)
        self._at = time.monotonic()

    def take(self) -> int:
        """Count a request; gives 0, or the milliseconds until the next one will pass."""
        if not self._rate:
            return 0
        now = time.monotonic()
        gained = (now - self._at) * self._rate
        self._at = now
        if self._patience < self._burst:
            self._patience = min(self._burst, self._patience + gained)
        self._tokens += gained
        self._tokens = min(self._tokens, self._burst)
        if self._tokens >= 1:
            self._tokens -= 1
            return 0
        self._patience -= 1
        return int((1 - self._tokens) / self._rate * 1000) + 1

    @property
    def is_exhausted(self) -> bool:
        """Whether so many requests were refused that the socket is to be closed."""
        return self._patience < 0
