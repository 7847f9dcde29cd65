"""How fast passwords may be tried and accounts registered.

Each key has a token bucket: every attempt takes a token, and `attempts` of them come back in
`window` seconds, evenly.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from backend.protocol.errors import Code, Refused
from backend.token_bucket import MANY, TokenBuckets

Clock = Callable[[], float]


class Throttle:
    """Lets through `attempts` at once per key, and from then on `attempts` per `window` seconds."""

    def __init__(self, attempts: int, window: float, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._buckets = TokenBuckets(attempts / window, attempts, MANY)

    def check(self, key: str) -> None:
        """Raises Refused (rate_limited, with the time to wait) when the bucket is empty."""
        now = self._clock()
        wait = self._buckets.of(key, now).wait_ms(now)
        if wait:
            text = "too many attempts, try again later"
            raise Refused(Code.RATE_LIMITED, text, retry_after_ms=wait)

    def count(self, key: str) -> None:
        """Count an attempt, also one that `check` would refuse."""
        now = self._clock()
        self._buckets.of(key, now).take(now)

    def take_back(self, key: str) -> None:
        """Let an attempt that was counted not count."""
        now = self._clock()
        self._buckets.of(key, now).give_back(now)


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
        self._accounts.take_back(key)
        self._known[f"{account} {address}"] = None
        self._known.move_to_end(f"{account} {address}")
        while len(self._known) > MANY:
            self._known.popitem(last=False)

    def dropped(self, key: str) -> None:
        """The password was not looked at (the server is busy): it does not count."""
        self._accounts.take_back(key)
