"""The log rows that tell how far a member has read or received.

There is one per conversation, reader and kind, replaced by each newer mark and written at most
once a second; a mark that comes sooner waits in the table for the next second, also over a crash.
"""

from typing import NamedTuple

from backend.store.engine.db import Db
from backend.store.engine.rows import Delete, Insert, Lookup, Row
from backend.store.log import now_ms

INTERVAL_MS = 1000
NOTE = Insert(
    "marks",
    {
        "conversation_id": "bigint", "user_id": "bigint", "kind": "text", "log_id": "bigint",
        "shared_log_id": "bigint", "logged_at": "bigint", "waiting": "bigint",
    },
    known_by=("conversation_id", "user_id", "kind"),
    replaces=True,
)  # fmt: skip
LAST = Lookup(
    f"SELECT {', '.join(NOTE.columns)} FROM marks"
    " WHERE conversation_id = {0} AND user_id = {1} AND kind = {2}",
    ("bigint", "bigint", "text"),
)
FORGET = Delete("log", {"id": "bigint"})


class Waiting(NamedTuple):
    """A mark that is stored but not yet in the log."""

    conversation_id: int
    user_id: int
    kind: str


def wait_if_soon(db: Db, mark: Waiting) -> bool:
    """Whether the last row is less than a second old; the mark then waits."""
    last = _last(db, mark)
    if last is None or last[-2] <= now_ms() - INTERVAL_MS:
        return False
    db.later(NOTE, (*last[:-1], 1))
    return True


def forget_rows(db: Db, mark: Waiting) -> None:
    """Remove the rows of the mark before: the reader's own, and the others' if there was one."""
    last = _last(db, mark)
    for log_id in last[3:5] if last is not None else ():
        if log_id is not None:
            db.later(FORGET, (log_id,))


def _last(db: Db, mark: Waiting) -> Row | None:
    written = db.written(NOTE, *mark)
    if written is not None:
        return written
    found = db.look_up(LAST, *mark)
    return found[0] if found else None


def note_rows(db: Db, mark: Waiting, log_id: int, shared_log_id: int | None) -> None:
    """Remember the reader's row of this mark, and that of the others if they are told."""
    db.later(NOTE, (*mark, log_id, shared_log_id, now_ms(), 0))


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
