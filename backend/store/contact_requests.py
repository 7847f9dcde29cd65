"""Requests to be a contact that wait for an answer; who is blocked asks unseen."""

from backend.store.engine.db import Db
from backend.store.log import now_ms
from backend.store.users import COLUMNS, UserRow


def add(db: Db, from_id: int, to_id: int) -> None:
    """Note that somebody asks."""
    db.execute(
        "INSERT INTO contact_requests (from_id, to_id, created_at) VALUES (?, ?, ?)",
        (from_id, to_id, now_ms()),
    )


def remove(db: Db, from_id: int, to_id: int) -> None:
    """Let a request be no more, if there was one."""
    db.execute("DELETE FROM contact_requests WHERE from_id = ? AND to_id = ?", (from_id, to_id))


def is_open(db: Db, from_id: int, to_id: int) -> bool:
    """Whether somebody has asked and waits."""
    row = db.execute(
        "SELECT 1 FROM contact_requests WHERE from_id = ? AND to_id = ?", (from_id, to_id)
    ).fetchone()
    return row is not None


def count_sent(db: Db, user_id: int) -> int:
    """How many answers a user waits for."""
    row = db.execute(
        "SELECT count(*) FROM contact_requests WHERE from_id = ?", (user_id,)
    ).fetchone()
    return int(row[0])


def sent(db: Db, user_id: int) -> list[UserRow]:
    """Whom a user has asked."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM contact_requests r JOIN users u ON u.id = r.to_id"
        " WHERE r.from_id = ?",
        (user_id,),
    )
    return [UserRow._make(row) for row in rows]


def received(db: Db, user_id: int) -> list[UserRow]:
    """Who has asked a user, the oldest request first; but those the user has blocked."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM contact_requests r JOIN users u ON u.id = r.from_id"
        " WHERE r.to_id = ? AND NOT EXISTS"
        " (SELECT 1 FROM blocks b WHERE b.user_id = r.to_id AND b.blocked_id = r.from_id)"
        " ORDER BY r.created_at, r.from_id",
        (user_id,),
    )
    return [UserRow._make(row) for row in rows]
