"""What must always hold in the database, looked at as a whole."""

from collections.abc import Callable

from backend.store.engine.db import FOREVER, Db, OpenDb
from backend.store.log import Audience

# where bytes are named by their hash, which is also where they lie
HASHES = (
    ("files", "sha256"), ("files", "thumbnail"), ("files", "square"), ("files", "small"),
    ("loose_bytes", "sha256"),
)  # fmt: skip
# Each gives a row per fault; its columns fill the sentence.
RULES = (
    (
        "conversation {}: message {} has seq {}, expected {}",
        "SELECT conversation_id, id, seq, n FROM (SELECT conversation_id, id, seq,"
        " sum(CASE kind WHEN 'text' THEN 1 ELSE 0 END)"
        " OVER (PARTITION BY conversation_id ORDER BY id) AS n FROM messages) AS counted"
        " WHERE seq <> n",
    ),
    (
        "conversation {}: last_seq is {}, expected {}; last_message_id is {}, expected {}",
        "SELECT c.id, c.last_seq, coalesce(m.seq, 0), c.last_message_id, coalesce(m.id, 0)"
        " FROM conversations c LEFT JOIN (SELECT conversation_id, max(seq) AS seq, max(id) AS id"
        " FROM messages WHERE kind = 'text' GROUP BY conversation_id) m ON m.conversation_id = c.id"
        " WHERE c.last_seq <> coalesce(m.seq, 0) OR c.last_message_id <> coalesce(m.id, 0)",
    ),
    (
        "message {} of kind {} has the action {}",
        "SELECT id, kind, coalesce(action, 'none') FROM messages"
        " WHERE deleted_at IS NULL AND (kind = 'system') <> (action IS NOT NULL)",
    ),
    (
        "file {} stands in message {}, which is not there",
        "SELECT f.id, f.message_id FROM files f LEFT JOIN messages m ON m.id = f.message_id"
        " AND m.conversation_id = f.conversation_id AND m.deleted_at IS NULL"
        " WHERE f.use = 'message' AND m.id IS NULL",
    ),
    (
        "the bytes of a file are named {}, which is no hash",
        " UNION ALL ".join(
            f"SELECT {column} FROM {table} WHERE length({column}) <> 64"
            f" OR {column} LIKE '%/%' OR {column} LIKE '%.%'"
            for table, column in HASHES
        ),
    ),
    (
        "user {} has the avatar {}, which is no file",
        "SELECT u.id, u.avatar FROM users u WHERE u.avatar IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM files f WHERE f.use = 'avatar' AND f.owner_id = u.id"
        " AND u.avatar = '/avatars/' || f.id || '/512')",
    ),
    (
        "conversation {}: member_count is {}, but there are {}",
        "SELECT c.id, c.member_count, count(m.user_id) FROM conversations c"
        f" LEFT JOIN members m ON m.conversation_id = c.id AND m.left_id = {FOREVER}"
        " GROUP BY c.id HAVING c.member_count <> count(m.user_id)",
    ),
    (
        "conversation {}: a group with members has {} owners, expected 1",
        "SELECT c.id, count(CASE m.role WHEN 'owner' THEN 1 END) FROM conversations c"
        f" JOIN members m ON m.conversation_id = c.id AND m.left_id = {FOREVER}"
        " WHERE c.kind = 'group' GROUP BY c.id"
        " HAVING count(CASE m.role WHEN 'owner' THEN 1 END) <> 1",
    ),
    (
        "conversation {}: the memberships of user {} overlap",
        "SELECT DISTINCT a.conversation_id, a.user_id FROM members a JOIN members b"
        " ON b.conversation_id = a.conversation_id AND b.user_id = a.user_id"
        " AND b.joined_id > a.joined_id AND b.joined_id <= a.left_id",
    ),
    (
        "conversation {}: user {} has read up to seq {}, but there are only {}",
        "SELECT m.conversation_id, m.user_id, m.read_seq, c.last_seq FROM members m"
        " JOIN conversations c ON c.id = m.conversation_id WHERE m.read_seq > c.last_seq",
    ),
    (
        "user {} has user {} as a contact, but not the other way round",
        "SELECT a.user_id, a.contact_id FROM contacts a WHERE NOT EXISTS (SELECT 1 FROM contacts b"
        " WHERE b.user_id = a.contact_id AND b.contact_id = a.user_id)",
    ),
    *(
        (
            f"{counter}: {{}} was drawn last, but there is {{}}",
            "SELECT coalesce(max(c.value), 0), g.newest FROM"
            f" (SELECT max(id) AS newest FROM {counter}) AS g"
            f" LEFT JOIN counters c ON c.name = '{counter}'"
            " GROUP BY g.newest HAVING coalesce(max(c.value), 0) < g.newest",
        )
        for counter in ("users", "sessions", "conversations", "messages", "log")
    ),
    (
        "log row {} carries message {}, which is not there",
        "SELECT id, message_id FROM log WHERE message_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = log.message_id)",
    ),
)


PRESENCE = b'"is_online":true'
# what one is told of oneself is so whenever one is there to be told
OWN = frozenset({"update_profile", "create_conversation"})
ROWS = 10_000  # looked at at a time
STEPS = 2 + len(RULES)


def faults(db: OpenDb, done: Callable[[], None] = lambda: None) -> list[str]:
    """What is wrong, a sentence each: in the file, between the tables, or with what they say.

    `done` is called after each of STEPS.
    """
    found = db.faults()
    done()
    found += _stale_presence(db)
    done()
    for sentence, sql in RULES:
        found += [sentence.format(*row) for row in db.execute(sql)]
        done()
    return found


def _stale_presence(db: Db) -> list[str]:
    found: list[str] = []
    after: int | None = 0
    while after is not None:
        rows = db.execute(
            "SELECT id, type, body, audience FROM log WHERE id > ? ORDER BY id LIMIT ?",
            (after, ROWS),
        ).fetchall()
        found += [
            f"log row {id_} of type {type_} carries presence, which is old when it is replayed"
            for id_, type_, body, audience in rows
            if PRESENCE in body and not (audience == Audience.USER and type_ in OWN)
        ]
        after = rows[-1][0] if rows else None
    return found
