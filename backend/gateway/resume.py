"""How a socket becomes live: at once, or from a cursor by way of what was missed."""

from functools import partial
from typing import TYPE_CHECKING

from backend.handlers import marks
from backend.handlers.resume import Opening, read_opening, read_page, read_since
from backend.protocol import frames
from backend.protocol.base import PROTOCOL_VERSION
from backend.protocol.connection import ResumeData, ResumedData
from backend.protocol.cursor import write_cursor
from backend.protocol.events import REQUESTS
from backend.store.batch import Outcome
from backend.store.log import Missed, now_ms
from backend.store.subscriptions import Subscriptions

if TYPE_CHECKING:
    from backend.gateway.connection import Connection
    from backend.gateway.gateway import Gateway

PAGE_BYTES = 128 * 1024
TYPES = tuple(REQUESTS)


async def go_live(gateway: "Gateway", connection: "Connection", position: int) -> None:
    """Bring a socket to live from where the log was when it opened; raises SessionOver.

    The client may have sent and been sent to since: nothing of that is left out.
    """
    found = await Replay(gateway, connection).catch_up(position)
    connection.identity = found.identity
    gateway.hub.join(connection, found)


async def resume(gateway: "Gateway", connection: "Connection", cursor: str) -> None:
    """Bring a socket from its cursor to live; raises SessionOver."""
    identity, me = connection.identity, connection.viewer
    limit = gateway.settings.resume_max_events
    opening = await gateway.database.read(
        lambda db: read_opening(db, identity, me, cursor, limit, PAGE_BYTES)
    )
    online = gateway.presence.online_contacts(opening.subscriptions)
    connection.outbox.frame(_resume_frame(gateway, opening, online))
    replay = Replay(gateway, connection)
    await replay.send(opening.page, opening.missed)
    found = opening.subscriptions
    if found.position < gateway.hub.position:
        found = await replay.catch_up(found.position)
    connection.identity = found.identity
    gateway.hub.join(connection, found)
    gateway.presence.correct(connection, online, found)
    data = frames.encode(ResumedData(events=replay.events))
    connection.outbox.frame(frames.plain("resumed", data))
    if opening.undelivered:
        gateway.database.writer.submit(
            lambda db: Outcome(marks.deliver_all(db, me, opening.undelivered)),
            lambda settled: None,
        )


def _resume_frame(gateway: "Gateway", opening: Opening, online: tuple[str, ...]) -> bytes:
    found = opening.subscriptions
    # from here on for `start` and `reset`: what comes after is sent like any missed row
    position = opening.position
    data = ResumeData(
        status=opening.status,
        reason=opening.reason,
        cursor=write_cursor(gateway.hub.epoch, position, found.identity.user_id),
        at=position,
        server_time_ms=now_ms(),
        session_expires_at=found.identity.expires_at,
        protocol=PROTOCOL_VERSION,
        types=TYPES,
        limits=gateway.codec.limits,
        self=opening.self_user,
        online=online,
    )
    return frames.plain("resume", frames.encode(data))


class Replay:
    """Sends missed rows to a socket that is not live yet, paced by its outbox."""

    def __init__(self, gateway: "Gateway", connection: "Connection") -> None:
        self.events = 0
        self._gateway = gateway
        self._connection = connection

    async def send(self, page: list[Missed], ids: list[int]) -> None:
        """Send a page, then the rest of `ids` page by page; raises ConnectionError when lost."""
        while page:
            for row in page:
                ending = frames.ending(row.body, self._gateway.hub.epoch, row.id)
                self._connection.outbox.durable(row.id, frames.durable(row.type, ending))
            self.events += len(page)
            await self._connection.outbox.room()
            if self._connection.outbox.is_lost:
                raise ConnectionResetError
            ids = [each for each in ids if each > page[-1].id]
            page = await self._page(ids) if ids else []

    async def catch_up(self, position: int) -> Subscriptions:
        """Send what has come since, until the hub is not ahead; gives the roster as it is then."""
        identity = self._connection.identity
        while True:
            newer = await self._gateway.database.read(
                partial(read_since, identity, position, PAGE_BYTES)
            )
            await self.send(newer.page, newer.missed)
            position = newer.subscriptions.position
            if position >= self._gateway.hub.position:
                return newer.subscriptions

    async def _page(self, ids: list[int]) -> list[Missed]:
        identity = self._connection.identity
        return await self._gateway.database.read(partial(read_page, identity, ids, PAGE_BYTES))
