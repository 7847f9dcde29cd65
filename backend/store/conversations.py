"""Conversations, seen from one of their members."""

from collections.abc import Mapping

import msgspec

from backend.store.engine.db import FOREVER, Db
from backend.store.engine.rows import Lookup, Row, Update


class ConversationRow(msgspec.Struct, frozen=True, gc=False):
    """A conversation; times in milliseconds."""

    id: int
    kind: str
    name: str
    named: int
    topic: str
    history_shown: int
    created_at: int
    updated_at: int
    activity: int
    member_count: int
    closed: int
    last_seq: int
    last_message_id: int
    avatar: str | None


class Membership(ConversationRow, frozen=True, gc=False):
    """A conversation and one user's present membership in it."""

    user_id: int
    role: str
    joined_id: int
    read_id: int
    read_seq: int
    delivered_id: int
    muted_until: int | None
    archived: int
    marked_unread: int
    username: str
    fullname: str


class SendContext(msgspec.Struct, frozen=True, gc=False):
    """What sending needs to know of a conversation and of the member who sends."""

    closed: int
    last_seq: int
    fullname: str


CONVERSATION = ", ".join(f"c.{column}" for column in ConversationRow.__struct_fields__)
MEMBERSHIP = (
    f"{CONVERSATION}, m.user_id, m.role, m.joined_id, m.read_id, m.read_seq, m.delivered_id,"
    " m.muted_until, m.archived, m.marked_unread, u.username, u.fullname"
)
MEMBERSHIPS = (
    f"SELECT {MEMBERSHIP} FROM members m JOIN conversations c ON c.id = m.conversation_id"
    " JOIN users u ON u.id = m.user_id"
)
SEND_CONTEXT = Lookup(
    "SELECT c.closed, c.last_seq, u.fullname FROM members m"
    " JOIN conversations c ON c.id = m.conversation_id JOIN users u ON u.id = m.user_id"
    f" WHERE m.conversation_id = {{0}} AND m.user_id = {{1}} AND m.left_id = {FOREVER}",
    ("bigint", "bigint"),
)
MOVED_ON = Update(
    "conversations",
    {
        "last_seq": "bigint", "last_message_id": "bigint", "activity": "bigint",
        "updated_at": "bigint", "id": "bigint",
    },
    known_by=("id",),
)  # fmt: skip
READ = Update(
    "members",
    {
        "read_id": "bigint", "read_seq": "bigint", "delivered_id": "bigint",
        "marked_unread": "bigint", "conversation_id": "bigint", "user_id": "bigint",
    },
    known_by=("conversation_id", "user_id"),
    only=f"left_id = {FOREVER}",
)  # fmt: skip
FIND = Lookup(
    f"{MEMBERSHIPS} WHERE m.conversation_id = {{0}} AND m.user_id = {{1}}"
    f" AND m.left_id = {FOREVER}",
    ("bigint", "bigint"),
)
FIND_BY_MESSAGE = Lookup(
    f"{MEMBERSHIPS} JOIN messages x ON x.conversation_id = m.conversation_id"
    f" WHERE x.id = {{0}} AND m.user_id = {{1}} AND m.left_id = {FOREVER}",
    ("bigint", "bigint"),
)


def find(db: Db, user_id: int, conversation_id: int) -> Membership | None:
    """The conversation, if the user is a member of it now."""
    return _as_it_is(db, db.look_up(FIND, conversation_id, user_id))


def find_by_message(db: Db, user_id: int, message_id: int) -> Membership | None:
    """The conversation of a message that is there, if the user is a member of it now."""
    return _as_it_is(db, db.look_up(FIND_BY_MESSAGE, message_id, user_id))


def _as_it_is(db: Db, found: list[Row]) -> Membership | None:
    """What was looked up, with what has been written since."""
    if not found:
        return None
    (row,) = found
    membership = Membership(*row)
    own = membership.id, membership.user_id
    for bulk, key in ((MOVED_ON, own[:1]), (READ, own)):
        written = db.written(bulk, *key)
        if written is not None:
            values = dict(zip(bulk.columns, written, strict=True))
            changed = {name: values[name] for name in bulk.columns if name not in bulk.known_by}
            membership = msgspec.structs.replace(membership, **changed)
    return membership


def context(db: Db, user_id: int, conversation_id: int) -> SendContext | None:
    """What sending needs, if the user is a member of the conversation now."""
    found = db.look_up(SEND_CONTEXT, conversation_id, user_id)
    if not found:
        return None
    ((closed, last_seq, fullname),) = found
    moved_on = db.written(MOVED_ON, conversation_id)
    return SendContext(closed, last_seq if moved_on is None else moved_on[0], fullname)


def of_user(db: Db, user_id: int, before: int | None, limit: int) -> list[Membership]:
    """The user's conversations below an activity, the latest first."""
    rows = db.execute(
        f"{MEMBERSHIPS} WHERE m.user_id = ? AND m.left_id = {FOREVER} AND c.activity < ?"
        " ORDER BY c.activity DESC LIMIT ?",
        (user_id, FOREVER if before is None else before, limit),
    )
    return [Membership(*row) for row in rows]


def ids_of_user(db: Db, user_id: int) -> list[int]:
    """The ids of the conversations the user is a member of."""
    rows = db.execute(
        f"SELECT conversation_id FROM members WHERE user_id = ? AND left_id = {FOREVER}",
        (user_id,),
    )
    return [row[0] for row in rows]


def create(db: Db, values: Mapping[str, object]) -> int:
    """Insert a conversation; the names are the caller's constants. Gives its id."""
    conversation_id = db.draw("conversations")
    columns = {"id": conversation_id, **values}
    marks = ", ".join("?" * len(columns))
    db.execute(
        f"INSERT INTO conversations ({', '.join(columns)}) VALUES ({marks})",
        tuple(columns.values()),
    )
    return conversation_id


def update(db: Db, conversation_id: int, values: Mapping[str, object]) -> None:
    """Set columns of a conversation; the names are the caller's constants."""
    assignments = ", ".join(f"{name} = ?" for name in values)
    db.execute(
        f"UPDATE conversations SET {assignments} WHERE id = ?", (*values.values(), conversation_id)
    )


def moved_on(
    db: Db, conversation_id: int, seq: int, message_id: int, activity: int, now: int
) -> None:
    """Note a conversation's newest message."""
    db.later(MOVED_ON, (seq, message_id, activity, now, conversation_id))


def by_client_id(db: Db, user_id: int, client_id: str) -> int | None:
    """The id of the conversation that this user began, or found, under that `client_id`."""
    row = db.execute(
        "SELECT conversation_id FROM conversation_client_ids WHERE user_id = ? AND client_id = ?",
        (user_id, client_id),
    ).fetchone()
    return row[0] if row else None


def note_client_id(
    db: Db, user_id: int, client_id: str, conversation_id: int, expires_at: int | None
) -> None:
    """Let a conversation be found by what a client of the user calls it, until then or for ever."""
    db.execute(
        "INSERT INTO conversation_client_ids (user_id, client_id, conversation_id, expires_at)"
        " VALUES (?, ?, ?, ?)",
        (user_id, client_id, conversation_id, expires_at),
    )


def forget_client_ids(db: Db, now: int, limit: int) -> int:
    """Let go of up to `limit` that have expired; gives how many."""
    return db.execute(
        "DELETE FROM conversation_client_ids WHERE (user_id, client_id) IN"
        " (SELECT user_id, client_id FROM conversation_client_ids WHERE expires_at <= ?"
        " ORDER BY expires_at LIMIT ?)",
        (now, limit),
    ).rowcount


def direct_key(user_id: int, other_id: int) -> str:
    """What makes the direct conversation of a pair the only one."""
    return f"{min(user_id, other_id)}:{max(user_id, other_id)}"


def direct(db: Db, user_id: int, other_id: int) -> int | None:
    """The id of the direct conversation of a pair."""
    row = db.execute(
        "SELECT id FROM conversations WHERE direct_key = ?", (direct_key(user_id, other_id),)
    ).fetchone()
    return row[0] if row else None


def known(db: Db, conversation_id: int) -> ConversationRow:
    """A conversation that is known to be, whoever asks; not for what a user asked for."""
    row = db.execute(
        f"SELECT {CONVERSATION} FROM conversations c WHERE c.id = ?", (conversation_id,)
    ).fetchone()
    return ConversationRow(*row)
