"""`python -m backend migrate`: the schema up, down, its status, and the next step's files."""

import contextlib
from collections.abc import Iterator

from backend.commands.progress import progress
from backend.settings import Settings
from backend.store.engine import ownership
from backend.store.engine.connection import open_database
from backend.store.engine.db import OpenDb
from backend.store.migrations import (
    Migration,
    all_migrations,
    applied,
    folder_of,
    migrate_down,
    migrate_up,
    new_migration,
)


@contextlib.contextmanager
def owned(settings: Settings) -> Iterator[OpenDb]:
    """The database, while no server runs on it."""
    with (
        contextlib.closing(ownership.take(settings.database)),
        contextlib.closing(open_database(settings.database)) as db,
    ):
        yield db


def bring_up(db: OpenDb) -> Iterator[Migration]:
    """Apply every migration that is missing; gives each once it is committed."""
    with progress("migrations", len(all_migrations(folder_of(db))) - len(applied(db))) as steps:
        for migration in migrate_up(db):
            steps.advance()
            yield migration


def up(settings: Settings) -> int:
    """Apply every migration that is missing."""
    with owned(settings) as db:
        for migration in bring_up(db):
            print(f"up   {migration.number:04} {migration.name}")
    return 0


def down(settings: Settings, steps: int) -> int:
    """Take back the newest migrations."""
    with owned(settings) as db, progress("migrations", min(steps, len(applied(db)))) as told:
        for migration in migrate_down(db, steps):
            told.advance()
            print(f"down {migration.number:04} {migration.name}")
    return 0


def status(settings: Settings) -> int:
    """Say which migrations the database has had."""
    with contextlib.closing(open_database(settings.database)) as db:
        done, known = applied(db), all_migrations(folder_of(db))
    for migration in known:
        state = "applied" if migration.number in done else "missing"
        print(f"{state}  {migration.number:04} {migration.name}")
    return 0


def new(name: str) -> int:
    """Lay down the next pair of files."""
    for path in new_migration(name):
        print(path)
    return 0
