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

    However many one address has waiting, somebody at another waits for one turn of it at most.
    """

    def __init__(self, places: int, waiting: int, per_address: int, per_account: int) -> None:
        self._free = places
        self._room = places + waiting  # what is left of it
        self._per_address = per_address
        self._per_account = per_account
        self._inside: Counter[tuple[str, ...]] = Counter()
        self._waiting: dict[str, Lanes] = {}

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
                self._give_back()
        finally:
            self._room += 1
            self._leave(*keys)

    def _check(self, address: tuple[str, ...], lane: tuple[str, ...]) -> None:
        is_many = self._inside[address] >= self._per_address
        if is_many or self._inside[lane] >= self._per_account:
            text = "too many attempts at once, try again later"
            raise Refused(Code.RATE_LIMITED, text, retry_after_ms=RETRY_MS)
        if not self._room:
            raise Refused(Code.UNAVAILABLE, "too many passwords to check, try again later")

    def _leave(self, *keys: tuple[str, ...]) -> None:
        for key in keys:
            self._inside[key] -= 1
            if not self._inside[key]:
                del self._inside[key]

    async def _wait(self, address: str, account: str) -> None:
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(address, {}).setdefault(account, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._give_back()
            raise

    def _give_back(self) -> None:
        """Let the next one go on, if anybody waits."""
        while self._waiting:
            turn = self._next()
            if not turn.cancelled():
                turn.set_result(None)
                return
        self._free += 1

    def _next(self) -> "asyncio.Future[None]":
        """The first who waits at the account whose turn it is, at the address whose turn it is."""
        address = next(iter(self._waiting))
        lanes = self._waiting.pop(address)
        account = next(iter(lanes))
        lane = lanes.pop(account)
        turn = lane.popleft()
        if lane:
            lanes[account] = lane
        if lanes:
            self._waiting[address] = lanes
        return turn
