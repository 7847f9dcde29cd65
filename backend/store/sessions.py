"""Sessions: where a user is logged in, until when, and the end of it.

A session that ends or is prolonged is told in the log (audience SERVER), in the same transaction,
so that the gateway closes or prolongs its sockets, whichever process wrote it. Times in the table
are Unix milliseconds, those of an Identity Unix seconds.
"""

from typing import NamedTuple

from backend.store import log
from backend.store.engine.db import FOREVER, Db
from backend.store.log import Audience, Effect, now_ms


class Identity(NamedTuple):
    """Who asks: a user, by which session (0: a token of an outside service).

    `expires_at` is when the sockets of this identity must close, in Unix seconds: the end of the
    session, or of the outside token.
    """

    user_id: int
    username: str
    session_id: int
    expires_at: int


class Login(NamedTuple):
    """What is recorded of a login: the hash of its refresh token, the address, the device."""

    refresh_hash: bytes
    address: str
    device: str


class Session(NamedTuple):
    """One session as its user sees it; times in Unix milliseconds."""

    id: int
    device: str
    address: str
    created_at: int
    last_seen: int
    expires_at: int


class SessionOver(Exception):
    """The session has ended, or its user may not come in any more."""


LIVE = """
SELECT u.id, u.username, s.id, s.expires_at / 1000 FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.expires_at > :now AND u.disabled_at IS NULL AND u.deleted_at IS NULL
"""


def create(db: Db, user_id: int, login: Login, ttl: int, limit: int) -> int:
    """A new session of `ttl` seconds, gives its id; past `limit` of them the oldest ones end."""
    now, session_id = now_ms(), db.draw("sessions")
    db.execute(
        "INSERT INTO sessions"
        " (id, user_id, refresh_hash, created_at, last_seen, expires_at, address, device)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (session_id, user_id, login.refresh_hash, now, now, now + ttl * 1000, login.address,
         login.device),
    )  # fmt: skip
    surplus = db.execute(
        f"SELECT id FROM sessions WHERE user_id = ? ORDER BY id DESC LIMIT {FOREVER} OFFSET ?",
        (user_id, limit),
    ).fetchall()
    for (oldest,) in surplus:
        end(db, user_id, oldest, "too many sessions")
    return session_id


def find_live(db: Db, identity: Identity) -> Identity | None:
    """The identity with its session's end as it is now; None when session or user is no more.

    For an outside token (session 0) only the user is looked at, and the token's end stays.
    """
    if identity.session_id == 0:
        return _find_user(db, identity)
    values = {"now": now_ms(), "session": identity.session_id, "user": identity.user_id}
    found = db.execute(f"{LIVE} AND s.id = :session AND u.id = :user", values).fetchone()
    return Identity._make(found) if found else None


def require_live(db: Db, identity: Identity) -> Identity:
    """As find_live; raises SessionOver."""
    live = find_live(db, identity)
    if live is None:
        raise SessionOver
    return live


def find_by_refresh(db: Db, refresh_hash: bytes) -> Identity | None:
    """Whose live session has this refresh token."""
    values = {"now": now_ms(), "hash": refresh_hash}
    found = db.execute(f"{LIVE} AND s.refresh_hash = :hash", values).fetchone()
    return Identity._make(found) if found else None


def extend(db: Db, identity: Identity, ttl: int) -> Identity:
    """Let a session last `ttl` seconds from now; gives the identity with its new end."""
    now = now_ms()
    db.execute(
        "UPDATE sessions SET expires_at = ?, last_seen = ? WHERE id = ?",
        (now + ttl * 1000, now, identity.session_id),
    )
    longer = identity._replace(expires_at=now // 1000 + ttl)
    effect = Effect(user=longer.user_id, session=longer.session_id, expires_at=longer.expires_at)
    _tell(db, effect)
    return longer


def end(db: Db, user_id: int, session_id: int, reason: str) -> bool:
    """End one session of a user; False when there is no such session of theirs."""
    gone = db.execute("DELETE FROM sessions WHERE id = ? AND user_id = ?", (session_id, user_id))
    if gone.rowcount == 0:
        return False
    _tell(db, Effect(user=user_id, session=session_id, reason=reason))
    return True


def end_all(db: Db, user_id: int, reason: str, keep: int = 0) -> int:
    """End every session of a user but `keep` (0: none is kept); gives how many ended.

    It is told even when there was none: the user may have sockets by outside tokens.
    """
    gone = db.execute("DELETE FROM sessions WHERE user_id = ? AND id <> ?", (user_id, keep))
    _tell(db, Effect(user=user_id, keep=keep, reason=reason))
    return gone.rowcount


def list_for(db: Db, user_id: int) -> list[Session]:
    """The live sessions of a user, the newest first."""
    rows = db.execute(
        "SELECT id, device, address, created_at, last_seen, expires_at FROM sessions"
        " WHERE user_id = ? AND expires_at > ? ORDER BY id DESC",
        (user_id, now_ms()),
    )
    return list(map(Session._make, rows))


def touch(db: Db, session_ids: list[int]) -> None:
    """These sessions were seen just now."""
    now = now_ms()
    db.executemany(
        "UPDATE sessions SET last_seen = ? WHERE id = ?", [(now, id_) for id_ in session_ids]
    )


def delete_expired(db: Db) -> int:
    """Let go of sessions that are over; gives how many. Their sockets close by themselves."""
    return db.execute("DELETE FROM sessions WHERE expires_at <= ?", (now_ms(),)).rowcount


def _find_user(db: Db, identity: Identity) -> Identity | None:
    found = db.execute(
        "SELECT username FROM users WHERE id = ? AND disabled_at IS NULL AND deleted_at IS NULL",
        (identity.user_id,),
    ).fetchone()
    return identity._replace(username=found[0]) if found else None


def _tell(db: Db, effect: Effect) -> None:
    log.append(db, Audience.SERVER, effect.user, "session", b"{}", effect=effect)
