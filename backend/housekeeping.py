"""What the server does by itself, again and again."""

import contextlib
from collections.abc import Awaitable, Callable
from functools import partial

from backend.files.purge import purge
from backend.files.services import Files
from backend.gateway.gateway import Gateway
from backend.handlers import marks
from backend.lifecycle import anonymize
from backend.logs import Journal, Spell
from backend.periodic import Periodic
from backend.settings import Settings
from backend.store import conversations, jobs, log, sessions, users
from backend.store.database import Database
from backend.store.engine.db import Db
from backend.store.engine.faults import Unavailable
from backend.store.indexer import SearchIndex

journal = Journal("parley")
TRIM_ROWS = 2000
SEEN_SECONDS = 60.0
ERASE_SECONDS = 0.5


class Housekeeping:
    """Pings silent sockets, closes expired ones, logs waiting marks, lets old rows go."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        gateway: Gateway,
        index: SearchIndex,
        files: Files,
    ) -> None:
        self._files = files
        self._settings = settings
        self._index = index
        self._database = database
        self._gateway = gateway
        self._periodic = Periodic(Spell(_waits, _goes_on), _failed)

    def start(self) -> None:
        """Begin."""
        jobs: list[tuple[float, Callable[[], Awaitable[object]]]] = [
            (self._gateway.heartbeat.every, self._gateway.heartbeat.look),
            (1.0, self._every_second),
            (ERASE_SECONDS, self._erase),
            (SEEN_SECONDS, self._note_seen),
            (self._settings.purge_interval, self._purge),
            (self._settings.purge_interval, self._wipe),
            (self._settings.purge_interval, self._purge_files),
        ]
        for seconds, job in jobs:
            self._periodic.repeat(seconds, job)
        self._periodic.run(self._index.run())

    async def stop(self) -> None:
        """End, having noted who was online until now."""
        await self._periodic.stop()
        with contextlib.suppress(Unavailable):
            await self._note_seen()

    async def _every_second(self) -> None:
        self._gateway.sweep()
        if await self._database.read(lambda db: bool(marks.waiting(db))):
            await self._database.write(marks.write_waiting)

    async def _erase(self) -> None:
        """Take the names of accounts that are gone out of what was told, a piece at a time."""
        place = await self._database.read(anonymize.begin)
        step = partial(anonymize.step, max_name=self._settings.max_name_length)
        while place is not None:
            place = await self._database.write(partial(step, place=place))

    async def _note_seen(self) -> None:
        online = list(self._gateway.registry.users)
        if not online:
            return
        session_ids = [each.identity.session_id for each in self._gateway.registry.sockets()]

        def note(db: Db) -> None:
            users.touch(db, online, log.now_ms())
            sessions.touch(db, session_ids)

        await self._database.write(note)

    async def _purge(self) -> None:
        if not await self._claim("purge"):
            return
        older_than = log.now_ms() - int(self._settings.log_retention_days * 86_400_000)
        while await self._database.write(lambda db: log.trim(db, older_than, TRIM_ROWS)):
            pass
        now = log.now_ms()
        while await self._database.write(
            lambda db: conversations.forget_client_ids(db, now, TRIM_ROWS)
        ):
            pass
        await self._database.write(sessions.delete_expired)

    async def _wipe(self) -> None:
        await self._index.purge()
        await self._database.checkpoint()

    async def _purge_files(self) -> None:
        if await self._claim("purge_files"):
            await purge(self._files)

    async def _claim(self, job: str) -> bool:
        """Whether this process is to do what is done once every PURGE_INTERVAL.

        Claimed for half of it, or who looks just before it is due would leave it for another one.
        """
        seconds = self._settings.purge_interval / 2
        return await self._database.write(lambda db: jobs.claim(db, job, seconds))


def _waits(error: Exception) -> None:
    journal.error("housekeeping_waits", "housekeeping has to wait: %(reason)s", reason=error)


def _goes_on() -> None:
    journal.info("housekeeping_goes_on", "housekeeping goes on")


def _failed(error: Exception) -> None:
    journal.error("housekeeping_failed", "housekeeping failed", fault=error)
