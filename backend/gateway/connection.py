"""One socket: frames in, bytes out through its outbox, and its end."""

import asyncio
import contextlib
from collections.abc import Callable

from aiohttp import WSMsgType, web

from backend.gateway.dispatch import Dispatch
from backend.gateway.hub import Hub
from backend.gateway.outbox import Outbox
from backend.gateway.rate_limit import RateLimiter
from backend.gateway.registry import OnlineUser
from backend.gateway.replies import Replies
from backend.gateway.sequencer import Sequencer
from backend.protocol import frames
from backend.protocol.close_codes import CloseCode
from backend.store.log import now_ms
from backend.store.sessions import Identity
from backend.store.subscriptions import Subscriptions
from backend.views.viewer import Viewer

CLOSE_SECONDS = 2.0
QUIET_SECONDS = 0.1
QUIET_ROUNDS = 5

# an outbox, given what is called when it holds too much
NewOutbox = Callable[[Callable[[], None]], Outbox]


class Connection:
    """A WebSocket of a user's session; live once it has joined the hub."""

    __slots__ = (
        "_closing", "_dispatch", "_hub", "_is_over", "_over", "_ws", "closed_with", "handled",
        "identity", "opened_at", "outbox", "rate_limiter", "replies", "sequencer", "user", "viewer",
    )  # fmt: skip

    def __init__(
        self,
        ws: "web.WebSocketResponse[bool]",
        new_outbox: NewOutbox,
        identity: Identity,
        viewer: Viewer,
        rate_limiter: RateLimiter,
        dispatch: Dispatch,
        hub: Hub,
    ) -> None:
        self._ws = ws
        self._dispatch = dispatch
        self._hub = hub
        self.handled = 0
        """How many frames have come."""
        self.closed_with: CloseCode | None = None
        """What it was closed with; None while it is open, and if its client or network ended it."""
        self._closing: asyncio.Task[None] | None = None
        self._is_over = False  # nothing more will arrive
        self._over: asyncio.Future[None] | None = None  # made for who waits for that
        self.identity = identity
        self.opened_at = now_ms()
        """When, in Unix milliseconds."""
        self.viewer = viewer
        self.rate_limiter = rate_limiter
        self.user: OnlineUser | None = None
        self.sequencer = Sequencer()
        self.outbox = new_outbox(self._too_slow)
        self.replies = Replies(self.outbox, self.sequencer, hub.epoch)

    @property
    def user_id(self) -> int:
        """Whose it is."""
        return self.identity.user_id

    def join(self, subscriptions: Subscriptions) -> None:
        """Become live, in the loop turn in which the hub is not ahead of the subscriptions."""
        self.identity = subscriptions.identity
        self.sequencer.skip(subscriptions.position)
        self.user = self._hub.join(self, subscriptions)

    def renew(self, expires_at: int) -> None:
        """Let its session end at another time, in Unix seconds."""
        self.identity = self.identity._replace(expires_at=expires_at)

    def go_on(self, epoch: str) -> bool:
        """Let its cursors be of another epoch; False when some are on their way already."""
        self.outbox.tail = frames.tail_for(epoch, self.user_id)
        self.replies.epoch = epoch
        return not self.sequencer.is_holding

    async def serve(self) -> None:
        """Carry out what arrives until the socket closes."""
        while True:
            message = await self._ws.receive()
            if message.type is not WSMsgType.TEXT:
                if message.type is WSMsgType.BINARY:
                    self.close(CloseCode.BAD_FRAME, "expected a text frame, got a binary one")
                break
            self.handled += 1
            if self._closing is None:
                waiting = self._dispatch.handle(self, message.data)
                if waiting is not None:
                    await waiting
            if self.outbox.is_full:
                await self.outbox.room()
        self._is_over = True
        if self._over is not None and not self._over.done():
            self._over.set_result(None)
        if self._closing is not None:
            await self._closing

    def close(self, code: CloseCode, reason: str) -> None:
        """Begin to close the socket; what its outbox holds is written first, if there is room."""
        if self._closing is None:
            self.closed_with = code
            self.outbox.flush()
            self._hub.leave(self)
            self._closing = asyncio.create_task(self._close(code, reason))

    def flooded(self) -> None:
        """Begin to close it, as more is sent than may be."""
        self.close(CloseCode.TOO_FAST, "too much is sent")

    async def drain(self, reconnect_after_ms: int) -> None:
        """Tell the client to come back, finish what was received, close."""
        data = frames.encode({"reconnect_after_ms": reconnect_after_ms})
        self.outbox.frame(frames.plain("server_draining", data))
        for _ in range(QUIET_ROUNDS):  # a client that talks on is not waited for
            handled = self.handled
            await self.replies.turn()
            await asyncio.sleep(QUIET_SECONDS)
            if handled == self.handled:
                break
        await self.replies.turn()
        self.close(CloseCode.DRAINING, "draining")
        if self._closing is not None:
            await self._closing

    def _too_slow(self) -> None:
        # not at once: the hub is going through its sockets, and this one is to leave them
        loop = asyncio.get_running_loop()
        loop.call_soon(self.close, CloseCode.TOO_SLOW, "reads too slowly; resume")

    async def _close(self, code: CloseCode, reason: str) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.outbox.room()
        # aiohttp would end the connection with what the client has sent still unread, and then the
        # code may be lost on the way: so the client has a moment to answer with its own close frame
        self.outbox.end(frames.closing(code, reason))
        if not self._is_over:
            self._over = asyncio.get_running_loop().create_future()
            await asyncio.wait([self._over], timeout=CLOSE_SECONDS)
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._ws.close(code=code, drain=False)
