"""Who is next where few can be served at once: addresses take turns, and at each its accounts."""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator

from backend.protocol.errors import Code, Refused

RETRY_MS = 1000

Lanes = dict[str, deque["asyncio.Future[None]"]]


class Turns:
    """Serves `places` at a time, and lets so many wait at all, of an address, of an account there.

    However many one address has waiting, somebody at another waits for one turn of it at most: it
    never has more than half of the places, unless there is only one.
    """

    def __init__(self, places: int, waiting: int, per_address: int, per_account: int) -> None:
        self._free = places
        self._share = max(1, places // 2)
        self._served: Counter[str] = Counter()
        self._room = places + waiting  # what is left of it
        self._per_address = per_address
        self._per_account = per_account
        self._inside: Counter[tuple[str, ...]] = Counter()
        self._waiting: dict[str, Lanes] = {}
        self.refused: Counter[str] = Counter()
        """How many were sent away, by why."""

    @property
    def waiting(self) -> int:
        """How many wait for a turn."""
        return sum(len(lane) for lanes in self._waiting.values() for lane in lanes.values())

    @contextlib.asynccontextmanager
    async def take(self, address: str, account: str) -> AsyncIterator[None]:
        """Wait for a turn and have it; raises Refused (rate_limited, unavailable) at once."""
        keys = ((address,), (address, account))
        self._check(*keys)
        self._room -= 1
        self._inside.update(keys)
        try:
            await self._wait(address, account)
            try:
                yield
            finally:
                self._give_back(address)
        finally:
            self._room += 1
            self._leave(*keys)

    def _check(self, address: tuple[str, ...], lane: tuple[str, ...]) -> None:
        is_many = self._inside[address] >= self._per_address
        if is_many or self._inside[lane] >= self._per_account:
            self.refused["password_queue_of_one"] += 1
            text = "too many attempts at once, try again later"
            raise Refused(Code.RATE_LIMITED, text, retry_after_ms=RETRY_MS)
        if not self._room:
            self.refused["password_queue"] += 1
            raise Refused(Code.UNAVAILABLE, "too many passwords to check, try again later")

    def _leave(self, *keys: tuple[str, ...]) -> None:
        for key in keys:
            self._inside[key] -= 1
            if not self._inside[key]:
                del self._inside[key]

    async def _wait(self, address: str, account: str) -> None:
        if self._free and self._served[address] < self._share:
            self._begin(address)
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(address, {}).setdefault(account, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._give_back(address)
            raise

    def _begin(self, address: str) -> None:
        self._free -= 1
        self._served[address] += 1

    def _give_back(self, address: str) -> None:
        """Let go on whoever now may."""
        self._free += 1
        self._served[address] -= 1
        if not self._served[address]:
            del self._served[address]
        while self._free:
            found = next((a for a in self._waiting if self._served[a] < self._share), None)
            if found is None:
                return
            turn = self._next(found)
            if not turn.cancelled():
                self._begin(found)
                turn.set_result(None)

    def _next(self, address: str) -> "asyncio.Future[None]":
        """The first who waits at the account of this address whose turn it is."""
        lanes = self._waiting.pop(address)
        account = next(iter(lanes))
        lane = lanes.pop(account)
        turn = lane.popleft()
        if lane:
            lanes[account] = lane
        if lanes:
            self._waiting[address] = lanes
        return turn
