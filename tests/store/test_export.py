"""Pages of what is a user's own."""

import pytest

from backend.store import export
from backend.store.engine.db import OpenDb


@pytest.mark.sqlite  # whose rows may refer to nothing
def test_reactions_are_told_by_message(db: OpenDb) -> None:
    """All of a message's together, the first given first, and none is cut off by a page's end."""
    db.execute("PRAGMA foreign_keys = OFF")
    with db.transaction():
        db.executemany(
            "INSERT INTO reactions (message_id, emoji, user_id, created_at) VALUES (?, ?, ?, ?)",
            [
                (message, emoji, user, at)
                for message in range(1, export.PAGE + 2)
                for user, emoji, at in ((1, "b", 5000), (1, "a", 6000), (2, "c", 7000))
            ],
        )
    page = export.reactions(db, 1, 0)
    assert page.rows == [
        {"id": message, "emoji": "b a", "created_at": 5} for message in range(1, export.PAGE + 1)
    ]
    assert page.after == export.PAGE
    assert [row["id"] for row in export.reactions(db, 1, page.after).rows] == [export.PAGE + 1]


@pytest.mark.sqlite  # whose rows may refer to nothing
def test_the_latest_membership_is_told(db: OpenDb) -> None:
    """Of those a user had in a conversation; its role and whether it goes on."""
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute(
        "INSERT INTO conversations (id, kind, name, named, created_by, created_at, updated_at,"
        " member_count) VALUES (1, 'group', 'x', 1, 2, 0, 0, 1)"
    )
    db.executemany(
        "INSERT INTO members (conversation_id, user_id, joined_id, left_id, first_id, role,"
        " joined_at, read_id, read_seq, delivered_id) VALUES (1, 1, ?, ?, 0, ?, ?, 0, 0, 0)",
        [(3, 4, "owner", 9000), (7, 8, "moderator", 8000)],
    )
    (row,) = export.conversations(db, 1, 0).rows
    assert (row["role"], row["joined_at"], row["is_member"]) == ("moderator", 8, 0)
