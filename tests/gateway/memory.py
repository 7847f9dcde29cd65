"""A socket without a network: what is written to it is kept, to be looked at."""

import asyncio
from typing import Any

import msgspec

from backend.gateway.outbox import Flusher, Outbox
from backend.gateway.rate_limit import RateLimiter
from backend.gateway.registry import Registry
from backend.gateway.replies import Replies
from backend.gateway.sequencer import Sequencer
from backend.protocol import frames
from backend.protocol.close_codes import CloseCode
from backend.store.sessions import Identity
from backend.store.subscriptions import Subscriptions
from backend.views.viewer import Viewer

Frame = dict[str, Any]
EPOCH = "e1"


class Wire(asyncio.WriteTransport):
    """A transport that keeps what it is given, and can be full or closed."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.writing_paused = False
        self.closing = False
        self._writable = asyncio.Event()

    def write(self, data: Any) -> None:
        """Keep it."""
        self.written.append(bytes(data))

    def is_closing(self) -> bool:
        """Whether it is on its way out."""
        return self.closing

    async def drain(self) -> None:
        """Return once it is full no more."""
        while self.writing_paused:
            await self._writable.wait()

    def resume(self) -> None:
        """Be full no more."""
        self.writing_paused = False
        self._writable.set()


class MemorySocket:
    """A socket of a user, with everything but the network."""

    opened_at = 1

    def __init__(self, user_id: int, session_id: int = 1, limit: int = 10_000) -> None:
        self.identity = Identity(user_id, f"user{user_id}", session_id, 2_000_000_000)
        self.viewer = Viewer(
            user_id, self.identity.username, session_id, Registry(), {"MAX_PAGE": 100}
        )
        self.rate_limiter = unlimited()
        self.sequencer = Sequencer()
        self.wire = Wire()
        self.overflows = 0
        self.outbox = Outbox(
            self.wire, self.wire, self.wire, Flusher(), frames.tail_for(EPOCH, user_id), limit,
            self._overflow,
        )  # fmt: skip
        self.replies = Replies(self.outbox, self.sequencer, EPOCH)
        self.closed: CloseCode | None = None
        self.handled = 0

    def frames(self) -> list[Frame]:
        """What has been sent to it since the last time."""
        self.outbox.flush()
        data = b"".join(self.wire.written)
        self.wire.written.clear()
        return list(_frames_in(data))

    def types(self) -> list[str]:
        """The types of those."""
        return [frame["type"] for frame in self.frames()]

    def subscriptions(self, *conversations: int, watchers: tuple[int, ...] = ()) -> Subscriptions:
        """What its user is in, at the beginning of the log."""
        return Subscriptions(self.identity, 0, EPOCH, list(conversations), list(watchers), False)

    def renew(self, expires_at: int) -> None:
        """Let its session end at another time."""
        self.identity = self.identity._replace(expires_at=expires_at)

    def close(self, code: CloseCode, reason: str) -> None:
        """Keep the code."""
        self.closed = code

    async def drain(self, reconnect_after_ms: int) -> None:
        """Be sent away."""

    def _overflow(self) -> None:
        self.overflows += 1


def unlimited() -> RateLimiter:
    """Let every request pass."""
    return RateLimiter(0, 1)


def _frames_in(data: bytes) -> list[Frame]:
    """The frames that a server has written."""
    found = []
    while data:
        size, start = data[1], 2
        if size > 125:
            start = 4 if size == 126 else 10
            size = int.from_bytes(data[2:start], "big")
        found.append(msgspec.json.decode(data[start : start + size]))
        data = data[start + size :]
    return found
