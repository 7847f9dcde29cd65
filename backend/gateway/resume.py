"""How a socket becomes live: at once, or from a cursor by way of what was missed."""

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from backend.gateway.connection import Connection
from backend.gateway.hub import Hub
from backend.gateway.presence import Presence
from backend.handlers import marks
from backend.handlers.base import Answer
from backend.handlers.resume import Opening, Since, read_opening, read_page, read_since
from backend.logs import Journal
from backend.protocol import frames
from backend.protocol.base import PROTOCOL_VERSION
from backend.protocol.connection import ResumeData, ResumedData
from backend.protocol.cursor import write_cursor
from backend.protocol.events import REQUESTS
from backend.store.batch import Outcome, Settled
from backend.store.database import Database
from backend.store.engine.db import Db
from backend.store.engine.faults import Unavailable
from backend.store.log import now_ms
from backend.store.replay import Missed
from backend.store.subscriptions import Subscriptions

T = TypeVar("T", Opening, Since)

journal = Journal("parley.gateway")
PAGE_BYTES = 128 * 1024
EPOCH_SECONDS = 0.05
TYPES = tuple(REQUESTS)


class Resume:
    """Brings sockets to live."""

    def __init__(
        self,
        database: Database,
        hub: Hub,
        presence: Presence,
        max_events: int,
        limits: dict[str, int],
    ) -> None:
        """Who has missed more than `max_events` starts anew; `limits` is what clients are told."""
        self._database = database
        self._hub = hub
        self._presence = presence
        self._max_events = max_events
        self._limits = limits
        self.statuses: Counter[str] = Counter()
        """How many sockets began with a cursor, by what they were told."""
        self.replayed = 0
        """How many events they were sent again."""

    async def go_live(self, connection: Connection, position: int) -> None:
        """Bring a socket to live from where the log was when it opened; raises SessionOver.

        The client may have sent and been sent to since: nothing of that is left out.
        """
        connection.join(await Replay(self._database, self._hub, connection).catch_up(position))

    async def resume(self, connection: Connection, cursor: str) -> None:
        """Bring a socket from its cursor to live; raises SessionOver."""
        identity, me = connection.identity, connection.viewer

        def read(db: Db) -> Opening:
            return read_opening(db, identity, me, cursor, self._max_events, PAGE_BYTES)

        opening = await read_in_epoch(self._database, self._hub, me.id, read)
        self.statuses[opening.status] += 1
        online = self._presence.online_watchers(opening.subscriptions)
        connection.outbox.frame(self._resume_frame(opening, online))
        replay = Replay(self._database, self._hub, connection)
        await replay.send(opening.page, opening.missed)
        found = opening.subscriptions
        if found.position < self._hub.position:
            found = await replay.catch_up(found.position)
        connection.join(found)
        self._presence.correct(connection, online, found)
        self.replayed += replay.events
        data = frames.encode(ResumedData(events=replay.events))
        connection.outbox.frame(frames.plain("resumed", data))
        if opening.arrived:
            self._database.writer.submit(
                lambda db: Outcome(marks.deliver_all(db, me, opening.arrived)), _delivered
            )

    def _resume_frame(self, opening: Opening, online: tuple[str, ...]) -> bytes:
        found = opening.subscriptions
        # from here on for `start` and `reset`: what comes after is sent like any missed row
        position = opening.position
        data = ResumeData(
            status=opening.status,
            reason=opening.reason,
            cursor=write_cursor(self._hub.epoch, position, found.identity.user_id),
            at=position,
            server_time_ms=now_ms(),
            session_expires_at=found.identity.expires_at,
            protocol=PROTOCOL_VERSION,
            types=TYPES,
            limits=self._limits,
            self=opening.self_user,
            online=online,
        )
        return frames.plain("resume", frames.encode(data))


async def read_in_epoch(database: Database, hub: Hub, user_id: int, read: Callable[[Db], T]) -> T:
    """What is read where cursors may name it: in the epoch the hub is in.

    After a restart of PostgreSQL another node may have begun the next one, and written in it,
    before our writer has come round.
    """
    while True:
        found = await database.read(read, user_id)
        if found.subscriptions.epoch == hub.epoch:
            return found
        await asyncio.sleep(EPOCH_SECONDS)


class Replay:
    """Sends missed rows to a socket that is not live yet, paced by its outbox."""

    def __init__(self, database: Database, hub: Hub, connection: Connection) -> None:
        self.events = 0
        self._database = database
        self._hub = hub
        self._identity = connection.identity
        self._outbox = connection.outbox

    async def send(self, page: list[Missed], ids: list[int]) -> None:
        """Send a page, then the rest of `ids` page by page; raises ConnectionError when lost."""
        while page:
            epoch = self._hub.epoch
            self._outbox.replay(
                [frames.replayed(row.type, row.body, epoch, row.id) for row in page]
            )
            self.events += len(page)
            await self._outbox.room()
            if self._outbox.is_lost:
                raise ConnectionResetError
            ids = [each for each in ids if each > page[-1].id]
            page = await self._page(ids) if ids else []

    async def catch_up(self, position: int) -> Subscriptions:
        """Send what has come since, until the hub is not ahead; gives the subscriptions of then."""
        while True:
            read = partial(read_since, self._identity, position, PAGE_BYTES)
            user_id = self._identity.user_id
            newer = await read_in_epoch(self._database, self._hub, user_id, read)
            await self.send(newer.page, newer.missed)
            position = newer.subscriptions.position
            if position >= self._hub.position:
                return newer.subscriptions

    async def _page(self, ids: list[int]) -> list[Missed]:
        work = partial(read_page, self._identity, ids, PAGE_BYTES)
        return await self._database.read_for(self._identity.user_id, work)


def _delivered(settled: Settled[Answer], told: bytes | None) -> None:
    """Log it when what has arrived could not be noted; the next resume notes it."""
    if settled.error is not None:
        text = "what has arrived could not be noted: %(reason)s"
        fault = None if isinstance(settled.error, Unavailable) else settled.error
        journal.error("arrival_not_noted", text, fault=fault, reason=settled.error)
