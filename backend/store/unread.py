"""What a member has not read yet: of all their conversations in one statement."""

from collections.abc import Iterable
from typing import NamedTuple

from backend.store.conversations import MOVED_ON, READ
from backend.store.engine.db import FOREVER, Db
from backend.store.engine.lists import as_list, each
from backend.store.engine.rows import Lookup


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

AS_READ = -1  # instead of an id: that which the user has read up to
ABOVE = Lookup(
    "SELECT (SELECT count(*) FROM messages d WHERE d.conversation_id = {0} AND d.id > r.id"
    " AND d.deleted_at IS NOT NULL) AS deleted,"
    " (SELECT f.id FROM messages f WHERE f.conversation_id = {0} AND f.id > r.id"
    " AND f.kind = 'text' AND f.deleted_at IS NULL ORDER BY f.id LIMIT 1) AS first_id,"
    " (SELECT count(*) FROM mentions n WHERE n.user_id = {1} AND n.conversation_id = {0}"
    " AND n.message_id > r.id) AS mentions"
    f" FROM (SELECT CASE WHEN CAST({{2}} AS BIGINT) = {AS_READ} THEN (SELECT m.read_id"
    " FROM members m WHERE m.conversation_id = {0} AND m.user_id = {1}"
    f" AND m.left_id = {FOREVER}) ELSE {{2}} END AS id) AS r",
    ("bigint", "bigint", "bigint"),
)


def of_user(db: Db, user_id: int, conversation_ids: Iterable[int]) -> dict[int, Unread]:
    """What the user has not read, by conversation."""
    rows = db.execute(UNREAD, {"ids": as_list(conversation_ids), "user": user_id})
    return {row[0]: Unread(*row[1:]) for row in rows}


def above(
    db: Db, user_id: int, conversation_id: int, read_id: int, *, as_read: bool = False
) -> Unread:
    """What of one conversation the user has not read who has read up to `read_id`.

    With `as_read` that is what is stored, so that it can be looked up before it is known.
    """
    own = (conversation_id, user_id)
    is_old = db.written(MOVED_ON, conversation_id) or (as_read and db.written(READ, *own))
    if is_old:  # what was read ahead knows nothing of that
        found = db.execute(ABOVE.one, ABOVE.bound((*own, read_id))).fetchall()
    else:
        found = db.look_up(ABOVE, *own, AS_READ if as_read else read_id)
    return Unread(*found[0])
