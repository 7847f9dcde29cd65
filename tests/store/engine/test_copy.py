"""A copy of the whole database, made while others write."""

import contextlib
from pathlib import Path

import pytest

from backend.store.engine.sqlite import db
from backend.store.engine.sqlite.opening import open_file

pytestmark = pytest.mark.sqlite


def test_a_copy_is_from_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What others commit while it is made is not in it, and does not make it begin anew."""
    monkeypatch.setattr(db, "COPY_PAGES", 1)
    source, writer = (open_file(str(tmp_path / "a.db")) for _ in range(2))
    with contextlib.closing(source), contextlib.closing(writer):
        writer.execute("CREATE TABLE pages (text TEXT)")
        writer.executemany("INSERT INTO pages VALUES (?)", [("x" * 4000,)] * 50)
        reached: list[tuple[int, int]] = []

        def write(done: int, total: int) -> None:
            reached.append((done, total))
            writer.execute("UPDATE pages SET text = 'late'")

        source.copy_to(str(tmp_path / "b.db"), write)
    with contextlib.closing(open_file(str(tmp_path / "b.db"))) as copy:
        assert copy.execute("SELECT count(*) FROM pages WHERE text = 'late'").fetchone() == (0,)
    total = reached[-1][1]
    assert reached == [(done, total) for done in range(1, total + 1)]
