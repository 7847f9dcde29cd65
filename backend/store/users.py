"""Users as other users know them, and the rows that relate them to each other."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from backend.store.engine.db import FOREVER, Db
from backend.store.engine.lists import as_list, each, one_of
from backend.store.log import now_ms


class UserRow(NamedTuple):
    """A user; times in milliseconds."""

    id: int
    username: str
    fullname: str
    bio: str
    avatar: str | None
    created_at: int
    last_online: int | None
    hide_presence: int
    deleted_at: int | None
    reachable_by: str


class PrivateRow(NamedTuple):
    """What only the user sees."""

    email: str | None
    updated_at: int


COLUMNS = (
    "u.id, u.username, u.fullname, u.bio, u.avatar, u.created_at, u.last_online, u.hide_presence,"
    " u.deleted_at, u.reachable_by"
)


def fold(text: str) -> str:
    """The key under which names are the same person: compared without case, folded here."""
    return text.casefold()


def by_id(db: Db, user_id: int) -> UserRow | None:
    """The user with this id, also one whose account is gone."""
    row = db.execute(f"SELECT {COLUMNS} FROM users u WHERE u.id = ?", (user_id,)).fetchone()
    return UserRow._make(row) if row else None


def known(db: Db, user_id: int) -> UserRow:
    """The user with this id, who is known to be; rows of users are never removed."""
    row = by_id(db, user_id)
    if row is None:
        raise LookupError(f"there is no user {user_id}")
    return row


def by_username(db: Db, username: str) -> UserRow | None:
    """The user of that name, in any case; None when there is none or the account is gone."""
    row = db.execute(
        f"SELECT {COLUMNS} FROM users u WHERE u.username_key = ? AND u.deleted_at IS NULL",
        (fold(username),),
    ).fetchone()
    return UserRow._make(row) if row else None


def by_usernames(db: Db, usernames: Iterable[str]) -> dict[str, UserRow]:
    """The users of those names, in any case, by their folded names; without the gone."""
    rows = db.execute(
        f"SELECT u.username_key, {COLUMNS} FROM {each(kind=str)} j JOIN users u"
        " ON u.username_key = j.value AND u.deleted_at IS NULL",
        (as_list(dict.fromkeys(map(fold, usernames))),),
    )
    return {row[0]: UserRow._make(row[1:]) for row in rows}


def by_ids(db: Db, ids: Iterable[int]) -> dict[int, UserRow]:
    """The users with these ids."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM {each()} j JOIN users u ON u.id = j.value", (as_list(ids),)
    )
    return {row[0]: UserRow._make(row) for row in rows}


def by_prefix(db: Db, prefix: str, limit: int) -> list[UserRow]:
    """Users whose username or full name begins so, by username."""
    low = fold(prefix)
    values = {"low": low, "high": low + "\U0010ffff", "limit": limit}
    rows = db.execute(
        f"SELECT {COLUMNS} FROM users u WHERE u.id IN ("
        " SELECT id FROM (SELECT id FROM users WHERE username_key >= :low"
        "  AND username_key < :high AND deleted_at IS NULL AND disabled_at IS NULL"
        "  ORDER BY username_key LIMIT :limit) AS named"
        " UNION SELECT id FROM (SELECT id FROM users WHERE fullname_key >= :low"
        "  AND fullname_key < :high AND deleted_at IS NULL AND disabled_at IS NULL"
        "  ORDER BY fullname_key LIMIT :limit) AS called)"
        " ORDER BY u.username_key LIMIT :limit",
        values,
    )
    return [UserRow._make(row) for row in rows]


def private(db: Db, user_id: int) -> PrivateRow:
    """What only the user sees of their own row."""
    row = db.execute("SELECT email, updated_at FROM users WHERE id = ?", (user_id,)).fetchone()
    return PrivateRow._make(row)


def update(db: Db, user_id: int, values: Mapping[str, object]) -> None:
    """Set columns of a user; the names are the caller's constants."""
    columns = {**values, "updated_at": now_ms()}
    assignments = ", ".join(f"{name} = ?" for name in columns)
    db.execute(f"UPDATE users SET {assignments} WHERE id = ?", (*columns.values(), user_id))


def email_key(db: Db, email: str, user_id: int = 0) -> str | None:
    """The key by which this user logs in by this address; None when it is another's already.

    Who gives the address of somebody else is not told so, or anybody could ask who is here.
    """
    key = fold(email)
    found = db.execute(
        "SELECT 1 FROM users WHERE email_key = ? AND id <> ?", (key, user_id)
    ).fetchone()
    return key if found is None else None


def touch(db: Db, ids: Iterable[int], when_ms: int) -> None:
    """Note that these users were online at that time."""
    db.execute(
        f"UPDATE users SET last_online = ? WHERE id IN {one_of()}",
        (when_ms, as_list(ids)),
    )


def related(db: Db, user_id: int, ids: Iterable[int]) -> set[int]:
    """Those of `ids` who are the user's contacts or share a conversation with them.

    A group does not count with who is reachable by contacts only.
    """
    rows = db.execute(
        f"SELECT j.value FROM {each(':ids')} j JOIN users u ON u.id = j.value"
        " WHERE EXISTS (SELECT 1 FROM contacts c"
        "  WHERE c.user_id = :user AND c.contact_id = j.value)"
        " OR EXISTS (SELECT 1 FROM members a JOIN conversations v ON v.id = a.conversation_id"
        "  AND (v.kind = 'direct' OR u.reachable_by = 'everyone') JOIN members b"
        "  ON b.conversation_id = a.conversation_id AND b.user_id = j.value"
        f"  AND b.left_id = {FOREVER}"
        f"  WHERE a.user_id = :user AND a.left_id = {FOREVER})",
        {"ids": as_list(ids), "user": user_id},
    )
    return {row[0] for row in rows}


def estranged(db: Db, user_id: int, ids: Iterable[int]) -> set[int]:
    """Those of `ids` between whom and the user stands a block, whoever set it."""
    rows = db.execute(
        f"SELECT j.value FROM {each(':ids')} j WHERE EXISTS (SELECT 1 FROM blocks b"
        "  WHERE b.user_id = :user AND b.blocked_id = j.value)"
        " OR EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = j.value AND b.blocked_id = :user)",
        {"ids": as_list(ids), "user": user_id},
    )
    return {row[0] for row in rows}


def blocked_among(db: Db, user_id: int, ids: Iterable[int]) -> set[int]:
    """Those of `ids` whom the user has blocked."""
    rows = db.execute(
        f"SELECT b.blocked_id FROM {each()} j JOIN blocks b ON b.user_id = ?"
        " AND b.blocked_id = j.value",
        (as_list(ids), user_id),
    )
    return {row[0] for row in rows}


def out_of_reach(db: Db, user_id: int, ids: Iterable[int]) -> set[int]:
    """Those of `ids` who have blocked the user, or are reachable by contacts only, who is none."""
    rows = db.execute(
        f"SELECT u.id FROM {each(':ids')} j JOIN users u ON u.id = j.value"
        " WHERE EXISTS (SELECT 1 FROM blocks b WHERE b.user_id = u.id AND b.blocked_id = :user)"
        " OR (u.reachable_by = 'contacts' AND u.id <> :user AND NOT EXISTS"
        "  (SELECT 1 FROM contacts c WHERE c.user_id = :user AND c.contact_id = u.id))",
        {"ids": as_list(ids), "user": user_id},
    )
    return {row[0] for row in rows}
