"""The log rows that tell how far a member has read or received.

There is one per conversation, reader and kind, replaced by each newer mark and written at most
once a second; a mark that comes sooner waits in the table for the next second, also over a crash.
"""

from typing import NamedTuple

from backend.store.engine.db import Db
from backend.store.log import now_ms

INTERVAL_MS = 1000


class Waiting(NamedTuple):
    """A mark that is stored but not yet in the log."""

    conversation_id: int
    user_id: int
    kind: str


def wait_if_soon(db: Db, mark: Waiting) -> bool:
    """Whether the last row is less than a second old; the mark then waits."""
    cursor = db.execute(
        "UPDATE marks SET waiting = 1 WHERE conversation_id = ? AND user_id = ? AND kind = ?"
        " AND logged_at > ?",
        (*mark, now_ms() - INTERVAL_MS),
    )
    return cursor.rowcount > 0


def forget_rows(db: Db, mark: Waiting) -> None:
    """Remove the rows of the mark before: the reader's own, and the others' if there was one."""
    row = db.execute(
        "SELECT log_id, shared_log_id FROM marks"
        " WHERE conversation_id = ? AND user_id = ? AND kind = ?",
        mark,
    ).fetchone()
    if row is not None:
        db.execute("DELETE FROM log WHERE id IN (?, ?)", row)


def note_rows(db: Db, mark: Waiting, log_id: int, shared_log_id: int | None) -> None:
    """Remember the reader's row of this mark, and that of the others if they are told."""
    db.execute(
        "INSERT INTO marks (conversation_id, user_id, kind, log_id, shared_log_id, logged_at,"
        " waiting) VALUES (?, ?, ?, ?, ?, ?, 0)"
        " ON CONFLICT (conversation_id, user_id, kind) DO UPDATE"
        " SET log_id = excluded.log_id, shared_log_id = excluded.shared_log_id,"
        " logged_at = excluded.logged_at, waiting = 0",
        (*mark, log_id, shared_log_id, now_ms()),
    )


def due(db: Db, limit: int) -> list[Waiting]:
    """Marks that have waited long enough, the oldest first."""
    rows = db.execute(
        "SELECT conversation_id, user_id, kind FROM marks WHERE waiting = 1 AND logged_at <= ?"
        " ORDER BY logged_at LIMIT ?",
        (now_ms() - INTERVAL_MS, limit),
    )
    return [Waiting._make(row) for row in rows]


def untold(db: Db, conversation_id: int, user_id: int) -> list[str]:
    """The kinds of marks a member has made that only they themselves were told of."""
    rows = db.execute(
        "SELECT kind FROM marks WHERE conversation_id = ? AND user_id = ?"
        " AND shared_log_id IS NULL ORDER BY kind",
        (conversation_id, user_id),
    )
    return [row[0] for row in rows]


def drop(db: Db, mark: Waiting) -> None:
    """Let a mark wait no more: its reader is gone."""
    db.execute(
        "UPDATE marks SET waiting = 0 WHERE conversation_id = ? AND user_id = ? AND kind = ?", mark
    )
