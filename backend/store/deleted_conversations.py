"""Conversations that nobody is a member of any more: what was in them goes.

Rows of messages stay, blanked, so that ids, `seq` and `client_id`s keep their meaning; rows of the
log go.
"""

from typing import Any

import msgspec

from backend.store import messages
from backend.store.engine.db import FOREVER, Db
from backend.store.engine.lists import as_list, one_of
from backend.store.log import now_ms
from backend.store.replay import LISTED

# Rows to single users that are about a conversation, and the field its id stands in.
ABOUT = {
    "create_conversation": "id",
    "mark_read": "conversation_id",
    "mark_delivered": "conversation_id",
    "mark_unread": "conversation_id",
    "mute_conversation": "conversation_id",
    "archive_conversation": "conversation_id",
}
TYPES = ", ".join(f"'{type_}'" for type_ in ABOUT)
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def exists(db: Db, conversation_id: int) -> bool:
    """Whether there is, or was, such a conversation."""
    row = db.execute("SELECT 1 FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    return row is not None


def end_memberships(db: Db, conversation_id: int, left_id: int) -> None:
    """Let nobody be a member after that row of the log."""
    db.execute(
        "UPDATE members SET left_id = ?, last_id = ?"
        f" WHERE conversation_id = ? AND left_id = {FOREVER}",
        (left_id, messages.newest(db), conversation_id),
    )
    db.execute("DELETE FROM marks WHERE conversation_id = ?", (conversation_id,))


def message_ids(db: Db, conversation_id: int, below: int, limit: int) -> list[tuple[int, bool]]:
    """The next messages below that id, the newest first: (id, whether it is not yet blank)."""
    rows = db.execute(
        "SELECT id, deleted_at IS NULL FROM messages WHERE conversation_id = ? AND id < ?"
        " ORDER BY id DESC LIMIT ?",
        (conversation_id, below, limit),
    )
    return [(row[0], bool(row[1])) for row in rows]


def blank(db: Db, ids: list[int]) -> None:
    """Take away the content of messages, who is mentioned in them, and the reactions to them."""
    values = {"ids": as_list(ids), "now": now_ms()}
    these = one_of(":ids")
    db.execute(
        "UPDATE messages SET content = NULL, mentions = NULL, pinned_at = NULL,"
        " action = NULL, subjects = NULL,"
        f" deleted_at = coalesce(deleted_at, :now) WHERE id IN {these}",
        values,
    )
    db.execute(f"DELETE FROM mentions WHERE message_id IN {these}", values)
    db.execute(f"DELETE FROM reactions WHERE message_id IN {these}", values)


def drop_rows_of(db: Db, message_ids: list[int]) -> None:
    """Remove the rows of the log that carry these messages to members."""
    db.execute(
        f"DELETE FROM log WHERE message_id IN {one_of()} AND audience = 0", (as_list(message_ids),)
    )


def drop_shared_rows(db: Db, conversation_id: int, limit: int) -> int:
    """Remove up to `limit` other rows of the log that were for all members; gives how many."""
    gone = db.execute(
        "DELETE FROM log WHERE id IN (SELECT id FROM log"
        f" WHERE audience IN (0, 4) AND target = ? AND {LISTED} ORDER BY id LIMIT ?)",
        (conversation_id, limit),
    )
    return gone.rowcount


def next_members(db: Db, conversation_id: int, after: int, limit: int) -> list[int]:
    """The ids of users above that id who ever were members."""
    rows = db.execute(
        "SELECT DISTINCT user_id FROM members WHERE conversation_id = ? AND user_id > ?"
        " ORDER BY user_id LIMIT ?",
        (conversation_id, after, limit),
    )
    return [row[0] for row in rows]


def drop_own_rows(db: Db, conversation_id: int, user_id: int) -> None:
    """Remove the rows of the log about it that were for one user alone."""
    rows = db.execute(
        f"SELECT id, type, body FROM log WHERE audience = 1 AND target = ? AND {LISTED}"
        f" AND type IN ({TYPES})",
        (user_id,),
    )
    gone = [id_ for id_, type_, body in rows if _about(type_, body) == conversation_id]
    db.execute(f"DELETE FROM log WHERE id IN {one_of()}", (as_list(gone),))


def _about(type_: str, body: bytes) -> int:
    """The id of the conversation that a row of one of the types is about."""
    return int(_decode(body)[ABOUT[type_]])
