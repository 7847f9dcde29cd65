"""System messages of before, which were sentences, made into data; and back."""

import contextlib
from collections.abc import Iterator

import pytest

from backend.store import integrity, log
from backend.store.engine.connection import open_database
from backend.store.engine.db import OpenDb
from backend.store.migrations import migrate_down, migrate_up

pytestmark = pytest.mark.sqlite

BEFORE = 6
USERS = [("ann", "ann"), ("Bob", "bob"), ("deleted-3", "zoe"), ("and", "and")]
SAID = [  # (kind, sender, content)
    ("text", 1, "ann left"),
    ("system", 1, "ann added Bob, and, deleted-3 and 2 more"),
    ("system", 1, "ann removed zoe"),  # whose name is not yet taken out
    ("text", 2, "bob added nobody"),
    ("system", 3, "deleted-3 left"),
    ("system", 1, "ann named the conversation he left, added x"),
    ("system", 1, None),
]


@pytest.fixture
def db() -> Iterator[OpenDb]:
    """A database of before with a group in it: ann has read all, bob the first two messages."""
    with contextlib.closing(open_database(":memory:")) as opened:
        up = migrate_up(opened)
        while next(up).number < BEFORE:
            pass
        for name, key in USERS:
            opened.execute(
                "INSERT INTO users (username, username_key, fullname, fullname_key, created_at,"
                " updated_at) VALUES (?, ?, '', '', 0, 0)",
                (name, key),
            )
        opened.execute(
            "INSERT INTO conversations (id, kind, name, named, created_by, created_at, updated_at,"
            " activity, member_count, last_seq, last_message_id)"
            " VALUES (1, 'group', 'x', 1, 1, 0, 0, 9, 2, 7, 7)"
        )
        for seq, (kind, sender, content) in enumerate(SAID, 1):
            opened.execute(
                "INSERT INTO messages (id, conversation_id, seq, kind, sender_id, content, sent_at,"
                " deleted_at) VALUES (?, 1, ?, ?, ?, ?, 0, ?)",
                (seq, seq, kind, sender, content, None if content else 1),
            )
        for user_id, role, read in ((1, "owner", 7), (2, "member", 2)):
            opened.execute(
                "INSERT INTO members (conversation_id, user_id, joined_id, first_id, role,"
                " joined_at, read_id, read_seq, delivered_id) VALUES (1, ?, 1, 0, ?, 0, ?, ?, ?)",
                (user_id, role, read, read, read),
            )
        opened.execute(
            "INSERT INTO log (id, audience, target, type, body, message_id, created_at)"
            " VALUES (9, 0, 1, 'send_message', x'7b7d', 6, 0)"
        )
        opened.execute(
            "INSERT INTO counters (name, value)"
            " VALUES ('log', 9), ('messages', 7), ('conversations', 1), ('users', 4)"
        )
        yield opened


def test_sentences_become_data(db: OpenDb) -> None:
    """Whoever and whatever they name; those that were blanked stay blank."""
    list(migrate_up(db))
    rows = db.execute("SELECT id, content, action, subjects FROM messages ORDER BY id").fetchall()
    assert rows == [
        (1, "ann left", None, None),
        (2, None, "added", "[2,4,3]"),
        (3, None, "removed", "[3]"),
        (4, "bob added nobody", None, None),
        (5, None, "left", None),
        (6, "he left, added x", "renamed", None),
        (7, None, None, None),
    ]


def test_they_count_no_more(db: OpenDb) -> None:
    """`seq`, and what was read, count what people wrote; everything fits together."""
    list(migrate_up(db))
    seqs = [row[0] for row in db.execute("SELECT seq FROM messages ORDER BY id")]
    assert seqs == [1, 1, 1, 2, 2, 2, 2]
    read = db.execute("SELECT user_id, read_id, read_seq FROM members ORDER BY user_id").fetchall()
    assert read == [(1, 7, 2), (2, 2, 1)]
    row = db.execute("SELECT last_seq, last_message_id, activity FROM conversations").fetchone()
    assert row == (2, 4, 9)
    assert integrity.faults(db) == []


def test_cursors_of_before_are_too_old(db: OpenDb) -> None:
    """Also that of who had seen everything: what they know is of another shape."""
    list(migrate_up(db))
    assert db.execute("SELECT count(*) FROM log").fetchone() == (0,)
    assert log.floor(db) == log.head(db) >= 10


def test_data_becomes_sentences(db: OpenDb) -> None:
    """The same ones, but for whom they did not name; and they count again."""
    list(migrate_up(db))
    while db.execute("SELECT max(number) FROM schema_migrations").fetchone()[0] > BEFORE:
        list(migrate_down(db))
    rows = db.execute("SELECT seq, content FROM messages ORDER BY id").fetchall()
    said = [content for _, _, content in SAID]
    said[1], said[2] = "ann added Bob, and, deleted-3", "ann removed deleted-3"
    assert rows == list(enumerate(said, 1))
    row = db.execute("SELECT last_seq, last_message_id FROM conversations").fetchone()
    assert row == (7, 7)
    assert db.execute("SELECT read_seq FROM members ORDER BY user_id").fetchall() == [(7,), (2,)]
