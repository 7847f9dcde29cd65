"""How much is stored of users, for the operator; reads all rows of the tables it counts in."""

from typing import NamedTuple

from backend.store import files
from backend.store.engine.db import FOREVER, Db

COUNTS = {
    "messages": "messages WHERE sender_id = ? AND deleted_at IS NULL",
    "conversations": f"members WHERE user_id = ? AND left_id = {FOREVER}",
    "client_ids": "conversation_client_ids WHERE user_id = ?",
    "contacts": "contacts WHERE user_id = ?",
    "blocked": "blocks WHERE user_id = ?",
    "reactions": "reactions WHERE user_id = ?",
    "sessions": "sessions WHERE user_id = ?",
    "uploads_under_way": "uploads WHERE owner_id = ?",
    "files": "files WHERE owner_id = ?",
}


class Holding(NamedTuple):
    """What is stored of a user; files are counted with every copy."""

    username: str
    messages: int
    files: int
    file_bytes: int


def of_user(db: Db, user_id: int) -> dict[str, int]:
    """How much of what; of the bytes of files, the same twice once."""
    counts = {
        what: int(db.execute(f"SELECT count(*) FROM {where}", (user_id,)).fetchone()[0])
        for what, where in COUNTS.items()
    }
    return counts | {"file_bytes": files.held(db, user_id)}


def largest(db: Db, most: int) -> list[Holding]:
    """Those of whom the most is stored: by the bytes of their files, then by their messages."""
    rows = db.execute(
        "SELECT u.username, coalesce(m.count, 0), coalesce(f.count, 0), coalesce(f.bytes, 0)"
        " FROM users u"
        " LEFT JOIN (SELECT sender_id, count(*) AS count FROM messages WHERE deleted_at IS NULL"
        "  GROUP BY sender_id) AS m ON m.sender_id = u.id"
        " LEFT JOIN (SELECT owner_id, count(*) AS count, sum(size) AS bytes FROM files"
        "  GROUP BY owner_id) AS f ON f.owner_id = u.id"
        " WHERE u.deleted_at IS NULL"
        " ORDER BY coalesce(f.bytes, 0) DESC, coalesce(m.count, 0) DESC, u.id LIMIT ?",
        (most,),
    )
    return [Holding(row[0], *map(int, row[1:])) for row in rows]
