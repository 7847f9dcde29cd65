"""Invites: codes that so many people may register with until a time; kept as hashes."""

import hashlib
from typing import NamedTuple

from backend.store.engine.db import Db
from backend.store.log import now_ms

ID_LENGTH = 8
GOOD = "code_hash = ? AND uses_left > 0 AND expires_at > ?"


def create(db: Db, code: str, uses: int, expires_at: int) -> None:
    """Take note of a new code; those that have run out are let go of. Times in milliseconds."""
    db.execute("DELETE FROM invites WHERE uses_left = 0 OR expires_at <= ?", (now_ms(),))
    db.execute(
        "INSERT INTO invites (code_hash, uses_left, expires_at) VALUES (?, ?, ?)",
        (_hash(code), uses, expires_at),
    )


def is_good(db: Db, code: str) -> bool:
    """Whether somebody may register with this code now."""
    found = db.execute(f"SELECT 1 FROM invites WHERE {GOOD}", (_hash(code), now_ms()))
    return found.fetchone() is not None


def use(db: Db, code: str) -> bool:
    """Use a code up by one; False when it is not good."""
    used = db.execute(
        f"UPDATE invites SET uses_left = uses_left - 1 WHERE {GOOD}", (_hash(code), now_ms())
    )
    return used.rowcount == 1


class Invite(NamedTuple):
    """An invite that is good: the beginning of its hash, and what is left of it."""

    id: str
    uses_left: int
    expires_at: int


def listed(db: Db) -> list[Invite]:
    """The invites that are good now, the next to run out first."""
    rows = db.execute(
        "SELECT code_hash, uses_left, expires_at FROM invites"
        " WHERE uses_left > 0 AND expires_at > ? ORDER BY expires_at, code_hash",
        (now_ms(),),
    )
    return [Invite(row[0].hex()[:ID_LENGTH], row[1], row[2]) for row in rows]


def revoke(db: Db, code_or_id: str) -> bool:
    """Let a code be good no more, named by itself or by its id; False if that names not just one.

    An id may be shorter than it is listed.
    """
    hashes = [row[0] for row in db.execute("SELECT code_hash FROM invites")]
    named = [each for each in hashes if each == _hash(code_or_id)] or [
        each for each in hashes if code_or_id and each.hex().startswith(code_or_id)
    ]
    if len(named) != 1:
        return False
    db.execute("DELETE FROM invites WHERE code_hash = ?", (named[0],))
    return True


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
