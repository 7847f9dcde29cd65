"""Accounts that are gone and whose name still stands in old rows, until it is out of all of them.

A row of `erasures` is written with the deletion and removed when nothing is left to do, so that a
crash in between only means to go on; `log_id` is how far the log has been gone through.
"""

from typing import NamedTuple

from backend.store.engine.db import Db
from backend.store.users import COLUMNS, UserRow


class Gone(NamedTuple):
    """An account that is gone: the folded name it had, and the user it is told as now."""

    key: str
    user: UserRow


class Mentioning(NamedTuple):
    """What of a message names people: a JSON list of who is mentioned, or None."""

    id: int
    mentions: str | None


class NamingRow(NamedTuple):
    """A row of the log that may name the account, or that was for nobody else."""

    id: int
    body: bytes
    is_own: bool


def begin(db: Db, user_id: int) -> None:
    """Note that the name of this account is to go."""
    db.execute("INSERT INTO erasures (user_id, log_id) VALUES (?, 0)", (user_id,))


def waiting(db: Db) -> tuple[int, int] | None:
    """The (user id, log id gone through) of one that is not finished."""
    row: tuple[int, int] | None = db.execute(
        "SELECT user_id, log_id FROM erasures ORDER BY user_id LIMIT 1"
    ).fetchone()
    return row


def reached(db: Db, user_id: int, log_id: int) -> None:
    """Note that the log up to there names the account no more."""
    db.execute("UPDATE erasures SET log_id = ? WHERE user_id = ?", (log_id, user_id))


def finish(db: Db, user_id: int) -> None:
    """Note that nothing is left to do."""
    db.execute("DELETE FROM erasures WHERE user_id = ?", (user_id,))


def gone(db: Db, user_id: int) -> Gone:
    """The account; its key is kept, because the name is never given out again."""
    row = db.execute(
        f"SELECT u.username_key, {COLUMNS} FROM users u WHERE u.id = ?", (user_id,)
    ).fetchone()
    return Gone(row[0], UserRow._make(row[1:]))


def next_conversation(db: Db, user_id: int, after: int) -> int | None:
    """The first conversation above that id in which the account ever was."""
    row = db.execute(
        "SELECT min(conversation_id) FROM members WHERE user_id = ? AND conversation_id > ?",
        (user_id, after),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def messages_page(db: Db, conversation_id: int, after: int, limit: int) -> list[Mentioning]:
    """The next messages of a conversation, by id."""
    rows = db.execute(
        "SELECT id, mentions FROM messages WHERE conversation_id = ? AND id > ?"
        " ORDER BY id LIMIT ?",
        (conversation_id, after, limit),
    )
    return list(map(Mentioning._make, rows))


def log_page_end(db: Db, after: int, limit: int) -> int | None:
    """The id of the last of the next `limit` rows of the log; None at the end."""
    row = db.execute(
        "SELECT max(id) FROM (SELECT id FROM log WHERE id > ? ORDER BY id LIMIT ?) AS page",
        (after, limit),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def log_page(db: Db, account: Gone, after: int, last: int) -> list[NamingRow]:
    """The rows of the log after one id and up to another that may name the account."""
    rows = db.execute(
        "SELECT id, body, audience IN (1, 2) AND target = ? FROM log WHERE id > ? AND id <= ?",
        (account.user.id, after, last),
    )
    key = account.key.encode()
    return [
        NamingRow(id_, body, bool(is_own))
        for id_, body, is_own in rows
        if is_own or key in body.lower()
    ]


def replace_body(db: Db, log_id: int, body: bytes) -> None:
    """Let a row of the log carry this."""
    db.execute("UPDATE log SET body = ? WHERE id = ?", (body, log_id))


def drop_row(db: Db, log_id: int) -> None:
    """Remove a row of the log."""
    db.execute("DELETE FROM log WHERE id = ?", (log_id,))
