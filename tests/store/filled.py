"""A database with as many messages as wanted, and everything else that grows in proportion."""

from pathlib import Path

from backend.store.engine.sqlite.db import SqliteDb
from backend.store.engine.sqlite.opening import open_file
from backend.store.migrations import migrate_up
from tests.support.counters import recount

ALICE, BOB, CAROL = 1, 2, 3
GROUP, PAIR, FIRST_OTHER = 1, 2, 3
UNREAD = 5

COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"

# :count is the number of messages. Half of them are in the group alice is in, the others in groups
# of other people; a tenth has a reaction and a mention of somebody. A third of the log's rows bring
# messages.
USERS = f"""{COUNT} INSERT INTO users (id, username, username_key, fullname, fullname_key,
    created_at, updated_at) SELECT i, 'user' || i, 'user' || i, 'full' || i, 'full' || i, 0, 0
    FROM n WHERE i <= :count / 100"""
SESSIONS = f"""{COUNT} INSERT INTO sessions (user_id, refresh_hash, created_at, last_seen,
    expires_at, address, device) SELECT i, i, 0, 0, 9007199254740991, '', '' FROM n
    WHERE i <= :count / 100"""
CONVERSATIONS = f"""{COUNT} INSERT INTO conversations (id, kind, name, named, created_by,
    created_at, updated_at, activity, member_count, direct_key, last_seq, last_message_id)
    SELECT i, CASE i WHEN 2 THEN 'direct' ELSE 'group' END, 'c' || i, 1, 1, 0, 0, i,
    CASE i WHEN 2 THEN 2 ELSE 3 END, CASE i WHEN 2 THEN '1:2' END,
    CASE i WHEN 1 THEN :count / 2 ELSE 0 END, CASE i WHEN 1 THEN :count / 2 * 2 ELSE 0 END
    FROM n WHERE i <= :count / 100"""
# three members each: alice, bob and carol in the first, neighbours in the others
MEMBERS = f"""{COUNT} INSERT INTO members (conversation_id, user_id, joined_id, first_id, role,
    joined_at, read_id, read_seq, delivered_id)
    SELECT i, CASE i WHEN 1 THEN m.value ELSE 4 + (i + m.value) % (:count / 100 - 4) END, 1, 0,
    CASE m.value WHEN 1 THEN 'owner' ELSE 'member' END, 0,
    :count / 2 * 2 - 2 * :unread, :count / 2 - :unread, :count / 2 * 2 - 2 * :unread
    FROM n, json_each('[1, 2, 3]') m WHERE i <= :count / 100 AND i <> 2"""
PAIRED = """INSERT INTO members (conversation_id, user_id, joined_id, first_id, role, joined_at,
    read_id, read_seq, delivered_id) VALUES (2, 1, 1, 0, 'member', 0, 0, 0, 0),
    (2, 2, 1, 0, 'member', 0, 0, 0, 0)"""
MESSAGES = f"""{COUNT} INSERT INTO messages (id, conversation_id, seq, kind, sender_id, content,
    client_id, sent_at) SELECT i, CASE i % 2 WHEN 0 THEN 1 ELSE 3 + i % (:count / 100 - 3) END,
    i / 2, 'text', 1 + i % 3, 'words ' || i, 'c' || i, 0 FROM n"""
LOG = f"""{COUNT} INSERT INTO log (id, audience, target, type, body, message_id, created_at)
    SELECT i, i % 3, CASE i % 2 WHEN 0 THEN 1 ELSE 3 + i % (:count / 100 - 3) END, 'send_message',
    x'7b7d', CASE i % 3 WHEN 0 THEN i END, 0 FROM n"""
REACTIONS = f"""{COUNT} INSERT INTO reactions (message_id, emoji, user_id, created_at)
    SELECT i * 10, '+1', 2, 0 FROM n WHERE i <= :count / 10"""
MENTIONS = f"""{COUNT} INSERT INTO mentions (user_id, conversation_id, message_id)
    SELECT 1 + i % 3, 1, i * 10 FROM n WHERE i <= :count / 10"""
CONTACTS = f"""{COUNT} INSERT INTO contacts (user_id, contact_id, created_at)
    SELECT 4 + i % (:count / 100 - 4), 4 + (i * 7) % (:count / 100 - 4), 0 FROM n
    WHERE i <= :count / 50 ON CONFLICT DO NOTHING"""
FRIENDS = "INSERT INTO contacts (user_id, contact_id, created_at) VALUES (1, 2, 0), (2, 1, 0)"
CLIENT_IDS = f"""{COUNT} INSERT INTO conversation_client_ids (user_id, client_id,
    conversation_id) SELECT 1, CASE i WHEN 1 THEN 'known' ELSE 'c' || i END, i FROM n
    WHERE i <= :count / 100"""
EPOCH = "INSERT INTO epochs (epoch, number, start_id, started_at) VALUES ('0123456789', 1, 0, 0)"
ORDER = (
    USERS, SESSIONS, CONVERSATIONS, MEMBERS, PAIRED, MESSAGES, LOG, REACTIONS, MENTIONS, CONTACTS,
    FRIENDS, CLIENT_IDS, EPOCH,
)  # fmt: skip


def fill(path: Path, count: int) -> SqliteDb:
    """A new database of `count` messages; alice has UNREAD unread ones in the group."""
    db = open_file(str(path))
    list(migrate_up(db))
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("BEGIN")
    for statement in ORDER:
        db.execute(statement, {"count": count, "unread": UNREAD})
    recount(db, "users", "sessions", "conversations", "messages", "log")
    db.execute("COMMIT")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA journal_mode = MEMORY")
    return db
