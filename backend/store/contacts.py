"""Contact lists, which are mutual, and blocks, which are not."""

from backend.store.engine.db import FOREVER, Db
from backend.store.log import now_ms
from backend.store.users import COLUMNS, UserRow


def are_contacts(db: Db, user_id: int, other_id: int) -> bool:
    """Whether they are on each other's list."""
    row = db.execute(
        "SELECT 1 FROM contacts WHERE user_id = ? AND contact_id = ?", (user_id, other_id)
    ).fetchone()
    return row is not None


def add(db: Db, user_id: int, other_id: int) -> None:
    """Put each on the other's list."""
    now = now_ms()
    db.executemany(
        "INSERT INTO contacts (user_id, contact_id, created_at) VALUES (?, ?, ?)",
        [(user_id, other_id, now), (other_id, user_id, now)],
    )


def remove(db: Db, user_id: int, other_id: int) -> None:
    """Take each off the other's list."""
    db.executemany(
        "DELETE FROM contacts WHERE user_id = ? AND contact_id = ?",
        [(user_id, other_id), (other_id, user_id)],
    )


def count(db: Db, user_id: int) -> int:
    """How many contacts a user has."""
    row = db.execute("SELECT count(*) FROM contacts WHERE user_id = ?", (user_id,)).fetchone()
    return int(row[0])


def all_of(db: Db, user_id: int) -> list[UserRow]:
    """A user's contacts, by username."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM contacts c JOIN users u ON u.id = c.contact_id"
        " WHERE c.user_id = ? ORDER BY u.username_key",
        (user_id,),
    )
    return [UserRow._make(row) for row in rows]


def has_blocked(db: Db, user_id: int, other_id: int) -> bool:
    """Whether the user has blocked the other."""
    row = db.execute(
        "SELECT 1 FROM blocks WHERE user_id = ? AND blocked_id = ?", (user_id, other_id)
    ).fetchone()
    return row is not None


def block(db: Db, user_id: int, other_id: int) -> None:
    """Note a block."""
    db.execute(
        "INSERT INTO blocks (user_id, blocked_id, created_at) VALUES (?, ?, ?)",
        (user_id, other_id, now_ms()),
    )


def unblock(db: Db, user_id: int, other_id: int) -> None:
    """Take a block back."""
    db.execute("DELETE FROM blocks WHERE user_id = ? AND blocked_id = ?", (user_id, other_id))


def count_blocked(db: Db, user_id: int) -> int:
    """How many people a user has blocked."""
    row = db.execute("SELECT count(*) FROM blocks WHERE user_id = ?", (user_id,)).fetchone()
    return int(row[0])


def blocked(db: Db, user_id: int) -> list[str]:
    """The usernames a user has blocked, in order."""
    rows = db.execute(
        "SELECT u.username FROM blocks b JOIN users u ON u.id = b.blocked_id"
        " WHERE b.user_id = ? ORDER BY u.username_key",
        (user_id,),
    )
    return [row[0] for row in rows]


def estranged_members(db: Db, user_id: int, conversation_id: int) -> list[int]:
    """The ids of the members between whom and the user stands a block, whoever set it."""
    rows = db.execute(
        "SELECT m.user_id FROM (SELECT blocked_id AS id FROM blocks WHERE user_id = :user"
        " UNION SELECT user_id FROM blocks WHERE blocked_id = :user) AS b"
        " JOIN members m ON m.conversation_id = :conversation AND m.user_id = b.id"
        f" AND m.left_id = {FOREVER}",
        {"user": user_id, "conversation": conversation_id},
    )
    return [row[0] for row in rows]
