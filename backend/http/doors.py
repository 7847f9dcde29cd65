"""The way in: how many connections one address has open, and how long they may say nothing.

aiohttp gives a connection as long as it likes for its first request, and any number of them to
anybody. So a door stands before aiohttp's protocol: the transport calls it, and it passes on what
it is told. It also lets the gateway say how fast the bytes of a socket may come in.
"""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable
from typing import cast

from aiohttp import web

from backend.http.client_address import is_trusted, network_of, normal
from backend.http.context import Proxies
from backend.logs import Journal
from backend.token_bucket import MANY, TokenBuckets

Meter = Callable[[bytes], float]
"""Given what arrived, the seconds until it may be passed on; infinity drops it and what follows."""

# What is taken from a connection at once, into one place for all: the event loop's own choice,
# 256 KB for each, is much when a hundred upload.
ARRIVING = memoryview(bytearray(192 * 1024))

journal = Journal("parley.http")


class Doors:
    """All connections: makes a door for each, as an asyncio server's protocol factory."""

    def __init__(
        self, inner: Callable[[], asyncio.Protocol], patience: float, most: int, proxies: Proxies
    ) -> None:
        """Doors before the protocols that `inner` makes.

        A first request has to be whole within `patience` seconds. One network has at most `most`
        connections that are not live sockets, and makes twice as many at once, then a tenth a
        second; `proxies` may have any number.
        """
        self._inner = inner
        self._patience = patience
        self._most = most
        self._proxies = proxies
        self._open: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        """How many connections were cut off, by why."""
        self._paces = TokenBuckets(most / 10, 2 * most, MANY)

    def __call__(self) -> "Door":
        """A door for a connection that is about to be made."""
        return Door(self, self._inner())

    def enter(self, peer: object) -> str | None:
        """Count a connection: gives the network it counts for (empty: none), None if too many.

        `peer` is what the transport says of the other side.
        """
        address = normal(str(peer[0])) if isinstance(peer, tuple) else None
        if address is None or is_trusted(address, self._proxies):
            return ""
        place = network_of(address)
        if self._open[place] >= self._most:
            self.refused["connections_per_address"] += 1
            text = "%(place)s has %(most)d connections open; one more is refused"
            journal.warning("too_many_connections", text, place=place, most=self._most)
            return None
        now = time.monotonic()
        if self._paces.of(place, now).draw(now):
            self.refused["connection_pace"] += 1
            text = "%(place)s connects too fast; one more is refused"
            journal.warning("connects_too_fast", text, place=place)
            return None
        self._open[place] += 1
        return place

    def leave(self, place: str) -> None:
        """Count a connection no more."""
        self._open[place] -= 1
        if self._open[place] <= 0:
            del self._open[place]

    @property
    def patience(self) -> float:
        """Seconds that a first request may take to arrive."""
        return self._patience


class Door(asyncio.BufferedProtocol):
    """One connection, on its way from the transport to aiohttp's protocol."""

    __slots__ = ("_doors", "_held", "_inner", "_meter", "_place", "_timer", "_transport")

    def __init__(self, doors: Doors, inner: asyncio.Protocol) -> None:
        self._doors = doors
        self._inner: asyncio.Protocol | None = inner
        self._transport: asyncio.Transport | None = None
        self._place = ""
        self._timer: asyncio.TimerHandle | None = None
        self._meter: Meter | None = None
        self._held: list[bytes] | None = None  # of most connections nothing ever waits

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the connection in, or cut it off."""
        transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        place = self._doors.enter(transport.get_extra_info("peername"))
        if place is None:
            self._inner = None
            transport.abort()
            return
        self._place, self._transport = place, transport
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._doors.patience, transport.abort)
        if self._inner is not None:
            self._inner.connection_made(transport)

    def asked(self) -> None:
        """A whole request has come: it may take its time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def measure(self, meter: Meter) -> None:
        """Let `meter` pace what arrives from now on."""
        self._meter = meter

    def welcome(self) -> None:
        """The connection is somebody's, whose sockets are counted: its address is free of it."""
        if self._place:
            self._doors.leave(self._place)
            self._place = ""

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the transport is to put what arrives: one place for all doors."""
        return ARRIVING

    def buffer_updated(self, nbytes: int) -> None:
        """So many bytes have arrived."""
        self._take(bytes(ARRIVING[:nbytes]))

    def eof_received(self) -> bool | None:
        """Pass on that no more will arrive."""
        return self._inner.eof_received() if self._inner is not None else None

    def pause_writing(self) -> None:
        """Pass on that the transport is full."""
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that the transport takes data again."""
        if self._inner is not None:
            self._inner.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        """Pass on that the connection is over, and let go of it."""
        self.asked()
        self.welcome()
        self._held = None
        inner, self._inner, self._transport, self._meter = self._inner, None, None, None
        if inner is not None:
            inner.connection_lost(error)

    def _take(self, data: bytes) -> None:
        """Pass on what arrives, as soon as the meter allows."""
        if self._inner is None:
            return
        if self._held:  # aiohttp has begun to read again, but what came before still waits
            self._held.append(data)
            self._pause()
            return
        delay = self._meter(data) if self._meter is not None else 0
        if not delay:
            self._inner.data_received(data)
            return
        self._held = [data]
        self._pause()
        if delay != math.inf:
            asyncio.get_running_loop().call_later(delay, self._go_on)

    def _pause(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def _go_on(self) -> None:
        """Pass on what has waited, measured by now, and what came after it, which is not."""
        if self._transport is None or self._inner is None or self._held is None:
            return
        held, self._held = self._held, None
        self._inner.data_received(held[0])
        for data in held[1:]:
            self._take(data)
        if not self._held and not self._transport.is_closing():
            self._transport.resume_reading()


def door_of(request: web.Request) -> Door | None:
    """The door a request came in by; None where the server was put together without."""
    door = request.transport.get_protocol() if request.transport is not None else None
    return door if isinstance(door, Door) else None
