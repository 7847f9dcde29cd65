"""Databases for tests of the store: migrated, in a temporary folder."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from backend.store.database import Database
from backend.store.engine.connection import open_database
from backend.store.engine.db import OpenDb
from backend.store.indexer import SearchIndex
from tests.store.chat import Chat
from tests.support import engine


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Where a migrated database is."""
    return engine.migrated(tmp_path)


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


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    """A chat without messages."""
    chat = Chat(tmp_path)
    yield chat
    chat.db.close()


@pytest.fixture
async def index(chat: Chat) -> AsyncIterator[SearchIndex]:
    """The index of that chat; it follows only when told to."""
    index = await SearchIndex.open(chat.path)
    yield index
    await index.close()
