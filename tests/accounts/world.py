"""Something for accounts to be deleted and exported with."""

from backend.store.engine.db import Db
from tests.support.http import Server


async def fill(server: Server) -> None:
    """Bob (2) registers, and he and Alice (1) know each other in every way there is."""
    await server.register("bob")
    await server.write(_insert)


def _insert(db: Db) -> None:
    db.execute("UPDATE users SET bio = 'Hi', email = 'A@b.de', email_key = 'a@b.de' WHERE id = 1")
    db.executemany("INSERT INTO contacts VALUES (?, ?, 5000)", [(1, 2), (2, 1)])
    db.executemany("INSERT INTO contact_requests VALUES (?, ?, 5000)", [(1, 2), (2, 1)])
    db.executemany("INSERT INTO blocks VALUES (?, ?, 5000)", [(1, 2), (2, 1)])
    db.execute(
        "INSERT INTO conversations (id, kind, name, named, created_by, created_at, updated_at,"
        " member_count) VALUES (?, 'group', 'Us', 1, 1, 5000, 5000, 2)",
        (db.draw("conversations"),),
    )
    for user in (1, 2):
        db.execute(
            "INSERT INTO members (conversation_id, user_id, joined_id, first_id, role,"
            " joined_at, read_id, read_seq, delivered_id)"
            " VALUES (1, ?, 0, 0, 'member', 5000, 0, 0, 0)",
            (user,),
        )
        add_message(db, user, f"Hello from {user}")
        db.execute("INSERT INTO mentions VALUES (?, 1, 1)", (user,))
        db.execute("INSERT INTO reactions VALUES (1, '👍', ?, 5000)", (user,))


def add_message(db: Db, user_id: int, content: str) -> None:
    """A message in the one conversation there is."""
    db.execute(
        "INSERT INTO messages (id, conversation_id, seq, kind, sender_id, content, sent_at)"
        " SELECT ?, 1, coalesce(max(seq), 0) + 1, 'text', ?, ?, 5000 FROM messages",
        (db.draw("messages"), user_id, content),
    )
