"""One socket: frames in, requests carried out in order, frames out through its outbox."""

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web
from aiohttp.abc import AbstractStreamWriter

from backend.gateway.outbox import Outbox
from backend.gateway.pending_write import PendingWrite
from backend.handlers.base import Answer, Instant, Read, Write
from backend.internal_errors import as_refused
from backend.protocol import frames
from backend.protocol.base import Request, type_of
from backend.protocol.close_codes import CloseCode
from backend.protocol.errors import BadFrame, Code, Refused
from backend.store import log
from backend.store.sessions import Identity
from backend.views.viewer import Viewer

if TYPE_CHECKING:
    from backend.gateway.gateway import Gateway
    from backend.gateway.presence import OnlineUser

MAX_PENDING = 512  # writes of one socket under way at once; more wait to be read
CLOSE_SECONDS = 2.0
QUIET_SECONDS = 0.1
QUIET_ROUNDS = 5


class Connection:
    """A live WebSocket of a user's session."""

    __slots__ = (
        "_closing", "_gateway", "_pending", "_settled", "_ws", "handled",
        "identity", "outbox", "seen", "user", "viewer",
    )  # fmt: skip

    def __init__(
        self,
        gateway: "Gateway",
        request: web.BaseRequest,
        ws: "web.WebSocketResponse[bool]",
        writer: AbstractStreamWriter,
        identity: Identity,
    ) -> None:
        self._gateway = gateway
        self._ws = ws
        self.identity = identity
        self.seen = 0
        self.handled = 0
        self.user: OnlineUser | None = None
        self.viewer = Viewer(
            identity.user_id, identity.username, identity.session_id, gateway.presence,
            gateway.codec.limits,
        )  # fmt: skip
        tail = frames.tail_for(gateway.hub.epoch, identity.user_id)
        self.outbox = Outbox(
            request, writer, gateway.flusher, tail, gateway.settings.outbox_limit, self._too_slow
        )
        self._pending = 0
        self._settled: asyncio.Future[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Carry out what arrives until the socket closes."""
        while True:
            message = await self._ws.receive()
            if message.type is not WSMsgType.TEXT:
                if message.type is WSMsgType.BINARY:
                    self.close(CloseCode.BAD_FRAME, "expected a text frame, got a binary one")
                break
            self.handled += 1
            waiting = self._handle(message.data)
            if waiting is not None:
                await waiting
            if self.outbox.is_full:
                await self.outbox.room()
        if self._closing is not None:
            await self._closing

    def settle(self) -> None:
        """One write less to wait for."""
        self._pending -= 1
        if self._settled is not None and (not self._pending or self._pending < MAX_PENDING // 2):
            if not self._settled.done():
                self._settled.set_result(None)
            self._settled = None

    def close(self, code: CloseCode, reason: str) -> None:
        """Begin to close the socket; what its outbox holds is written first, if there is room."""
        if self._closing is None:
            self.outbox.flush()
            self._gateway.hub.leave(self)
            self._closing = asyncio.create_task(self._close(code, reason))

    async def drain(self, reconnect_after_ms: int) -> None:
        """Tell the client to come back, finish what was received, close."""
        data = frames.encode({"reconnect_after_ms": reconnect_after_ms})
        self.outbox.frame(frames.plain("server_draining", data))
        for _ in range(QUIET_ROUNDS):  # a client that talks on is not waited for
            handled = self.handled
            await self._settle_all()
            await asyncio.sleep(QUIET_SECONDS)
            if handled == self.handled:
                break
        await self._settle_all()
        self.close(CloseCode.DRAINING, "draining")
        if self._closing is not None:
            await self._closing

    def _handle(self, frame: bytes) -> Awaitable[None] | None:
        """Carry out a frame; gives what is to be awaited before the next one, if anything."""
        if self._closing is not None:
            return None
        try:
            request = self._gateway.codec.decode(frame)
        except BadFrame as bad:
            return self._refuse_in_turn(bad.type, bad.ref, self._too_fast() or bad)
        type_ = type_of(type(request))
        too_fast = self._too_fast()
        if too_fast is not None:
            return self._refuse_in_turn(type_, request.ref, too_fast)
        handler = self._gateway.handlers[type(request)]
        if isinstance(handler, Write):
            return self._write(type_, request, handler)
        return self._look_up(type_, request, handler)

    def _write(self, type_: str, request: Request, handler: Write) -> Awaitable[None] | None:
        pending = PendingWrite(self, type_, request, handler)
        self._gateway.database.writer.submit(pending.work, pending)
        self._pending += 1
        return self._wait_settled() if self._pending >= MAX_PENDING else None

    async def _refuse_in_turn(self, type_: str, ref: str | int | None, refused: Refused) -> None:
        await self._settle_all()
        self._refuse(type_, ref, refused)

    async def _look_up(self, type_: str, request: Request, handler: Read | Instant) -> None:
        await self._settle_all()
        try:
            if isinstance(handler, Instant):
                self._answer(type_, request.ref, handler.run(self.viewer, request))
            else:
                await self._read(type_, request, handler)
        except Exception as error:
            self._refuse(type_, request.ref, as_refused(error, type_))

    def _answer(self, type_: str, ref: str | int | None, answer: Answer) -> None:
        body = frames.encode(answer.data)
        middle = frames.beside(ref, answer.extras)
        if answer.with_cursor:
            hub = self._gateway.hub
            at = max(hub.position, self.seen)
            self.outbox.durable(
                at, frames.durable(type_, frames.ending(body, hub.epoch, at), middle)
            )
        else:
            self.outbox.frame(frames.plain(type_, body, middle))

    async def _read(self, type_: str, request: Request, handler: Read) -> None:
        """Read in a snapshot, and put the reply where it belongs among the pushes."""
        run, viewer = handler.run, self.viewer
        self.outbox.hold()
        at, frame = 0, None
        try:
            answer, at = await self._gateway.database.read(
                lambda db: (run(db, viewer, request), log.head(db))
            )
            middle = frames.beside(request.ref, answer.extras)
            frame = frames.plain(type_, frames.encode(answer.data), middle, at)
            await self._gateway.hub.reached(at)
        finally:
            self.outbox.release(at, frame)
        if answer.ephemeral is not None:
            self._gateway.ephemeral(self.viewer.id, answer.ephemeral)

    def _too_fast(self) -> Refused | None:
        assert self.user is not None
        wait = self.user.rate_limiter.take()
        if not wait:
            return None
        if self.user.rate_limiter.is_exhausted:
            self.close(CloseCode.TOO_FAST, "too fast, again and again")
        text = f"too many requests, try again in {wait} ms"
        return Refused(Code.RATE_LIMITED, text, retry_after_ms=wait)

    def _refuse(self, type_: str, ref: str | int | None, refused: Refused) -> None:
        self.outbox.frame(frames.error(type_, ref, refused))

    async def _settle_all(self) -> None:
        while self._pending:
            await self._wait_settled()

    async def _wait_settled(self) -> None:
        if self._settled is None:
            self._settled = asyncio.get_running_loop().create_future()
        await asyncio.wait([self._settled])

    def _too_slow(self) -> None:
        # not at once: the hub is going through its sockets, and this one is to leave them
        loop = asyncio.get_running_loop()
        loop.call_soon(self.close, CloseCode.TOO_SLOW, "reads too slowly; resume")

    async def _close(self, code: CloseCode, reason: str) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.outbox.room()
        self.outbox.close()
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._ws.close(code=code, message=reason.encode()[:123], drain=False)
