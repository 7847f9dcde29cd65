"""How fast passwords may be tried and accounts registered.

Each key has a bucket: every attempt fills it by one, and it empties evenly, `attempts` in `window`
seconds. What is full has to wait for its turn. Memory is bounded: past MAX_KEYS the bucket that
was used longest ago is forgotten.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from backend.protocol.errors import Code, Refused

MAX_KEYS = 50_000

Clock = Callable[[], float]


class Bucket(NamedTuple):
    """How full a bucket was, and when."""

    level: float
    at: float


class Throttle:
    """Lets through `attempts` at once per key, and from then on `attempts` per `window` seconds."""

    def __init__(self, attempts: int, window: float, clock: Clock = time.monotonic) -> None:
        self._attempts = attempts
        self._rate = attempts / window
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def check(self, key: str) -> None:
        """Raises Refused (rate_limited, with the time to wait) when the bucket is full."""
        wait = (self._level(key) + 1 - self._attempts) / self._rate
        if wait > 0:
            text = "too many attempts, try again later"
            raise Refused(Code.RATE_LIMITED, text, retry_after_ms=math.ceil(wait * 1000))

    def count(self, key: str, amount: int = 1) -> None:
        """Fill the bucket by one, or take back what was counted (-1)."""
        level = max(0.0, self._level(key) + amount)
        self._buckets[key] = Bucket(level, self._clock())
        self._buckets.move_to_end(key)
        while len(self._buckets) > MAX_KEYS:
            self._buckets.popitem(last=False)

    def _level(self, key: str) -> float:
        bucket = self._buckets.get(key)
        if bucket is None:
            return 0.0
        return max(0.0, bucket.level - (self._clock() - bucket.at) * self._rate)


class LoginThrottle:
    """Slows failed logins per account and per address.

    An address that is known for an account (it has logged in before) has a bucket of its own
    there, so that what others do to the account does not keep its owner out.
    """

    def __init__(self, attempts: int, window: float, clock: Clock = time.monotonic) -> None:
        self._accounts = Throttle(attempts, window, clock)
        self._addresses = Throttle(attempts, window, clock)
        self._known: OrderedDict[str, None] = OrderedDict()

    def attempt(self, account: str, address: str, known: bool) -> str:
        """Count an attempt before it is made, so that many at once are no way around.

        `known` says that the database has a session of the account at that address. Gives the key
        under which it counts for `failed` and `succeeded`; raises Refused (rate_limited).
        """
        self._addresses.check(address)
        own = f"{account} {address}"
        key = own if known or own in self._known else account
        self._accounts.check(key)
        self._accounts.count(key)
        return key

    def failed(self, address: str) -> None:
        """The password was wrong: it counts for the address too."""
        self._addresses.count(address)

    def succeeded(self, key: str, account: str, address: str) -> None:
        """The password was right: it does not count, and the address is known from now on."""
        self._accounts.count(key, -1)
        self._known[f"{account} {address}"] = None
        self._known.move_to_end(f"{account} {address}")
        while len(self._known) > MAX_KEYS:
            self._known.popitem(last=False)

    def dropped(self, key: str) -> None:
        """The password was not looked at (the server is busy): it does not count."""
        self._accounts.count(key, -1)
