"""Sessions: where a user is logged in, until when, and the end of it.

A session that ends or is prolonged is told in the log (audience SERVER), in the same transaction,
so that the gateway closes or prolongs its sockets, whichever process wrote it. Times in the table
are Unix milliseconds, those of an Identity Unix seconds.
"""

from collections.abc import Sequence
from typing import NamedTuple

from backend.store import log, outsiders
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


class Refresh(NamedTuple):
    """A refresh token as it is stored: its hash, and that of the part its session keeps."""

    hash: bytes
    family_hash: bytes | None


class Login(NamedTuple):
    """What is recorded of a login: its refresh token, the address, the device."""

    refresh: Refresh
    address: str
    device: str


class Lasting(NamedTuple):
    """Seconds a session lasts: `ttl` from when it was last refreshed, `max_age` in all."""

    ttl: int
    max_age: int


class Exchanged(NamedTuple):
    """Whose refresh token was exchanged, and for which of its successors."""

    identity: Identity
    place: int


class Session(NamedTuple):
    """One session as its user sees it; times in Unix milliseconds."""

    id: int
    device: str
    address: str
    created_at: int
    last_seen: int
    expires_at: int


class Reused(Exception):
    """A refresh token was used that had been exchanged: somebody has a copy."""


class SessionOver(Exception):
    """The session has ended, or its user may not come in any more."""


GRACE_MS = 10_000  # for a second tab
LOST_MS = 86_400_000  # for who lost the answer
BY_REFRESH = "(s.refresh_hash = :hash OR s.previous_hash = :hash OR s.family_hash = :family_hash)"
LIVE = """
SELECT u.id, u.username, s.id, s.expires_at / 1000 FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.expires_at > :now AND u.disabled_at IS NULL AND u.deleted_at IS NULL
"""


def create(db: Db, user_id: int, login: Login, lasting: Lasting, limit: int) -> Identity:
    """A new session; past `limit` of them the oldest ones of the user end."""
    now, session_id = now_ms(), db.draw("sessions")
    expires_at = now + min(lasting) * 1000
    db.execute(
        "INSERT INTO sessions (id, user_id, refresh_hash, family_hash, created_at, last_seen,"
        " expires_at, address, device) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (session_id, user_id, *login.refresh, now, now, expires_at, login.address, login.device),
    )
    surplus = db.execute(
        f"SELECT id FROM sessions WHERE user_id = ? ORDER BY id DESC LIMIT {FOREVER} OFFSET ?",
        (user_id, limit),
    ).fetchall()
    for (oldest,) in surplus:
        end(db, user_id, oldest, "too many sessions")
    (username,) = db.execute("SELECT username FROM users WHERE id = ?", (user_id,)).fetchone()
    return Identity(user_id, username, session_id, expires_at // 1000)


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


def find_by_refresh(db: Db, refresh: Refresh) -> Identity | None:
    """Whose live session has, or had, this refresh token."""
    values = {"now": now_ms(), **refresh._asdict()}
    found = db.execute(f"{LIVE} AND {BY_REFRESH}", values).fetchone()
    return Identity._make(found) if found else None


def exchange(
    db: Db, given: Refresh, successors: Sequence[Refresh], lasting: Lasting
) -> Exchanged | None:
    """Give a session its next refresh token for its last one, and let it last anew from now.

    As long as no successor has been used, the last but one may come again: within GRACE_MS from
    another tab, which has the same successor; later, for a day, because the answer was lost, which
    has the next of `successors`, and the one before is good for nothing any more. Gives None for a
    token that is no live session's, or whose successor is none of those that are given. Raises
    Reused, whereupon the session is to end.
    """
    found = find_by_refresh(db, given)
    if found is None:
        return None
    last, previous, rotated_at = db.execute(
        "SELECT refresh_hash, previous_hash, rotated_at FROM sessions WHERE id = ?",
        (found.session_id,),
    ).fetchone()
    if given.hash == last:
        return Exchanged(_rotate(db, found, given, successors[0], lasting), 0)
    age = now_ms() - rotated_at if given.hash == previous else LOST_MS
    place = _place_of(last, successors)
    if age < GRACE_MS:
        return None if place is None else Exchanged(_extend(db, found, lasting), place)
    if age >= LOST_MS or place is None or place + 1 == len(successors):
        raise Reused
    return Exchanged(_rotate(db, found, given, successors[place + 1], lasting), place + 1)


def _place_of(hash_: bytes, among: Sequence[Refresh]) -> int | None:
    return next((place for place, each in enumerate(among) if each.hash == hash_), None)


def _rotate(
    db: Db, identity: Identity, given: Refresh, successor: Refresh, lasting: Lasting
) -> Identity:
    """Let a session have its next refresh token; gives the identity with its new end."""
    db.execute(
        "UPDATE sessions SET refresh_hash = :next, family_hash = :family,"
        " previous_hash = :given, rotated_at = :now WHERE id = :session",
        {"next": successor.hash, "family": successor.family_hash, "given": given.hash,
         "now": now_ms(), "session": identity.session_id},
    )  # fmt: skip
    return _extend(db, identity, lasting)


def _extend(db: Db, identity: Identity, lasting: Lasting) -> Identity:
    """Let a session last anew from now; gives the identity with its new end."""
    now = now_ms()
    found = db.execute("SELECT created_at FROM sessions WHERE id = ?", (identity.session_id,))
    (created_at,) = found.fetchone()
    expires_at = min(now + lasting.ttl * 1000, created_at + lasting.max_age * 1000)
    db.execute(
        "UPDATE sessions SET expires_at = ?, last_seen = ? WHERE id = ?",
        (expires_at, now, identity.session_id),
    )
    longer = identity._replace(expires_at=expires_at // 1000)
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

    So do the tokens that an outside service has issued by now; it is told even when there was no
    session, because the user may have sockets by those.
    """
    outsiders.revoke(db, user_id)
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
