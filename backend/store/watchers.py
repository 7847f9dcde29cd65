"""Who is told of whose presence and profile: contacts, and the two of an open direct conversation.

Each of a pair watches the other: contacts are mutual, and so is talking with each other.
"""

from backend.store.conversations import direct_key
from backend.store.engine.db import FOREVER, Db

WATCHERS = f"""
SELECT contact_id FROM contacts WHERE user_id = :user
UNION
SELECT o.user_id FROM members m JOIN conversations c ON c.id = m.conversation_id
    AND c.kind = 'direct' AND c.closed = 0
    JOIN members o ON o.conversation_id = c.id AND o.user_id <> m.user_id
    WHERE m.user_id = :user AND m.left_id = {FOREVER}
"""
WATCHING = """
SELECT 1 FROM contacts WHERE user_id = :user AND contact_id = :other
UNION ALL
SELECT 1 FROM conversations WHERE direct_key = :key AND closed = 0
"""


def ids(db: Db, user_id: int) -> list[int]:
    """The ids of those who are told of the user, and the user of them."""
    return [row[0] for row in db.execute(WATCHERS, {"user": user_id})]


def are_watching(db: Db, user_id: int, other_id: int) -> bool:
    """Whether two users are told of each other."""
    values = {"user": user_id, "other": other_id, "key": direct_key(user_id, other_id)}
    return db.execute(WATCHING, values).fetchone() is not None
