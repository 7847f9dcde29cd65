"""What the gateway's tests may use."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.store.engine.connection import open_database
from backend.store.engine.db import OpenDb
from backend.store.migrations import migrate_up


@pytest.fixture
def db(tmp_path: Path) -> Iterator[OpenDb]:
    """A migrated database."""
    with contextlib.closing(open_database(str(tmp_path / "chat.db"))) as db:
        list(migrate_up(db))
        yield db
