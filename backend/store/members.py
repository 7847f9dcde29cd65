"""Who belongs to a conversation: one row per membership, its ends included."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from backend.store.conversations import READ
from backend.store.engine.db import FOREVER, Db
from backend.store.engine.lists import as_list, each, gathered, of_integers, of_texts
from backend.store.engine.rows import Lookup, Row
from backend.store.log import now_ms
from backend.store.users import COLUMNS, UserRow

STAYS = Lookup(
    "SELECT joined_id, first_id, last_id FROM members WHERE conversation_id = {0}"
    " AND user_id = {1}",
    ("bigint", "bigint"),
)
STAYS_BY_MESSAGE = Lookup(
    "SELECT joined_id, first_id, last_id FROM members WHERE conversation_id ="
    " (SELECT x.conversation_id FROM messages x WHERE x.id = {0}) AND user_id = {1}",
    ("bigint", "bigint"),
)
UNABLE = Lookup(
    "SELECT m.user_id FROM members m WHERE m.conversation_id ="
    " (SELECT x.conversation_id FROM messages x WHERE x.id = {0})"
    f" AND m.left_id = {FOREVER} AND m.first_id > {{0}} AND NOT EXISTS (SELECT 1"
    "  FROM members o WHERE o.conversation_id = m.conversation_id AND o.user_id = m.user_id"
    "  AND {0} BETWEEN o.first_id AND o.last_id)",
    ("bigint",),
)


class Reach(NamedTuple):
    """How far a member has got: the message read up to and its seq, the one received up to, and
    whether they have marked the conversation as unread."""

    read_id: int
    read_seq: int
    delivered_id: int
    marked_unread: int


class MemberRow(NamedTuple):
    """A present member, as lists of members have it."""

    user_id: int
    username: str
    fullname: str
    role: str
    joined_at: int


class Roster(NamedTuple):
    """Who is shown of a conversation's present members, the first by user id: some by their ids,
    more by their names; and how far all whose names are shown have got."""

    user_ids: tuple[int, ...]
    usernames: tuple[str, ...]
    delivered_id: int
    read_id: int


# the second is several columns in one text, so that the members are gone through once
ROSTERS = f"""
SELECT j.value,
    (SELECT {gathered("s.user_id")} FROM (SELECT m.user_id FROM members m
        WHERE m.conversation_id = j.value AND m.left_id = {FOREVER}
        ORDER BY m.user_id LIMIT :in_full) AS s),
    (SELECT min(s.delivered_id) || ' ' || min(s.read_id) || ' ' || {gathered("s.username")}
        FROM (SELECT m.delivered_id, m.read_id, u.username FROM members m
        JOIN users u ON u.id = m.user_id
        WHERE m.conversation_id = j.value AND m.left_id = {FOREVER}
        ORDER BY m.user_id LIMIT :by_name) AS s)
FROM {each(":ids")} j
"""


def rosters(
    db: Db, conversation_ids: Iterable[int], *, in_full: int, by_name: int
) -> dict[int, Roster]:
    """Of each conversation that has members, up to so many ids and so many names."""
    values = {"ids": as_list(conversation_ids), "in_full": in_full, "by_name": by_name}
    found: dict[int, Roster] = {}
    for id_, user_ids, text in db.execute(ROSTERS, values):
        if text is not None:
            delivered_id, read_id, names = text.split(" ", 2)
            found[id_] = Roster(
                of_integers(user_ids), of_texts(names), int(delivered_id), int(read_id)
            )
    return found


def reached(db: Db, conversation_id: int, limit: int) -> list[tuple[str, int, int]]:
    """Of the first present members (username, delivered_id, read_id), by user id."""
    rows = db.execute(
        "SELECT u.username, m.delivered_id, m.read_id FROM members m JOIN users u"
        f" ON u.id = m.user_id WHERE m.conversation_id = ? AND m.left_id = {FOREVER}"
        " ORDER BY m.user_id LIMIT ?",
        (conversation_id, limit),
    )
    return rows.fetchall()


def present(db: Db, conversation_id: int, limit: int, after: int = 0) -> list[MemberRow]:
    """The members there are now, by user id, above the id `after`."""
    rows = db.execute(
        "SELECT m.user_id, u.username, u.fullname, m.role, m.joined_at"
        " FROM members m JOIN users u ON u.id = m.user_id"
        f" WHERE m.conversation_id = ? AND m.user_id > ? AND m.left_id = {FOREVER}"
        " ORDER BY m.user_id LIMIT ?",
        (conversation_id, after, limit),
    )
    return [MemberRow._make(row) for row in rows]


def join(
    db: Db,
    conversation_id: int,
    user_ids: Iterable[int],
    *,
    joined_id: int,
    first_id: int,
    read: tuple[int, int],
    role: str = "member",
) -> None:
    """Begin a membership for each, read up to the message id and seq of `read`."""
    now = now_ms()
    db.executemany(
        "INSERT INTO members (conversation_id, user_id, joined_id, first_id, role, joined_at,"
        " read_id, read_seq, delivered_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (conversation_id, user_id, joined_id, first_id, role, now, *read, read[0])
            for user_id in user_ids
        ],
    )


def end(db: Db, conversation_id: int, user_id: int, left_id: int, last_id: int) -> None:
    """End the present membership at a log id and a message id, both included."""
    db.execute(
        "UPDATE members SET left_id = ?, last_id = ?, left_name ="
        " (SELECT CASE c.named WHEN 1 THEN c.name END FROM conversations c"
        "  WHERE c.id = members.conversation_id)"
        f" WHERE conversation_id = ? AND user_id = ? AND left_id = {FOREVER}",
        (left_id, last_id, conversation_id, user_id),
    )


def unable_to_read(db: Db, message_id: int) -> tuple[int, ...]:
    """The members who may not read that message: they came after it, or were away then."""
    return tuple([row[0] for row in db.look_up(UNABLE, message_id)])


def update(db: Db, conversation_id: int, user_id: int, values: Mapping[str, object]) -> None:
    """Set columns of the present membership; the names are the caller's constants."""
    assignments = ", ".join(f"{name} = ?" for name in values)
    db.execute(
        f"UPDATE members SET {assignments}"
        f" WHERE conversation_id = ? AND user_id = ? AND left_id = {FOREVER}",
        (*values.values(), conversation_id, user_id),
    )


def read_own(db: Db, conversation_id: int, user_id: int, message_id: int, seq: int) -> None:
    """Count a sender's own message, and all before it, as read."""
    mark(db, conversation_id, user_id, Reach(message_id, seq, message_id, 0))


def mark(db: Db, conversation_id: int, user_id: int, reach: Reach) -> None:
    """Note how far a member has got."""
    db.later(READ, (*reach, conversation_id, user_id))


def present_among(db: Db, conversation_id: int, user_ids: Iterable[int]) -> set[int]:
    """Those of the users who are members now."""
    rows = db.execute(
        f"SELECT m.user_id FROM {each()} j JOIN members m ON m.conversation_id = ?"
        f" AND m.user_id = j.value AND m.left_id = {FOREVER}",
        (as_list(user_ids), conversation_id),
    )
    return {row[0] for row in rows}


def count_begun(db: Db, user_id: int) -> int:
    """How many conversations that they began the user is a member of."""
    row = db.execute(
        "SELECT count(*) FROM members m JOIN conversations c ON c.id = m.conversation_id"
        f" WHERE m.user_id = ? AND m.left_id = {FOREVER} AND c.created_by = m.user_id",
        (user_id,),
    ).fetchone()
    return int(row[0])


# the first count needs an index only; groups that were left to one alone are not counted
CROWDED = f"""
SELECT 1 FROM {each(":ids")} j WHERE (SELECT count(*) FROM members m
        WHERE m.user_id = j.value AND m.left_id = {FOREVER}) >= :limit
    AND (SELECT count(*) FROM members m JOIN conversations c ON c.id = m.conversation_id
        AND c.kind = 'group' AND (c.member_count > 1 OR c.created_by = m.user_id)
        WHERE m.user_id = j.value AND m.left_id = {FOREVER}) >= :limit
LIMIT 1
"""


def is_one_crowded(db: Db, user_ids: Iterable[int], limit: int) -> bool:
    """Whether one of the users is in that many groups or more."""
    values = {"ids": as_list(user_ids), "limit": limit}
    return db.execute(CROWDED, values).fetchone() is not None


def founders(db: Db, conversation_id: int) -> list[str]:
    """The usernames of those who were there from the beginning: the creator, then by user id."""
    rows = db.execute(
        "SELECT u.username FROM members m JOIN users u ON u.id = m.user_id"
        " JOIN conversations c ON c.id = m.conversation_id WHERE m.conversation_id = ?"
        " AND m.joined_id = (SELECT min(f.joined_id) FROM members f"
        "  WHERE f.conversation_id = m.conversation_id)"
        " ORDER BY CASE u.id WHEN c.created_by THEN 0 ELSE 1 END, u.id",
        (conversation_id,),
    )
    return [row[0] for row in rows]


def heir(db: Db, conversation_id: int) -> UserRow | None:
    """Who becomes the owner next: the oldest moderator, or else the oldest member."""
    row = db.execute(
        f"SELECT {COLUMNS} FROM members m JOIN users u ON u.id = m.user_id"
        f" WHERE m.conversation_id = ? AND m.left_id = {FOREVER} AND m.role <> 'owner'"
        " ORDER BY m.role = 'moderator' DESC, m.joined_id, m.user_id LIMIT 1",
        (conversation_id,),
    ).fetchone()
    return UserRow._make(row) if row else None


def visible(db: Db, conversation_id: int, user_id: int) -> list[tuple[int, int]]:
    """The ranges of message ids a present member may read, the newest first, without overlap."""
    return _ranges(db.look_up(STAYS, conversation_id, user_id))


def may_read(db: Db, user_id: int, message_id: int) -> bool:
    """Whether a message that is there is in one of them, of a member of its conversation."""
    ranges = _ranges(db.look_up(STAYS_BY_MESSAGE, message_id, user_id))
    return any(first <= message_id <= last for first, last in ranges)


def _ranges(rows: Iterable[Row]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    below = FOREVER + 1
    for _, first, last in sorted(rows, reverse=True):
        if first < below and first <= last:
            ranges.append((first, min(last, below - 1)))
            below = first
    return ranges
