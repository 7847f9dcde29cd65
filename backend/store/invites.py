"""Invites: codes that so many people may register with until a time; kept as hashes."""

import hashlib

from backend.store.engine.db import Db
from backend.store.log import now_ms

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


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
