"""How fast passwords may be tried and accounts registered.

Each key has a token bucket: every attempt takes a token, and `attempts` of them come back in
`window` seconds, evenly. Memory is bounded: past so many keys the bucket that was used longest ago
is forgotten. Keys are kept and told as digests: a name that somebody typed may be a password.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from hashlib import blake2b

from backend.peers import Peers
from backend.protocol.errors import Code, Refused
from backend.token_bucket import TokenBuckets

MAX_KEYS = 50_000

Clock = Callable[[], float]


class Throttle:
    """Lets through `attempts` at once per key, and from then on `attempts` per `window` seconds."""

    def __init__(
        self, attempts: int, window: float, clock: Clock = time.monotonic, most: int = MAX_KEYS
    ) -> None:
        self._buckets = TokenBuckets(attempts / window, attempts, most)
        self._clock = clock
        self.refused = 0
        """How many attempts were refused."""
        self._tell: Callable[[str, float], None] = lambda key, amount: None

    def share(self, peers: Peers, topic: str) -> None:
        """Count together with the other nodes, which are told of it as `topic`."""
        self._tell = partial(peers.add, topic)
        peers.hear(topic, tuple[str, float], lambda _, counted: self._take(*counted))

    def check(self, key: str) -> None:
        """Raises Refused (rate_limited, with the time to wait) when the bucket is empty."""
        now = self._clock()
        wait = self._buckets.of(_digest(key), now).wait_ms(now)
        if wait:
            self.refused += 1
            text = "too many attempts, try again later"
            raise Refused(Code.RATE_LIMITED, text, retry_after_ms=wait)

    def count(self, key: str) -> None:
        """Count an attempt, also one that `check` would refuse."""
        self._count(key, 1)

    def take_back(self, key: str) -> None:
        """Let an attempt that was counted not count."""
        self._count(key, -1)

    def _count(self, key: str, amount: float) -> None:
        digest = _digest(key)
        self._take(digest, amount)
        self._tell(digest, amount)

    def _take(self, digest: str, amount: float) -> None:
        now = self._clock()
        self._buckets.of(digest, now).take(now, amount)


def _digest(key: str) -> str:
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class LoginThrottle:
    """Slows guessing at passwords, per account and per address, and checking them at all.

    A device or an address that is known for an account (it has logged in before) has buckets of
    its own, so that neither what others do to the account nor what others do at the address keeps
    its owner out.
    """

    def __init__(
        self,
        attempts: int,
        checks: int,
        window: float,
        clock: Clock = time.monotonic,
        most: int = MAX_KEYS,
    ) -> None:
        """`attempts` wrong passwords and `checks` of any may be tried in `window` seconds."""
        self.guesses = Throttle(attempts, window, clock, most)
        self.checks = Throttle(checks, window, clock, most)
        self._known: OrderedDict[str, None] = OrderedDict()
        self._most = most

    def attempt(self, name: str, address: str, own: str | None) -> tuple[str, ...]:
        """Count an attempt before it is made, so that many at once are no way around.

        `own` names what is known for the account. Gives the keys under which it counts, for
        `take_back`; raises Refused (rate_limited).
        """
        place = f"address {address}"
        keys = (own,) if own is not None else (f"account {name}", place)
        for key in keys:
            self.guesses.check(key)
        self.checks.check(own or place)
        for key in keys:
            self.guesses.count(key)
        self.checks.count(own or place)
        return keys

    def take_back(self, keys: tuple[str, ...]) -> None:
        """The password was right, or was not looked at: it was no guess."""
        for key in keys:
            self.guesses.take_back(key)

    def remember(self, account: int, address: str) -> None:
        """This account has logged in at this address."""
        key = own_key(account, address)
        self._known[key] = None
        self._known.move_to_end(key)
        while len(self._known) > self._most:
            self._known.popitem(last=False)

    def remembers(self, account: int, address: str) -> bool:
        """Whether it has, since the server was started."""
        return own_key(account, address) in self._known


def own_key(account: int, address: str) -> str:
    """The key of an address that is known for an account."""
    return f"own {account} {address}"
