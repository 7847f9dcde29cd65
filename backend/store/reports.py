"""Reports: messages that people have told the operator of, until the operator closes them."""

from typing import NamedTuple

from backend.store.engine.db import Db
from backend.store.log import now_ms


class Report(NamedTuple):
    """A report as the operator sees it; times in milliseconds.

    `content` is None once the message is deleted, and for one that is only files.
    """

    message_id: int
    conversation_id: int
    author: str
    reporter: str
    reason: str
    content: str | None
    created_at: int
    closed_at: int | None


def open_of(db: Db, user_id: int) -> set[int]:
    """The messages of a user's reports that are not closed; their number is limited."""
    rows = db.execute(
        "SELECT message_id FROM reports WHERE reporter_id = ? AND closed_at IS NULL", (user_id,)
    )
    return {row[0] for row in rows}


def note(db: Db, message_id: int, user_id: int, reason: str) -> None:
    """Note a report, or give one of the same message by the same user anew."""
    db.execute(
        "INSERT INTO reports (message_id, reporter_id, reason, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (message_id, reporter_id) DO UPDATE SET reason = excluded.reason,"
        " created_at = excluded.created_at, closed_at = NULL",
        (message_id, user_id, reason, now_ms()),
    )


def listed(db: Db, *, with_closed: bool) -> list[Report]:
    """Reports, the oldest first; those that are closed only when asked for."""
    rows = db.execute(
        "SELECT r.message_id, m.conversation_id, a.username, u.username, r.reason,"
        " CASE WHEN m.deleted_at IS NULL THEN m.content END, r.created_at, r.closed_at"
        " FROM reports r JOIN messages m ON m.id = r.message_id"
        " JOIN users a ON a.id = m.sender_id JOIN users u ON u.id = r.reporter_id"
        " WHERE r.closed_at IS NULL OR :closed ORDER BY r.created_at, r.message_id, r.reporter_id",
        {"closed": with_closed},
    )
    return list(map(Report._make, rows))


def close(db: Db, message_id: int) -> int:
    """Close all open reports of a message; gives how many."""
    closed = db.execute(
        "UPDATE reports SET closed_at = ? WHERE message_id = ? AND closed_at IS NULL",
        (now_ms(), message_id),
    )
    return closed.rowcount
