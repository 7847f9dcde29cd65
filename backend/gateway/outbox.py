"""What waits to be written to one socket, and the one place that writes.

Frames for a socket are joined and written once per loop turn. While the socket's transport is
full they wait here, bounded; what is ephemeral waits as its last value only.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Hashable
from typing import Protocol

FLUSH_SECONDS = 0.005
BETWEEN_LOOKS = 16  # outboxes, at the clock
GIVEN_UP_SECONDS = 1.0


class Peer(Protocol):
    """The far end of a transport, as its protocol knows it."""

    @property
    def writing_paused(self) -> bool:
        """Whether the transport takes no more for now."""


class Drain(Protocol):
    """Who can wait for a transport."""

    async def drain(self) -> None:
        """Return once the transport takes data again; raises ConnectionError when it is lost."""


class Flusher:
    """Writes the outboxes that have something, a few milliseconds of them per loop turn."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._dirty: deque[Outbox] = deque()

    def add(self, outbox: "Outbox") -> None:
        """Let an outbox be written soon."""
        if not self._dirty:
            self._loop.call_soon(self._flush)
        self._dirty.append(outbox)

    def _flush(self) -> None:
        dirty, now = self._dirty, self._loop.time
        deadline = now() + FLUSH_SECONDS
        try:
            while dirty:
                for _ in range(min(len(dirty), BETWEEN_LOOKS)):
                    dirty.popleft().flush()
                if now() > deadline:
                    break
        finally:  # whatever befalls one socket, the others go on
            if dirty:
                self._loop.call_soon(self._flush)


class Outbox:
    """The frames for one socket, in order."""

    __slots__ = (
        "_draining", "_ephemeral", "_flusher", "_limit", "_overflow", "_peer", "_pieces",
        "_scheduled", "_size", "_transport", "_writer", "tail",
    )  # fmt: skip

    def __init__(
        self,
        transport: asyncio.WriteTransport | None,
        peer: Peer,
        writer: Drain,
        flusher: Flusher,
        tail: bytes,
        limit: int,
        overflow: Callable[[], None],
    ) -> None:
        """An outbox onto a transport, None if that is lost already.

        `tail` ends every durable frame; more than `limit` bytes for a socket that does not take
        them calls `overflow`.
        """
        self._transport = transport
        self._peer = peer
        self._writer = writer
        self._flusher = flusher
        self.tail = tail
        self._limit = limit
        self._overflow = overflow
        self._pieces: list[bytes] = []
        self._size = 0  # of those that wait for the transport to take data again
        self._scheduled = False
        self._ephemeral: dict[Hashable, bytes] | None = None
        self._draining: asyncio.Task[None] | None = None

    def durable(self, head: bytes) -> None:
        """Queue a durable frame: the head shared by all, then this socket's tail."""
        self._pieces += (head, self.tail)
        if self._draining is not None:
            self._size += len(head)
            if self._size > self._limit:
                self._overflow()
        elif not self._scheduled:
            self._scheduled = True
            self._flusher.add(self)

    def replay(self, heads: list[bytes]) -> None:
        """Queue a page of durable frames as one piece; for who waits for room in between."""
        self.frame(self.tail.join((*heads, b"")))

    def frame(self, frame: bytes) -> None:
        """Queue a whole frame."""
        self._pieces.append(frame)
        if self._draining is not None:
            self._size += len(frame)
        else:
            self._schedule()

    def ephemeral(self, key: Hashable, frame: bytes) -> None:
        """Queue a frame that is replaced by a newer one of the same key until it is written."""
        if self._ephemeral is None:
            self._ephemeral = {}
        self._ephemeral.pop(key, None)
        self._ephemeral[key] = frame
        if not self._scheduled:  # in line: told to many, as who comes is to who knows them
            self._schedule()

    def fleeting(self, several: bytes) -> bool:
        """Queue ephemeral frames unless they would have to wait; gives whether it did."""
        if self._draining is not None:
            return False
        self._pieces.append(several)
        self._schedule()
        return True

    @property
    def is_full(self) -> bool:
        """Whether the socket takes no more data for now."""
        return self._draining is not None

    async def room(self) -> None:
        """Return once the socket takes data again, or is lost; at once if it takes data."""
        draining = self._draining
        while draining is not None and not draining.done():
            await asyncio.wait([draining], timeout=GIVEN_UP_SECONDS)
            # closed meanwhile: it would be so once the peer takes what is written, never
            if self._transport is not None and self._transport.is_closing():
                self._transport.abort()

    @property
    def waiting(self) -> int:
        """How many bytes wait to be taken by the socket: here, and in its transport."""
        return self._size + (self._transport.get_write_buffer_size() if self._transport else 0)

    @property
    def is_lost(self) -> bool:
        """Whether nothing will be written any more."""
        return self._transport is None or self._transport.is_closing()

    def flush(self) -> None:
        """Write what waits, unless the transport is full."""
        self._scheduled = False
        transport, pieces = self._transport, self._pieces
        if self._draining is not None or transport is None:
            return
        if self._ephemeral:
            pieces.extend(self._ephemeral.values())
            self._ephemeral = None
        if pieces:
            data = b"".join(pieces)
            pieces.clear()
            if transport.is_closing():  # uvloop raises when it has closed
                return
            transport.write(data)
            if self._peer.writing_paused:
                self._draining = asyncio.create_task(self._drain())

    def end(self, frame: bytes) -> None:
        """Write this, and then nothing more, if the socket takes data."""
        if self._draining is None and not self.is_lost and self._transport is not None:
            self._transport.write(frame)
        self.close()

    def close(self) -> None:
        """Write nothing more, and forget what waits."""
        self._transport = None
        self._pieces.clear()
        self._ephemeral = None
        self._overflow = _nobody  # else the socket and its outbox wait for the collector
        if self._draining is not None:
            self._draining.cancel()

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._flusher.add(self)

    async def _drain(self) -> None:
        try:
            await self._writer.drain()
        except ConnectionError:
            return
        self._draining = None
        self._size = 0
        self.flush()


def _nobody() -> None:
    """Who is told of what is too much for a closed outbox."""
