"""Where the figures come from: the rooms that count, and what is asked of the database."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from backend.accounts.services import Services
from backend.files.services import Files
from backend.gateway.gateway import Gateway
from backend.http.answered import Answered
from backend.http.doors import Doors
from backend.store import files as stored_files
from backend.store import log
from backend.store.database import Database
from backend.store.engine.faults import DatabaseError, Unavailable
from backend.store.index_file import index_path
from backend.store.indexer import SearchIndex

ASKING_SECONDS = 2.0
COUNTING_SECONDS = 300.0  # between two looks at every row of the files


class Stored(NamedTuple):
    """What the database tells; None where it did not answer in time."""

    head: int | None = None
    searchable: int | None = None
    unindexed: int | None = None
    database_bytes: int | None = None
    files: int | None = None
    file_bytes: int | None = None


@dataclass
class Sources:
    """Every room that counts; `stored` is as fresh as the last `refresh`."""

    database: Database
    gateway: Gateway
    services: Services
    files: Files
    index: SearchIndex
    answered: Answered
    doors: Doors
    stored: Stored = field(default_factory=Stored)
    _counted: float = field(default=-COUNTING_SECONDS)

    async def refresh(self) -> None:
        """Ask the database; what it does not answer in time is left out."""
        self.stored = Stored(files=self.stored.files, file_bytes=self.stored.file_bytes)
        with contextlib.suppress(TimeoutError, *DatabaseError, Unavailable):
            async with asyncio.timeout(ASKING_SECONDS):
                head = await self.database.read(log.head)
                self.stored = self.stored._replace(head=head)
                filled = await self.index.filled()
                self.stored = self.stored._replace(
                    searchable=filled.position, unindexed=filled.below - 1
                )
                size = await self.database.size()
                self.stored = self.stored._replace(database_bytes=size)
                if time.monotonic() - self._counted > COUNTING_SECONDS:
                    self._counted = time.monotonic()
                    count, size = await self.database.read(stored_files.total)
                    self.stored = self.stored._replace(files=count, file_bytes=size)

    def file_sizes(self) -> dict[str, int]:
        """The bytes of what is the database's, by what it is; on PostgreSQL it is one."""
        path, whole = self.services.settings.dbpath, self.stored.database_bytes
        found = {} if whole is None else {"database": whole}
        if self.services.settings.database_url:
            return found
        paths = {"write_ahead_log": Path(f"{path}-wal"), "search": Path(index_path(path))}
        return found | {name: each.stat().st_size for name, each in paths.items()}
