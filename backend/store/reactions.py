"""Reactions to messages, and who was mentioned in which."""

from collections.abc import Iterable
from operator import itemgetter

from backend.store.engine.db import FOREVER, Db, look_up_anew
from backend.store.engine.lists import as_list, each
from backend.store.engine.rows import Delete, Insert, Lookup, Row
from backend.store.log import now_ms
from backend.store.messages import is_edited

ADD = Insert(
    "reactions",
    {"message_id": "bigint", "emoji": "text", "user_id": "bigint", "created_at": "bigint"},
    known_by=("message_id",),
)
COUNTS = Lookup(
    "SELECT r.emoji, count(*), min(r.created_at) FROM reactions r WHERE r.message_id = {0}"
    " GROUP BY r.emoji",
    ("bigint",),
)
OWN = Lookup(
    "SELECT 1 FROM reactions r WHERE r.message_id = {0} AND r.emoji = {1} AND r.user_id = {2}",
    ("bigint", "text", "bigint"),
)
MENTION = Insert(
    "mentions",
    {"user_id": "bigint", "conversation_id": "bigint", "message_id": "bigint"},
    known_by=("message_id",),
    refers=True,
)
UNMENTION = Delete("mentions", MENTION.columns)
MENTIONED = Lookup("SELECT user_id FROM mentions WHERE message_id = {0}", ("bigint",))
NAMED = Lookup(
    "SELECT u.id, u.username FROM users u JOIN members m ON m.user_id = u.id"
    f" AND m.conversation_id = {{0}} AND m.left_id = {FOREVER}"
    " WHERE u.username_key = {1} AND u.deleted_at IS NULL",
    ("bigint", "text"),
)
NAMED_BY_MESSAGE = Lookup(
    NAMED.select.format("(SELECT x.conversation_id FROM messages x WHERE x.id = {0})", "{1}"),
    NAMED.kinds,
)
Count = tuple[str, int]


def counts(db: Db, ids: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
    """Per message its emojis with their counts, the first one given first."""
    rows = db.execute(
        f"SELECT r.message_id, r.emoji, count(*) FROM {each()} j"
        " JOIN reactions r ON r.message_id = j.value"
        " GROUP BY r.message_id, r.emoji ORDER BY r.message_id, min(r.created_at), r.emoji",
        (as_list(ids),),
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for message_id, emoji, count in rows:
        found.setdefault(message_id, []).append((emoji, count))
    return found


def own(db: Db, user_id: int, ids: Iterable[int]) -> dict[int, list[str]]:
    """Per message the emojis this user gave."""
    rows = db.execute(
        f"SELECT r.message_id, r.emoji FROM {each()} j"
        " JOIN reactions r ON r.message_id = j.value AND r.user_id = ?"
        " ORDER BY r.message_id, r.emoji",
        (as_list(ids), user_id),
    )
    found: dict[int, list[str]] = {}
    for message_id, emoji in rows:
        found.setdefault(message_id, []).append(emoji)
    return found


GIVEN = """
SELECT r.user_id, r.emoji FROM reactions r WHERE r.message_id = :message
    AND (r.emoji = :emoji OR :emoji = '') AND r.user_id IN (
        SELECT DISTINCT o.user_id FROM reactions o WHERE o.message_id = :message
        AND (o.emoji = :emoji OR :emoji = '') AND o.user_id > :after
        ORDER BY o.user_id LIMIT :limit)
ORDER BY r.user_id, r.created_at, r.emoji
"""


def given(
    db: Db, message_id: int, emoji: str | None, after: int, limit: int
) -> dict[int, list[str]]:
    """By user id, above `after`, what up to `limit` people gave a message: all, or that emoji."""
    values = {"message": message_id, "emoji": emoji or "", "after": after, "limit": limit}
    found: dict[int, list[str]] = {}
    for user_id, one in db.execute(GIVEN, values):
        found.setdefault(user_id, []).append(one)
    return found


def counts_of(db: Db, message_id: int) -> list[Count]:
    """The emojis of one message with their counts, the first one given first."""
    found = _look_up(db, COUNTS, message_id)
    return [(emoji, count) for emoji, count, first in sorted(found, key=itemgetter(2, 0))]


def is_given(db: Db, message_id: int, user_id: int, emoji: str) -> bool:
    """Whether the user has given a message this emoji."""
    return bool(_look_up(db, OWN, message_id, emoji, user_id))


def _look_up(db: Db, lookup: Lookup, message_id: int, *key: object) -> list[Row]:
    if db.written(ADD, message_id):  # what was read ahead knows nothing of that
        return look_up_anew(db, lookup, message_id, *key)
    return db.look_up(lookup, message_id, *key)


def add(db: Db, message_id: int, user_id: int, emoji: str) -> None:
    """Note a reaction that is not there yet."""
    db.later(ADD, (message_id, emoji, user_id, now_ms()))


def remove(db: Db, message_id: int, user_id: int, emoji: str) -> bool:
    """Take a reaction back; False if there was none."""
    cursor = db.execute(
        "DELETE FROM reactions WHERE message_id = ? AND emoji = ? AND user_id = ?",
        (message_id, emoji, user_id),
    )
    return cursor.rowcount > 0


def clear(db: Db, message_id: int) -> None:
    """Forget all reactions to a message."""
    db.execute("DELETE FROM reactions WHERE message_id = ?", (message_id,))


def named(db: Db, lookup: Lookup, place: int, keys: Iterable[str]) -> list[tuple[int, str]]:
    """Those members whose folded usernames are among `keys`: (id, username), by these.

    Of a conversation, by NAMED, or of that of a message, by NAMED_BY_MESSAGE.
    """
    return [found for key in sorted(keys) for found in db.look_up(lookup, place, key)]


def mention(db: Db, conversation_id: int, message_id: int, user_ids: Iterable[int]) -> None:
    """Note who is mentioned in a message that is new."""
    for user_id in user_ids:
        db.later(MENTION, (user_id, conversation_id, message_id))


def mention_instead(db: Db, conversation_id: int, message_id: int, user_ids: Iterable[int]) -> None:
    """Note who is mentioned in a message that is about to be edited, in place of those before."""
    if is_edited(db, message_id):
        found = look_up_anew(db, MENTIONED, message_id)
    else:
        found = db.look_up(MENTIONED, message_id)
    before, now = {user_id for (user_id,) in found}, set(user_ids)
    for user_id in sorted(before - now):
        db.later(UNMENTION, (user_id, conversation_id, message_id))
    mention(db, conversation_id, message_id, sorted(now - before))


def forget_mentions(db: Db, message_id: int) -> None:
    """Forget who was mentioned in a message."""
    db.execute("DELETE FROM mentions WHERE message_id = ?", (message_id,))
