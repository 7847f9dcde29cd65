"""Who is silent is pinged, and given up if that brings no sign of life.

All sockets are looked at in turns, a share of them at a time. aiohttp's own heartbeat sets a timer
anew for whatever arrives: a fifteenth of the bytecodes that a message took of the event loop.
"""

import asyncio

from backend.gateway.inbound import InboundBudget

PING = b"\x89\x00"  # a whole frame (RFC 6455, section 5.5.2)
SHARES = 25  # so that thousands are not pinged in one turn of the event loop
PINGED, GIVEN_UP = 2, 3  # looks in a row that found nothing new


class Heartbeat:
    """Looks at every socket twice in `seconds`.

    Nothing heard for that long, or half of it, means a ping; nothing in half of it more the end.
    """

    def __init__(self, seconds: float) -> None:
        self.every = seconds / 2 / SHARES
        """Seconds from one `look` to the next."""
        self._shares: list[dict[InboundBudget, asyncio.Transport]] = [{} for _ in range(SHARES)]
        self._next = 0

    def enter(self, inbound: InboundBudget, transport: asyncio.Transport) -> None:
        """Look at a socket from now on, whose `inbound` says whether anything arrives."""
        self._share(inbound)[inbound] = transport

    def leave(self, inbound: InboundBudget) -> None:
        """Look at a socket no more."""
        self._share(inbound).pop(inbound, None)

    async def look(self) -> None:
        """Look at the next share."""
        share, self._next = self._shares[self._next], (self._next + 1) % SHARES
        for inbound, transport in share.items():
            inbound.silent += 1
            if inbound.silent == PINGED and not transport.is_closing():
                transport.write(PING)
            elif inbound.silent >= GIVEN_UP:
                transport.abort()

    def _share(self, inbound: InboundBudget) -> dict[InboundBudget, asyncio.Transport]:
        return self._shares[hash(inbound) % SHARES]
