"""What the gateway's tests may use."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.store.engine.connection import open_database
from backend.store.engine.db import OpenDb
from tests.support.engine import migrated_file


@pytest.fixture
def db(tmp_path: Path) -> Iterator[OpenDb]:
    """A migrated database."""
    path = str(tmp_path / "chat.db")
    migrated_file(path)
    with contextlib.closing(open_database(path)) as db:
        yield db
