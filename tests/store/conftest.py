"""Databases for tests of the store: migrated, in a temporary folder."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from backend.store.database import Database
from backend.store.engine.connection import open_database
from backend.store.engine.db import OpenDb
from backend.store.migrations import migrate_up


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Where a migrated database is."""
    found = str(tmp_path / "data" / "chat.db")
    with contextlib.closing(open_database(found)) as db:
        list(migrate_up(db))
    return found


@pytest.fixture
def db(path: str) -> Iterator[OpenDb]:
    """A connection to it."""
    with contextlib.closing(open_database(path)) as connection:
        yield connection


@pytest.fixture
async def database(path: str) -> AsyncIterator[Database]:
    """The database as the server has it open."""
    opened = await Database.open(path)
    yield opened
    await opened.close()
