"""The write-ahead log moves into the file beside the writer, and does not grow for ever."""

import contextlib
from pathlib import Path

import pytest

from backend.store import log
from backend.store.database import Database
from backend.store.engine.connection import open_database
from backend.store.engine.db import Db
from backend.store.engine.sqlite import file
from backend.store.log import Audience
from tests.support.engine import migrated_file
from tests.support.looking import until

pytestmark = pytest.mark.sqlite
PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A migrated database."""
    path = tmp_path / "chat.db"
    migrated_file(str(path))
    return path


def logged(path: Path) -> int:
    """The bytes of the write-ahead log, those from before it began anew included."""
    return Path(f"{path}-wal").stat().st_size


def pages(db: Db) -> None:
    """Write a hundred rows that take a page each."""
    for _ in range(100):
        log.append(db, Audience.USER, 1, "said", b"x" * (PAGE - 200))


async def test_the_log_begins_anew_while_people_write(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much is written without a pause."""
    monkeypatch.setattr(file, "MANY_ROWS", 500)
    database = await Database.open(str(path))
    for _ in range(200):
        await database.write(pages)
    assert logged(path) < 200 * 100 * PAGE / 4
    await database.close()


async def test_no_commit_moves_it(path: Path) -> None:
    """What is committed waits in the log until it is moved by somebody else."""
    database = await Database.open(str(path))
    size = path.stat().st_size
    for _ in range(20):  # SQLite by itself would move a thousand pages
        await database.write(pages)
    assert path.stat().st_size == size
    with contextlib.closing(open_database(str(path))) as beside:
        beside.move_log()
    assert path.stat().st_size > size + 2000 * PAGE * 0.9
    await database.close()


async def test_a_reader_in_the_way_is_made_up_for(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a backup has its copy, what was written meanwhile is moved, and the log begins anew."""
    monkeypatch.setattr(file, "MANY_ROWS", 500)
    database = await Database.open(str(path))
    with contextlib.closing(open_database(str(path))) as reader, reader.snapshot():
        log.head(reader)
        for _ in range(50):
            await database.write(pages)
        assert logged(path) > 5000 * PAGE
    size = logged(path)
    for _ in range(10):
        await database.write(pages)
    await until(lambda: path.stat().st_size > 5000 * PAGE)
    for _ in range(50):
        await database.write(pages)
    assert logged(path) <= size + 1500 * PAGE
    await database.close()


async def test_what_is_cut_is_gone(path: Path) -> None:
    """Nothing of the log's bytes is left."""
    database = await Database.open(str(path))
    await database.write(pages)
    assert logged(path)
    await database.checkpoint()
    assert not logged(path)
    await database.close()
