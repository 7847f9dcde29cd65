"""Databases with a past: messages filled in fast, with everything that belongs to them.

Message n is log row `base + n`, where `base` rows made the conversations. Only the newest messages
still have their log rows; those of the others count as let go, as the log's retention has it.

The search index counts as filled up to now, as it is where it has run along; what is measured is
not how it is made anew from ten million messages.
"""

from contextlib import closing
from pathlib import Path

import msgspec

from backend.protocol.models import Message
from backend.store import epochs
from backend.store.engine.db import Db
from backend.store.engine.sqlite.opening import open_file
from backend.store.index_file import FILLED, WORDS, index_path
from backend.store.indexer import VERSION
from tests.bench.world import now_ms
from tests.support.counters import recount

# In turns, so that a conversation's messages are spread over the table as they are in real life.
FILL = """
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :messages)
INSERT INTO messages (id, conversation_id, seq, kind, sender_id, content, client_id, sent_at)
SELECT n, c.id, (n - 1) / :spread + 1, 'text', c.created_by,
    'This is what was said at number ' || n || ', as long as what people say to each other',
    lower(hex(randomblob(8))), :now - (:messages - n)
FROM numbers JOIN conversations c ON c.id = (n - 1) % :spread + 1
"""
POINT = """
UPDATE conversations SET (last_seq, last_message_id, activity) = (
    SELECT seq, id, :base + id FROM messages m WHERE m.conversation_id = conversations.id
    ORDER BY id DESC LIMIT 1)
WHERE id <= :spread
"""
READ = """
UPDATE members SET (read_seq, read_id, delivered_id) = (
    SELECT last_seq, last_message_id, last_message_id FROM conversations c
    WHERE c.id = members.conversation_id)
"""
NEWEST = """
SELECT m.id, m.seq, m.conversation_id, m.sender_id, u.username, u.fullname, m.content, m.client_id,
    m.sent_at
FROM messages m JOIN users u ON u.id = m.sender_id WHERE m.id > ? ORDER BY m.id
"""


def add_messages(path: Path, messages: int, spread: int, kept: int) -> None:
    """Fill a minted database: so many messages in the conversations 1…`spread`, in turns.

    Everybody has read everything; the newest `kept` messages still have their log rows.
    """
    if not messages:
        return
    with closing(open_file(str(path))) as db:
        base = db.newest("log")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("BEGIN EXCLUSIVE")
        _fill(db, messages, spread)
        db.execute(POINT, {"base": base, "spread": spread})
        db.execute(READ)
        _log(db, base, messages, kept)
        recount(db, "messages", "log")
        epoch = epochs.start_epoch(db)
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode = WAL")
    _mark_indexed(path, epoch, base + messages)


def _mark_indexed(path: Path, epoch: str, position: int) -> None:
    with closing(open_file(index_path(str(path)))) as index:
        for statement in (WORDS, FILLED):
            index.execute(statement)
        index.execute("INSERT INTO filled VALUES (?, ?, ?, 1, 0)", (VERSION, epoch, position))
        index.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill(db: Db, messages: int, spread: int) -> None:
    """Insert the rows, then make the indexes anew: sorted at once rather than row by row."""
    indexes = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'messages'"
        " AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        db.execute(f"DROP INDEX {name}")
    db.execute(FILL, {"messages": messages, "spread": spread, "now": now_ms()})
    for _, statement in indexes:
        db.execute(statement)


def _log(db: Db, base: int, messages: int, kept: int) -> None:
    first = max(0, messages - kept)
    db.executemany(
        "INSERT INTO log (id, audience, target, type, body, message_id, created_at)"
        " VALUES (?, 0, ?, 'send_message', ?, ?, ?)",
        (
            (base + row[0], row[2], _body(row), row[0], now_ms())
            for row in db.execute(NEWEST, (first,)).fetchall()
        ),
    )
    db.execute("UPDATE facts SET value = ? WHERE name = 'log_floor'", (base + first,))


def _body(row: tuple[int, int, int, int, str, str, str, str, int]) -> bytes:
    id_, seq, conversation, sender, username, fullname, content, client_id, sent_at = row
    return msgspec.json.encode(
        Message(
            id=id_,
            seq=seq,
            conversation_id=conversation,
            kind="text",
            sender_id=sender,
            sender_username=username,
            sender_fullname=fullname,
            content=content,
            client_id=client_id,
            sent_at=sent_at // 1000,
        )
    )
