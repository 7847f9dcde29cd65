"""Messages. Rows are blanked, never removed, so that ids, `seq` and replies keep their meaning.

`seq` counts the messages people wrote in a conversation; a system message has that of the last one
before it.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from backend.store.engine.db import Db, look_up_anew
from backend.store.engine.lists import as_list, one_of
from backend.store.engine.rows import Insert, Lookup, Update

Ranges = list[tuple[int, int]]


class MessageRow(NamedTuple):
    """A message with its sender; times in milliseconds.

    `mentions` is a JSON list of usernames or None. Of a system message there is the `action`, the
    ids of its `subjects` as a JSON list or None, and as `content` what was written, or None.
    """

    id: int
    seq: int
    conversation_id: int
    kind: str
    sender_id: int
    sender_username: str
    sender_fullname: str
    content: str | None
    mentions: str | None
    reply_id: int | None
    client_id: str | None
    sent_at: int
    edited_at: int | None
    deleted_at: int | None
    pinned_at: int | None
    action: str | None
    subjects: str | None


COUNTER = "messages"
SELECT = (
    "SELECT m.id, m.seq, m.conversation_id, m.kind, m.sender_id, u.username, u.fullname, m.content,"
    " m.mentions, m.reply_id, m.client_id, m.sent_at, m.edited_at, m.deleted_at, m.pinned_at,"
    " m.action, m.subjects"
    " FROM messages m JOIN users u ON u.id = m.sender_id"
)
INSERT = Insert(
    "messages",
    {
        "id": "bigint", "conversation_id": "bigint", "seq": "bigint", "kind": "text",
        "sender_id": "bigint", "content": "text", "mentions": "text", "reply_id": "bigint",
        "client_id": "text", "sent_at": "bigint", "action": "text", "subjects": "text",
    },
    known_by=("sender_id", "client_id"),
)  # fmt: skip
EDIT = Update(
    "messages",
    {"content": "text", "mentions": "text", "edited_at": "bigint", "id": "bigint"},
    known_by=("id",),
)
BY_ID = Lookup(f"{SELECT} WHERE m.id = {{0}}", ("bigint",))
SENT = Lookup(
    "SELECT id, conversation_id FROM messages WHERE sender_id = {0} AND client_id = {1}",
    ("bigint", "text"),
)
PLACE = Lookup(
    "SELECT seq FROM messages WHERE id = {0} AND conversation_id = {1}", ("bigint", "bigint")
)


def insert(db: Db, values: tuple[object, ...]) -> int:
    """Insert (conversation_id, seq, kind, sender_id, content, mentions, reply_id, client_id,
    sent_at, action, subjects); gives the id."""
    message_id = db.draw(COUNTER)
    db.later(INSERT, (message_id, *values))
    return message_id


def newest(db: Db) -> int:
    """The id of the newest message of all; 0 if there was none."""
    return db.newest(COUNTER)


def by_id(db: Db, message_id: int) -> MessageRow | None:
    """A message, whoever asks; not for what a user asked for."""
    # one that was written a moment ago was not there, or not so, when the batch read ahead
    found = [] if is_edited(db, message_id) else db.look_up(BY_ID, message_id)
    found = found or look_up_anew(db, BY_ID, message_id)
    return MessageRow._make(found[0]) if found else None


def by_ids(db: Db, ids: Iterable[int]) -> dict[int, MessageRow]:
    """The messages with these ids, whoever asks."""
    rows = db.execute(f"{SELECT} WHERE m.id IN {one_of()}", (as_list(ids),))
    return {row[0]: MessageRow._make(row) for row in rows}


def readable(db: Db, user_id: int, ids: Iterable[int]) -> dict[int, MessageRow]:
    """Those of the messages that the user may read as a member, present or past."""
    rows = db.execute(
        f"{SELECT} WHERE m.id IN {one_of()} AND EXISTS (SELECT 1"
        " FROM members s WHERE s.conversation_id = m.conversation_id AND s.user_id = ?"
        " AND m.id BETWEEN s.first_id AND s.last_id)",
        (as_list(ids), user_id),
    )
    return {row[0]: MessageRow._make(row) for row in rows}


def by_client_id(db: Db, sender_id: int, client_id: str) -> tuple[int, int] | None:
    """The (id, conversation) of the message this sender sent under that `client_id`."""
    written = db.written(INSERT, sender_id, client_id)
    if written is not None:
        return written[:2]
    found = db.look_up(SENT, sender_id, client_id)
    return found[0] if found else None


def edit(db: Db, row: MessageRow, content: str, mentions: str | None, edited_at: int) -> MessageRow:
    """Give a message another text; gives it as it is then."""
    db.later(EDIT, (content, mentions, edited_at, row.id))
    return row._replace(content=content, mentions=mentions, edited_at=edited_at)


def is_edited(db: Db, message_id: int) -> bool:
    """Whether that was done in this transaction, so that what was read ahead may be older."""
    return db.written(EDIT, message_id) is not None


def update(db: Db, message_id: int, values: Mapping[str, object]) -> None:
    """Set columns of a message; the names are the caller's constants."""
    assignments = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE messages SET {assignments} WHERE id = ?", (*values.values(), message_id))


def before(
    db: Db, conversation_id: int, ranges: Ranges, below: int, limit: int
) -> list[MessageRow]:
    """Up to `limit` messages under the id `below` within the ranges, newest first."""
    found: list[MessageRow] = []
    for first, last in ranges:
        if first < below and len(found) < limit:
            rows = db.execute(
                f"{SELECT} WHERE m.conversation_id = ? AND m.id BETWEEN ? AND ?"
                " ORDER BY m.id DESC LIMIT ?",
                (conversation_id, first, min(last, below - 1), limit - len(found)),
            )
            found += map(MessageRow._make, rows)
    return found


def after(db: Db, conversation_id: int, ranges: Ranges, above: int, limit: int) -> list[MessageRow]:
    """Up to `limit` messages next above the id `above` within the ranges, newest first."""
    found: list[MessageRow] = []
    for first, last in reversed(ranges):
        if last > above and len(found) < limit:
            rows = db.execute(
                f"{SELECT} WHERE m.conversation_id = ? AND m.id BETWEEN ? AND ?"
                " ORDER BY m.id LIMIT ?",
                (conversation_id, max(first, above + 1), last, limit - len(found)),
            )
            found += map(MessageRow._make, rows)
    return found[::-1]


def pinned(db: Db, conversation_id: int, ranges: Ranges, limit: int) -> list[MessageRow]:
    """The pinned messages within the ranges, newest first."""
    rows = db.execute(
        f"{SELECT} WHERE m.conversation_id = ? AND m.pinned_at IS NOT NULL"
        " ORDER BY m.id DESC LIMIT ?",
        (conversation_id, limit),
    )
    return [row for row in map(MessageRow._make, rows) if within(ranges, row.id)]


def count_pinned(db: Db, conversation_id: int) -> int:
    """How many messages of a conversation are pinned."""
    row = db.execute(
        "SELECT count(*) FROM messages WHERE conversation_id = ? AND pinned_at IS NOT NULL",
        (conversation_id,),
    ).fetchone()
    return int(row[0])


def groups_put_into(db: Db, user_id: int, since_ms: int, but: int) -> tuple[int, int]:
    """How many groups but one a user has put others into since, and when first, or then.

    The timelines tell: each time is a system message.
    """
    row = db.execute(
        "SELECT count(DISTINCT conversation_id), coalesce(min(sent_at), ?) FROM messages"
        " WHERE sender_id = ? AND sent_at > ? AND action IN ('created', 'added')"
        " AND subjects <> '[]' AND conversation_id <> ?",
        (since_ms, user_id, since_ms, but),
    ).fetchone()
    return int(row[0]), int(row[1])


def place(db: Db, conversation_id: int, message_id: int) -> int | None:
    """The seq of a message of this conversation."""
    key = (message_id, conversation_id)
    # one that was written a moment ago was not there when the batch read ahead
    found = db.look_up(PLACE, *key) or look_up_anew(db, PLACE, *key)
    return found[0][0] if found else None


def within(ranges: Ranges, message_id: int) -> bool:
    """Whether a message id is in one of the ranges."""
    return any(first <= message_id <= last for first, last in ranges)
