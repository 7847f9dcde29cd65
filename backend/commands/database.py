"""The database as a command uses it, also while a server runs on it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from backend.settings import Settings
from backend.store.engine.connection import open_database
from backend.store.engine.db import Db, OpenDb
from backend.store.migrations import all_migrations, applied, folder_of


class CannotDo(Exception):
    """What was asked of a command cannot be done; the text says why."""


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[OpenDb]:
    """The database that is there, with this version's schema; raises CannotDo."""
    if not settings.database_url and not Path(settings.dbpath).is_file():
        text = f"there is no database {settings.dbpath}; 'serve' or 'migrate up' makes one"
        raise CannotDo(text)
    with contextlib.closing(open_database(settings.database)) as db:
        _check_schema(db)
        yield db


@contextlib.contextmanager
def committing(settings: Settings) -> Iterator[Db]:
    """A transaction of the database, committed at the end; a running server sees what it logged."""
    with opened(settings) as db, db.transaction():
        yield db


def _check_schema(db: OpenDb) -> None:
    known, done = {each.number for each in all_migrations(folder_of(db))}, set(applied(db))
    if done - known:
        raise CannotDo(f"the database has migration {max(done):04}: a newer version used it")
    if known - done:
        raise CannotDo(f"the database lacks migration {min(known - done):04}; run 'migrate up'")
