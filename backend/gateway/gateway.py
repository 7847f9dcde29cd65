"""The WebSocket side as a whole: `GET /ws`, and what all its sockets share."""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from backend.gateway.connection import CLOSE_SECONDS, Connection
from backend.gateway.dispatch import Dispatch
from backend.gateway.hub import Hub
from backend.gateway.outbox import Flusher, Outbox
from backend.gateway.presence import Presence
from backend.gateway.rate_limit import RateLimiter
from backend.gateway.registry import Registry
from backend.gateway.resume import Resume
from backend.handlers.base import Table
from backend.handlers.resume import Overtaken
from backend.protocol import frames
from backend.protocol.close_codes import CloseCode
from backend.protocol.codec import Codec
from backend.protocol.errors import Code, Refused, Unauthorized
from backend.settings import Settings, limits_of
from backend.store import users
from backend.store.batch import Outcome
from backend.store.database import Database
from backend.store.engine.db import Db
from backend.store.sessions import Identity, SessionOver
from backend.views.viewer import Viewer

logger = logging.getLogger("parley.gateway")
SUBPROTOCOL = "parley.v1"
Identify = Callable[[web.Request], Awaitable[Identity]]


class Gateway:
    """Every socket of this process, and what they share."""

    def __init__(
        self, settings: Settings, database: Database, handlers: Table, epoch: str, position: int
    ) -> None:
        self._settings = settings
        self._database = database
        self._limits = limits_of(settings)
        self._flusher = Flusher()
        self._draining = False
        self.registry = Registry(partial(RateLimiter, settings.rate_limit, settings.rate_burst))
        presence = Presence(self.registry, settings.presence_grace, self._note_gone)
        self._hub = Hub(epoch, position, self.registry, presence)
        self._dispatch = Dispatch(Codec(self._limits), handlers, database, self._hub)
        self._resume = Resume(
            database, self._hub, presence, settings.resume_max_events, self._limits
        )
        database.writer.on_commit = self._hub.committed

    async def handle(self, identify: Identify, request: web.Request) -> web.StreamResponse:
        """Answer `GET /ws`: a socket that lives, or one that is told why it does not."""
        ws = web.WebSocketResponse(
            heartbeat=self._settings.heartbeat,
            max_msg_size=self._settings.max_frame_bytes + 1,
            compress=False,
            decode_text=False,
            timeout=2.0,
            protocols=(SUBPROTOCOL,),
        )
        if not ws.can_prepare(request):
            upgrade = {"Upgrade": "websocket"}
            raise web.HTTPUpgradeRequired(text="expected a WebSocket", headers=upgrade)
        transport = request.transport
        position = self._hub.position  # what is committed from here on, the client is to see
        writer = await ws.prepare(request)
        try:
            identity = await identify(request)
        except Refused as refused:
            await _turn_away(ws, _close_code(refused), refused.text)
            return ws
        connection = self._connection(request, ws, writer, identity)
        try:
            await self._live(connection, ws, request.query.get("cursor"), position)
        finally:
            self._hub.leave(connection)
            connection.outbox.close()
            _let_go(transport)
            _untie(request, ws)
        return ws

    async def drain(self) -> None:
        """Tell every client to come back, each at another moment, and close their sockets."""
        self._draining = True
        sockets = self.registry.sockets()
        spread = min(30_000, 1000 + 5 * len(sockets))
        delays = random.sample(range(100, 100 + spread), len(sockets))
        await asyncio.gather(
            *(each.drain(delay) for each, delay in zip(sockets, delays, strict=True)),
            return_exceptions=True,
        )

    def sweep(self) -> None:
        """Close the sockets whose session, or outside token, has run out."""
        now = time.time()
        for socket in self.registry.sockets():
            if socket.identity.expires_at <= now:
                if socket.identity.session_id:
                    socket.close(CloseCode.SESSION_ENDED, "the session has expired")
                else:
                    socket.close(CloseCode.UNAUTHORIZED, "invalid login-token")

    def _connection(
        self,
        request: web.Request,
        ws: "web.WebSocketResponse[bool]",
        writer: AbstractStreamWriter,
        identity: Identity,
    ) -> Connection:
        tail = frames.tail_for(self._hub.epoch, identity.user_id)
        new_outbox = partial(
            Outbox, request.transport, request.protocol, writer, self._flusher, tail,
            self._settings.outbox_limit,
        )  # fmt: skip
        viewer = Viewer(
            identity.user_id, identity.username, identity.session_id, self.registry, self._limits
        )
        return Connection(ws, new_outbox, identity, viewer, self._dispatch, self._hub)

    async def _live(
        self,
        connection: Connection,
        ws: "web.WebSocketResponse[bool]",
        cursor: str | None,
        position: int,
    ) -> None:
        try:
            if cursor is None:
                await self._resume.go_live(connection, position)
            else:
                await self._resume.resume(connection, cursor)
        except SessionOver:
            await _turn_away(ws, CloseCode.SESSION_ENDED, "the session has ended")
            return
        except Overtaken:
            await _turn_away(ws, CloseCode.UNAVAILABLE, "too slow: the log has moved on")
            return
        except ConnectionError:  # lost on the way: nobody to tell
            return
        except Exception:
            logger.exception("a socket could not be opened")
            await _turn_away(ws, CloseCode.UNAVAILABLE, "the server cannot open sockets now")
            return
        self._make_room(connection)
        if self._draining:
            await connection.drain(1000)
        await connection.serve()

    def _make_room(self, connection: Connection) -> None:
        """Close the user's oldest socket when they have too many."""
        user = connection.user
        if user is not None and len(user.sockets) > self._settings.max_sockets_per_user:
            user.sockets[0].close(CloseCode.TOO_MANY_SOCKETS, "too many sockets of this user")

    def _note_gone(self, user_id: int, when_ms: int, then: Callable[[bool], None]) -> None:
        def note(db: Db) -> Outcome[None]:
            users.touch(db, [user_id], when_ms)
            return Outcome(None)

        self._database.writer.submit(note, lambda settled, told: then(settled.error is None))


def _untie(request: web.Request, ws: "web.WebSocketResponse[bool]") -> None:
    """Break aiohttp's cycles of protocol, parser, WebSocket and error, so that all goes at once.

    Else thousands of closed sockets stay until the collector comes, which then stops everything.
    tests/gateway/test_gone.py holds that it is so.
    """
    request.protocol._data_received_cb = None
    request.protocol._payload_parser = None
    error = ws.exception()
    if error is not None:  # its traceback leads through the frames that hold the socket
        error.__traceback__ = error.__context__ = None


def _close_code(refused: Refused) -> CloseCode:
    if isinstance(refused, Unauthorized):
        return CloseCode.UNAUTHORIZED
    return CloseCode.ORIGIN if refused.code is Code.FORBIDDEN else CloseCode.UNAVAILABLE


async def _turn_away(ws: "web.WebSocketResponse[bool]", code: int, reason: str) -> None:
    """Close a socket that never was live; a page sees nothing of a refused handshake."""
    with contextlib.suppress(ConnectionError):
        await ws.close(code=code, message=reason.encode()[:123])


def _let_go(transport: asyncio.Transport | None) -> None:
    """Keep no transport, and its buffer, for a peer that takes no bytes."""
    if transport is not None and transport.get_write_buffer_size():
        asyncio.get_running_loop().call_later(CLOSE_SECONDS, transport.abort)
