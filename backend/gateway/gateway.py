"""The WebSocket side as a whole: `GET /ws`, and what all its sockets share."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from backend.gateway.admission import Admission
from backend.gateway.connection import CLOSE_SECONDS, Connection
from backend.gateway.dispatch import Dispatch
from backend.gateway.elsewhere import TOPIC as HERE
from backend.gateway.elsewhere import Here
from backend.gateway.handshake import Socket, code_for, new_socket, turn_away, untie
from backend.gateway.heartbeat import Heartbeat
from backend.gateway.hub import Hub
from backend.gateway.inbound import InboundBudget, InboundLimits
from backend.gateway.outbox import Flusher, Outbox
from backend.gateway.presence import Presence
from backend.gateway.rate_limit import RateLimits
from backend.gateway.registry import Registry
from backend.gateway.resume import Resume
from backend.handlers.base import Table
from backend.handlers.resume import Overtaken
from backend.http.doors import door_of
from backend.logs import Journal
from backend.peers import Peers
from backend.protocol import frames
from backend.protocol.close_codes import CloseCode
from backend.protocol.codec import Codec
from backend.protocol.errors import Refused
from backend.settings import Settings, limits_of
from backend.store import users
from backend.store.batch import Outcome
from backend.store.database import Database
from backend.store.engine.db import Db
from backend.store.engine.faults import Unavailable
from backend.store.epochs import Begun
from backend.store.sessions import Identity, SessionOver
from backend.views.viewer import Viewer

journal = Journal("parley.gateway")
PACE = "pace"
CONNECT_COST = 2  # requests that opening a socket costs as much as
Identify = Callable[[web.Request], Awaitable[Identity]]


class Gateway:
    """Every socket of this process, and what they share."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        handlers: Table,
        epoch: str,
        position: int,
        peers: Peers,
    ) -> None:
        self._settings = settings
        self._database = database
        self._limits = limits_of(settings)
        self._flusher = Flusher()
        self._draining = False
        self.registry = Registry()
        self.heartbeat = Heartbeat(settings.heartbeat)
        self._inbound = InboundLimits(
            settings.rate_limit, settings.rate_burst, settings.max_frame_bytes
        )
        self.closed: Counter[CloseCode | None] = Counter()
        """How sockets ended: those we closed by code, the others (by client or network) as None."""
        rate, burst = settings.rate_limit, settings.rate_burst
        self._peers = peers
        spent = self._spent if peers.is_open else None
        self._rate_limits = RateLimits(rate, burst, spent)
        connects = RateLimits(rate / CONNECT_COST, max(1, burst // CONNECT_COST))
        elsewhere = self.registry.elsewhere
        self._admission = Admission(settings.max_sockets_per_user, connects, elsewhere)
        self.presence = Presence(self.registry, settings.presence_grace, self._note_gone, peers)
        self.hub = Hub(epoch, position, self.registry, self.presence, peers)
        peers.hear(HERE, Here, self._heard_here)
        peers.hear(PACE, tuple[int, float], self._heard_pace)
        self.dispatch = Dispatch(Codec(self._limits), handlers, database, self.hub)
        self.resumes = Resume(
            database, self.hub, self.presence, settings.resume_max_events, self._limits
        )
        self.hub.on_begun = self._go_on
        database.writer.on_commit = self.hub.committed

    async def handle(self, identify: Identify, request: web.Request) -> web.StreamResponse:
        """Answer `GET /ws`: a socket that lives, or one that is told why it does not."""
        settings = self._settings
        ws = new_socket(request, settings.max_frame_bytes)
        transport = request.transport
        position = self.hub.position  # what is committed from here on, the client is to see
        try:
            writer = await ws.prepare(request)
        except ConnectionError:  # hung up meanwhile
            return ws
        door = door_of(request)
        if door is None or transport is None:  # lost, and taken from its door, meanwhile
            return ws
        inbound = InboundBudget(self._inbound, transport.abort)
        door.measure(inbound)
        try:
            identity = await identify(request)
        except Refused as refused:
            await self._turn_away(ws, code_for(refused), refused.text)
            return ws
        if self._admission.is_too_fast(identity.user_id):
            await self._turn_away(ws, CloseCode.TOO_FAST, "too many sockets opened")
            return ws
        door.welcome()
        connection = self._connection(request, ws, writer, identity)
        inbound.offended = connection.flooded
        self._admission.enter(connection)
        self.heartbeat.enter(inbound, transport)
        try:
            if await self._goes_live(connection, ws, request.query.get("cursor"), position):
                await connection.serve()
        finally:
            self.closed[connection.closed_with] += 1
            self.heartbeat.leave(inbound)
            self._admission.leave(connection)
            self.hub.leave(connection)
            connection.outbox.close()
            _let_go(transport)
            untie(request, ws)
        return ws

    async def drain(self) -> None:
        """Tell every client to come back, each at another moment, and close their sockets."""
        self._draining = True
        callers = self._admission.all()
        spread = min(30_000, 1000 + 5 * len(callers))
        delays = random.sample(range(100, 100 + spread), len(callers))
        await asyncio.gather(
            *(each.drain(delay) for each, delay in zip(callers, delays, strict=True)),
            return_exceptions=True,
        )

    def tell_everybody(self) -> None:
        """Tell the other nodes of everybody who is here."""
        for user in self.registry.users.values():
            self.presence.changed(user)

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
        ws: Socket,
        writer: AbstractStreamWriter,
        identity: Identity,
    ) -> Connection:
        tail = frames.tail_for(self.hub.epoch, identity.user_id)
        new_outbox = partial(
            Outbox, request.transport, request.protocol, writer, self._flusher, tail,
            self._settings.outbox_limit,
        )  # fmt: skip
        viewer = Viewer(
            identity.user_id, identity.username, identity.session_id, self.registry, self._limits
        )
        limiter = self._rate_limits.of(identity.user_id)
        return Connection(ws, new_outbox, identity, viewer, limiter, self.dispatch, self.hub)

    async def _goes_live(
        self,
        connection: Connection,
        ws: Socket,
        cursor: str | None,
        position: int,
    ) -> bool:
        """Whether it is live now; one that is not has been told why."""
        try:
            async with asyncio.timeout(self._settings.replay_timeout):
                if cursor is None:
                    await self.resumes.go_live(connection, position)
                else:
                    await self.resumes.resume(connection, cursor)
        except TimeoutError:
            code, reason = CloseCode.TOO_SLOW, "takes what it missed too slowly; resume"
        except SessionOver:
            code, reason = CloseCode.SESSION_ENDED, "the session has ended"
        except Overtaken:
            code, reason = CloseCode.UNAVAILABLE, "too slow: the log has moved on"
        except ConnectionError:  # lost on the way: nobody to tell
            return False
        except Exception as error:
            text = "a socket could not be opened: %(reason)s"
            fault = None if isinstance(error, Unavailable) else error
            journal.error("socket_not_opened", text, fault=fault, reason=error)
            code, reason = CloseCode.UNAVAILABLE, "the server cannot open sockets now"
        else:
            if self._draining:
                await connection.drain(1000)
            return True
        connection.closed_with = code
        await turn_away(ws, code, reason)
        return False

    async def _turn_away(self, ws: Socket, code: CloseCode, reason: str) -> None:
        self.closed[code] += 1
        await turn_away(ws, code, reason)

    def _go_on(self, begun: Begun) -> None:
        """In another epoch; who was told what this history does not have is to begin anew."""
        self.hub.epoch, self.hub.position = begun.epoch or "", begun.position
        for caller in self._admission.all():
            if begun.lost or not caller.go_on(self.hub.epoch):
                caller.close(CloseCode.TOO_SLOW, "resume")

    def _heard_here(self, node: str, here: Here) -> None:
        self.presence.heard(node, here)
        self._admission.look(here.user_id)

    def _heard_pace(self, node: str, spent: tuple[int, float]) -> None:
        user_id, cost = spent
        self._rate_limits.of(user_id).count(cost)

    def _spent(self, user_id: int, cost: float) -> None:
        """Let the nodes where a user is as well know what they asked here."""
        if self.registry.elsewhere.find(user_id) is not None:
            self._peers.add(PACE, user_id, cost)

    def _note_gone(self, user_id: int, when_ms: int, then: Callable[[bool], None]) -> None:
        def note(db: Db) -> Outcome[None]:
            users.touch(db, [user_id], when_ms)
            return Outcome(None)

        self._database.writer.submit(note, lambda settled, told: then(settled.error is None))


def _let_go(transport: asyncio.Transport) -> None:
    """Keep no transport, and its buffer, for a peer that takes no bytes."""
    if transport.get_write_buffer_size():
        asyncio.get_running_loop().call_later(CLOSE_SECONDS, transport.abort)
