"""How often something may be done: the token bucket that every limit of speed is made of. Pure."""

import math
from collections import OrderedDict
from collections.abc import Iterator

MANY = 50_000  # keys that are remembered, where strangers can make them up


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

    def wait_ms(self, now: float, amount: float = 1) -> int:
        """Return 0 when there are so many tokens, or the milliseconds until there will be."""
        self._refill(now)
        lacking = amount - self._tokens
        return 0 if lacking <= 0 else math.ceil(lacking / self._rate * 1000)

    def draw(self, now: float, amount: float = 1) -> int:
        """Take so many tokens if they are there; return as `wait_ms`."""
        tokens = self._tokens + (now - self._at) * self._rate  # in line: every request comes by
        tokens = tokens if tokens < self._burst else self._burst
        self._at = now
        if amount > tokens:
            self._tokens = tokens
            return self.wait_ms(now, amount)
        self._tokens = tokens - amount
        return 0

    def take(self, now: float, amount: float = 1) -> float:
        """Take so many tokens, be they there or not; return the seconds until none is owed.

        Less than none are put back.
        """
        self._refill(now)
        self._tokens = min(self._burst, self._tokens - amount)
        return max(0.0, -self._tokens / self._rate)

    def _refill(self, now: float) -> None:
        tokens = self._tokens + (now - self._at) * self._rate
        self._tokens = tokens if tokens < self._burst else self._burst
        self._at = now


class TokenBuckets:
    """A bucket for each key; past `most` of them the one used longest ago is forgotten."""

    def __init__(self, rate: float, burst: float, most: int) -> None:
        self._rate = rate
        self._burst = burst
        self._most = most
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._buckets)

    def __iter__(self) -> Iterator[str]:
        """Return the keys that are remembered."""
        return iter(self._buckets)

    def of(self, key: str, now: float) -> TokenBucket:
        """Return the bucket of a key."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(self._rate, self._burst, now)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return bucket
