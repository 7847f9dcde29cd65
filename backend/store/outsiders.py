"""Users of an outside service: what their tokens last said, and up to when those are revoked.

A person is (issuer, subject), kept here as a hash, because what is revoked outlives the account.
Times are Unix seconds, as in tokens.
"""

import hashlib
from typing import NamedTuple

from backend.store.engine.db import Db
from backend.store.log import now_ms


class Said(NamedTuple):
    """What a token said of its user, as a hash, and when it was issued."""

    claims_hash: bytes | None
    at: int


def revoked_until(db: Db, issuer: str, subject: str) -> int:
    """Tokens of this person issued up to then are not good any more; 0 when none was revoked."""
    found = db.execute(
        "SELECT until FROM revocations WHERE subject_hash = ?", (_hash(issuer, subject),)
    ).fetchone()
    return found[0] if found else 0


def revoke(db: Db, user_id: int) -> None:
    """Revoke every token of the user that was issued by now, if they are an outside service's."""
    found = db.execute(
        "SELECT issuer, subject FROM users WHERE id = ? AND issuer IS NOT NULL", (user_id,)
    ).fetchone()
    if found is not None:
        db.execute(
            "INSERT INTO revocations (subject_hash, until) VALUES (?, ?)"
            " ON CONFLICT (subject_hash) DO UPDATE SET until = excluded.until",
            (_hash(*found), now_ms() // 1000),
        )


def said(db: Db, user_id: int) -> Said:
    """What the newest token said whose claims were taken over."""
    found = db.execute("SELECT claims_hash, claims_at FROM users WHERE id = ?", (user_id,))
    return Said._make(found.fetchone())


def note(db: Db, user_id: int, now_said: Said) -> None:
    """Note what a token said."""
    db.execute("UPDATE users SET claims_hash = ?, claims_at = ? WHERE id = ?", (*now_said, user_id))


def _hash(issuer: str, subject: str) -> bytes:
    return hashlib.sha256(f"{issuer}\0{subject}".encode("utf-8", "surrogatepass")).digest()
