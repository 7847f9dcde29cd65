"""What a member has not read yet: of all their conversations in one statement."""

from collections.abc import Iterable
from typing import NamedTuple

from backend.store.engine.db import FOREVER, Db
from backend.store.engine.lists import as_list, each


class Unread(NamedTuple):
    """Above where a member has read: how many messages are deleted, the first that is not, and how
    many of them mention the member."""

    deleted: int
    first_id: int | None
    mentions: int


UNREAD = f"""
SELECT m.conversation_id,
    (SELECT count(*) FROM messages d WHERE d.conversation_id = m.conversation_id
        AND d.id > m.read_id AND d.deleted_at IS NOT NULL),
    (SELECT f.id FROM messages f WHERE f.conversation_id = m.conversation_id
        AND f.id > m.read_id AND f.kind = 'text' AND f.deleted_at IS NULL ORDER BY f.id LIMIT 1),
    (SELECT count(*) FROM mentions n WHERE n.user_id = m.user_id
        AND n.conversation_id = m.conversation_id AND n.message_id > m.read_id)
FROM {each(":ids")} j JOIN members m ON m.conversation_id = j.value AND m.user_id = :user
    AND m.left_id = {FOREVER}
"""


def of_user(db: Db, user_id: int, conversation_ids: Iterable[int]) -> dict[int, Unread]:
    """What the user has not read, by conversation."""
    rows = db.execute(UNREAD, {"ids": as_list(conversation_ids), "user": user_id})
    return {row[0]: Unread(*row[1:]) for row in rows}
