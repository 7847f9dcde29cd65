"""Opening a SQLite file."""

import sqlite3
from pathlib import Path

import pytest

from backend.store.engine.sqlite.opening import open_file


def test_a_sqlite_that_is_too_old_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is made, by which it is and which is needed."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 9))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.36.9")
    text = r"^SQLite is 3\.36\.9; 3\.37 or newer is needed$"
    with pytest.raises(sqlite3.NotSupportedError, match=text):
        open_file(str(tmp_path / "chat.db"))
    assert list(tmp_path.iterdir()) == []
