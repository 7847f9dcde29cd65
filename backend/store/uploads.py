"""Uploads that come in parts: what was promised, by whom, and the file that became of it."""

from collections.abc import Iterable
from typing import NamedTuple

from backend.store.engine.db import Db
from backend.store.engine.lists import as_list, one_of


class UploadRow(NamedTuple):
    """An upload; `expires_at` in Unix milliseconds, `file_id` once it is whole."""

    id: str
    owner_id: int
    name: str
    size: int
    duration_ms: int | None
    waveform: str | None
    file_id: int | None
    expires_at: int


COLUMNS = ", ".join(UploadRow._fields)


def create(db: Db, row: UploadRow) -> None:
    """Note what somebody promises to send."""
    marks = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO uploads ({COLUMNS}) VALUES ({marks})", row)


def find(db: Db, owner_id: int, upload_id: str) -> UploadRow | None:
    """An upload of this user's."""
    found = db.execute(
        f"SELECT {COLUMNS} FROM uploads WHERE id = ? AND owner_id = ?", (upload_id, owner_id)
    ).fetchone()
    return UploadRow._make(found) if found else None


def promised(db: Db, owner_id: int) -> int:
    """How many bytes a user's unfinished uploads will have."""
    row = db.execute(
        "SELECT coalesce(sum(size), 0) FROM uploads WHERE owner_id = ? AND file_id IS NULL",
        (owner_id,),
    ).fetchone()
    return int(row[0])


def prolong(db: Db, upload_id: str, expires_at: int) -> None:
    """Let an upload live until then."""
    db.execute("UPDATE uploads SET expires_at = ? WHERE id = ?", (expires_at, upload_id))


def became(db: Db, upload_id: str, file_id: int) -> None:
    """Note the file that an upload has become."""
    db.execute("UPDATE uploads SET file_id = ? WHERE id = ?", (file_id, upload_id))


def remove(db: Db, ids: Iterable[str]) -> None:
    """Forget uploads."""
    db.execute(f"DELETE FROM uploads WHERE id IN {one_of(kind=str)}", (as_list(ids),))


def end_of(db: Db, owner_id: int) -> None:
    """Let the time of a user's uploads be over."""
    db.execute("UPDATE uploads SET expires_at = 0 WHERE owner_id = ?", (owner_id,))


def expired(db: Db, before_ms: int, limit: int) -> list[str]:
    """Uploads whose time is over."""
    rows = db.execute(
        "SELECT id FROM uploads WHERE expires_at < ? ORDER BY expires_at LIMIT ?",
        (before_ms, limit),
    )
    return [row[0] for row in rows]


def present(db: Db) -> set[str]:
    """Every upload that may still be gone on with."""
    return {row[0] for row in db.execute("SELECT id FROM uploads")}
