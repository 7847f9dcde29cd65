"""How fast a user may ask: a token bucket, and another for asking on regardless."""

import time
from collections.abc import Callable
from functools import partial

from backend.token_bucket import TokenBucket

MANY_USERS = 1000


class RateLimiter:
    """Lets `burst` requests pass at once and `rate` a second after that; a rate of 0 all of them.

    Refused requests draw on a bucket of the same size; who empties that one too is an offender.
    """

    __slots__ = ("_burst", "_patience", "_rate", "_requests", "_spent", "is_exhausted")

    def __init__(
        self, rate: float, burst: int, spent: Callable[[float], None] | None = None
    ) -> None:
        """`spent` is told what passes, so that other nodes count it too."""
        self._spent = spent
        self._rate = rate
        self._burst = burst
        self._requests = TokenBucket(rate, burst, time.monotonic())
        self._patience: TokenBucket | None = None  # most users need none
        self.is_exhausted = False
        """Whether so many requests were refused that the socket is to be closed."""

    def take(self, cost: float = 1) -> int:
        """Count what costs as much as so many requests; gives 0, or the milliseconds to wait."""
        if not self._rate:
            return 0
        now = time.monotonic()
        wait = self._requests.draw(now, cost if cost < self._burst else self._burst)
        if wait:
            if self._patience is None:
                self._patience = TokenBucket(self._rate, self._burst, now)
            self.is_exhausted = self._patience.take(now) > 0
        elif self._spent is not None:
            self._spent(cost)
        return wait

    def count(self, cost: float) -> None:
        """Count what has passed elsewhere."""
        if self._rate:
            self._requests.take(time.monotonic(), cost)

    @property
    def is_idle(self) -> bool:
        """Whether it is as good as new: everything that was taken has come back."""
        return not self._rate or not self._requests.wait_ms(time.monotonic(), self._burst)


class RateLimits:
    """The limiter of each user, also of one who has just gone: coming back fills no bucket."""

    def __init__(
        self, rate: float, burst: int, spent: Callable[[int, float], None] | None = None
    ) -> None:
        """`spent` is told which user spends what."""
        self._rate = rate
        self._burst = burst
        self._spent = spent
        self._limiters: dict[int, RateLimiter] = {}
        self._many = MANY_USERS

    def of(self, user_id: int) -> RateLimiter:
        """The limiter of a user."""
        limiter = self._limiters.get(user_id)
        if limiter is None:
            if len(self._limiters) >= self._many:
                self._forget_idle()
            spent = partial(self._spent, user_id) if self._spent is not None else None
            limiter = self._limiters[user_id] = RateLimiter(self._rate, self._burst, spent)
        return limiter

    def _forget_idle(self) -> None:
        """Let go of those that are as good as new; looked for again when they are twice as many."""
        kept = {user_id: each for user_id, each in self._limiters.items() if not each.is_idle}
        self._limiters = kept
        self._many = max(MANY_USERS, 2 * len(kept))
