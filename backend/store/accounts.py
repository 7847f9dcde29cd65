"""Accounts: a user's credentials, and the life of the account from registering to deletion.

Usernames are never given out again: the row of a deleted user keeps its `username_key`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from backend.store import sessions
from backend.store.engine.db import Db
from backend.store.log import now_ms
from backend.store.users import email_key, fold

# how the deleted are shown, who would pass for the server, and what mentions everybody
RESERVED = re.compile(r"deleted-\d+|admin|system|all|here|everyone")


class Taken(Exception):
    """Somebody else has, or had, this username."""


class Account(NamedTuple):
    """What logging in needs to know; `password_hash` is None for users of an outside service."""

    id: int
    username: str
    password_hash: str | None
    disabled: bool


class ListedAccount(NamedTuple):
    """An account as the operator sees it; times in milliseconds."""

    id: int
    username: str
    fullname: str
    email: str | None
    created_at: int
    last_online: int | None
    disabled: bool


class NewAccount(NamedTuple):
    """What an account is made from; `issuer` and `subject` only for outside users."""

    username: str
    fullname: str
    password_hash: str | None = None
    email: str | None = None
    issuer: str | None = None
    subject: str | None = None
    reachable_by: str = "everyone"


RELATIONS = (
    "DELETE FROM contacts WHERE contact_id = :user"  # mutual, so their keys can be looked up
    " AND user_id IN (SELECT contact_id FROM contacts WHERE user_id = :user)",
    "DELETE FROM contacts WHERE user_id = :user",
    "DELETE FROM contact_requests WHERE from_id = :user OR to_id = :user",
    "DELETE FROM blocks WHERE user_id = :user OR blocked_id = :user",
    "DELETE FROM mentions WHERE user_id = :user",
    "DELETE FROM reactions WHERE user_id = :user",
    "DELETE FROM reports WHERE reporter_id = :user",
    "DELETE FROM conversation_client_ids WHERE user_id = :user",
)
COUNTER = "users"
ACCOUNT = "SELECT id, username, password_hash, disabled_at IS NOT NULL FROM users"


def create(db: Db, new: NewAccount) -> int:
    """A new account, gives its id; raises Taken."""
    if username_taken(db, new.username):
        raise Taken
    now, user_id = now_ms(), db.draw(COUNTER)
    values = {
        "id": user_id,
        "username": new.username,
        "username_key": fold(new.username),
        "fullname": new.fullname,
        "fullname_key": fold(new.fullname),
        "email": new.email,
        "email_key": email_key(db, new.email) if new.email is not None else None,
        "password_hash": new.password_hash,
        "reachable_by": new.reachable_by,
        "issuer": new.issuer,
        "subject": new.subject,
        "created_at": now,
        "updated_at": now,
    }
    marks = ", ".join(f":{name}" for name in values)
    db.execute(f"INSERT INTO users ({', '.join(values)}) VALUES ({marks})", values)
    return user_id


def were_made(db: Db) -> bool:
    """Whether there is an account, or ever was."""
    return db.newest(COUNTER) > 0


def username_taken(db: Db, username: str) -> bool:
    """Whether anybody has or had this username, in any case, or nobody may."""
    key = fold(username)
    found = db.execute("SELECT 1 FROM users WHERE username_key = ?", (key,)).fetchone()
    return found is not None or RESERVED.fullmatch(key) is not None


def find_by_login(db: Db, name: str) -> Account | None:
    """The account with this username or email, in any case (no username has an @)."""
    column = "email_key" if "@" in name else "username_key"
    return _find(db, f"{ACCOUNT} WHERE {column} = ? AND deleted_at IS NULL", fold(name))


def find_by_id(db: Db, user_id: int) -> Account | None:
    """The account with this id, unless it is deleted."""
    return _find(db, f"{ACCOUNT} WHERE id = ? AND deleted_at IS NULL", user_id)


def find_by_subject(db: Db, issuer: str, subject: str) -> Account | None:
    """The account of an outside service's user."""
    return _find(db, f"{ACCOUNT} WHERE issuer = ? AND subject = ?", issuer, subject)


def listed(db: Db, beginning: str, *, only_disabled: bool) -> Iterator[ListedAccount]:
    """Every account that is not deleted, by id; only those that are disabled, or begin so.

    What begins is the username, the full name or the email, in any case.
    """
    low = fold(beginning)
    rows = db.execute(
        "SELECT id, username, fullname, email, created_at, last_online, disabled_at IS NOT NULL"
        " FROM users WHERE deleted_at IS NULL AND (disabled_at IS NOT NULL OR NOT :disabled)"
        " AND (username_key BETWEEN :low AND :high OR fullname_key BETWEEN :low AND :high"
        "  OR email_key BETWEEN :low AND :high) ORDER BY id",
        {"disabled": only_disabled, "low": low, "high": low + "\U0010ffff"},
    )
    return (ListedAccount._make((*row[:-1], bool(row[-1]))) for row in rows)


def logged_in_from(db: Db, user_id: int, address: str) -> bool:
    """Whether the user has a session that was begun at this address."""
    found = db.execute(
        "SELECT 1 FROM sessions WHERE user_id = ? AND address = ? LIMIT 1", (user_id, address)
    )
    return found.fetchone() is not None


def replace_password(db: Db, account: Account, password_hash: str) -> bool:
    """Set the hash, if it still is the one that was verified and the account is not disabled."""
    changed = db.execute(
        "UPDATE users SET password_hash = ?, updated_at = ?"
        " WHERE id = ? AND password_hash = ? AND disabled_at IS NULL",
        (password_hash, now_ms(), account.id, account.password_hash),
    )
    return changed.rowcount == 1


def is_current(db: Db, account: Account) -> bool:
    """Whether what was verified still holds: the same hash, neither disabled nor deleted."""
    return find_by_id(db, account.id) == account and not account.disabled


def reset_password(db: Db, user_id: int, password_hash: str) -> None:
    """Set the hash whatever it was, and end every session."""
    db.execute(
        "UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ?",
        (password_hash, now_ms(), user_id),
    )
    sessions.end_all(db, user_id, "revoked")


def disable(db: Db, user_id: int) -> None:
    """Let the user in no more, and end every session."""
    db.execute("UPDATE users SET disabled_at = ? WHERE id = ?", (now_ms(), user_id))
    sessions.end_all(db, user_id, "disabled")


def enable(db: Db, user_id: int) -> None:
    """Let a disabled user in again."""
    db.execute("UPDATE users SET disabled_at = NULL WHERE id = ?", (user_id,))


def delete(db: Db, user_id: int) -> None:
    """Take away everything personal; what is left is a name nobody gets again."""
    sessions.end_all(db, user_id, "deleted")
    for statement in RELATIONS:
        db.execute(statement, {"user": user_id})
    shown = "deleted user"
    db.execute(
        "UPDATE users SET username = 'deleted-' || id, fullname = ?, fullname_key = ?,"
        " email = NULL, email_key = NULL, bio = '', avatar = NULL, password_hash = NULL,"
        " issuer = NULL, subject = NULL, last_online = NULL, updated_at = ?, deleted_at = ?"
        " WHERE id = ?",
        (shown, fold(shown), now_ms(), now_ms(), user_id),
    )


def _find(db: Db, sql: str, *values: object) -> Account | None:
    row = db.execute(sql, values).fetchone()
    return Account(row[0], row[1], row[2], bool(row[3])) if row else None
