"""PostgreSQL for the benchmark: one of its own that syncs, and fresh copies of minted worlds."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from backend.store import dump
from backend.store.engine.connection import open_database
from backend.store.migrations import migrate_up
from tests.support.postgres import Cluster, Postgres


class Databases:
    """A PostgreSQL, started when this is made."""

    def __init__(self) -> None:
        self._cluster = Cluster(durable=True)
        self._databases = Postgres(self._cluster.admin, "parley")
        self._templates: dict[Path, str] = {}

    @contextlib.contextmanager
    def like(self, minted: Path) -> Iterator[str]:
        """The URL of a fresh database with what is in that SQLite file."""
        if minted not in self._templates:
            self._templates[minted] = self._databases.template(lambda url: _copy(minted, url))
        where = self._databases.create(self._templates[minted])
        try:
            yield where
        finally:
            self._databases.drop(where)

    def kill(self) -> None:
        """End PostgreSQL as a crash would; the templates are made anew after it."""
        self._databases.close()
        self._templates.clear()
        self._cluster.kill()

    def start(self) -> None:
        """Start it again and return once it answers."""
        self._cluster.start()
        self._databases = Postgres(self._cluster.admin, "parley")

    def close(self) -> None:
        """End it."""
        self._databases.close()
        self._cluster.close()


def _copy(minted: Path, url: str) -> None:
    with (
        contextlib.closing(open_database(str(minted))) as source,
        contextlib.closing(open_database(url)) as target,
    ):
        list(migrate_up(target))
        with source.snapshot(), target.transaction():
            dump.copy(source, target, lambda count: None)
