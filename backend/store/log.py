"""The log: every durable change, in the order it was committed.

A row says who is to see it (its audience), what happened (type and body, the encoded `data` of
the push), and, for the server's own memory, what it changes there (its effect). Live delivery and
catching up after a disconnect both read these rows and nothing else.
"""

import time
from enum import IntEnum

import msgspec

from backend.store.engine.db import Db, look_up_anew
from backend.store.engine.rows import Insert, Lookup, Update


class Audience(IntEnum):
    """Who sees a row; `target` is the id of what is named here."""

    CONVERSATION = 0
    USER = 1
    WATCHERS = 2
    SERVER = 3
    NEWCOMERS = 4  # who becomes a member of a conversation with this very row


class Effect(msgspec.Struct, omit_defaults=True, frozen=True):
    """What a row changes in the server's memory of who belongs to what.

    `join` and `leave` name users of the row's conversation, `skip` members who are not to get the
    row; `watchers` and `strangers` a pair of users who from now on are, or are no longer, told of
    each other; `told` are the watchers whom a row of theirs is for. The rest belongs to rows of the
    audience SERVER: `user` whose sessions are meant, `session` the one meant (0: all), `keep` one
    left out, `expires_at` the new end in Unix seconds (0: ended, with `reason`).
    """

    join: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()
    skip: tuple[int, ...] = ()
    watchers: tuple[int, int] | None = None
    strangers: tuple[int, int] | None = None
    told: tuple[int, ...] = ()
    hide_presence: bool | None = None
    user: int = 0
    session: int = 0
    keep: int = 0
    expires_at: int = 0
    reason: str = ""


class LogRow(msgspec.Struct, frozen=True, gc=False):
    """One row as it is delivered."""

    id: int
    audience: int
    target: int
    skip_user: int | None
    type: str
    body: bytes
    effect: bytes | None


COUNTER = "log"
TAIL = (
    "SELECT id, audience, target, skip_user, type, body, effect FROM log WHERE id > ? ORDER BY id"
)
APPEND = Insert(
    "log",
    {
        "id": "bigint", "audience": "bigint", "target": "bigint", "skip_user": "bigint",
        "type": "text", "body": "bytea", "effect": "bytea", "message_id": "bigint",
        "about_id": "bigint", "created_at": "bigint",
    },
    known_by=("message_id",),
)  # fmt: skip
CARRYING = Lookup("SELECT id FROM log WHERE message_id = {0} AND superseded = 0", ("bigint",))
SUPERSEDE = Update("log", {"superseded": "bigint", "id": "bigint"}, known_by=("id",))
_encode_effect = msgspec.json.Encoder().encode
decode_effect = msgspec.json.Decoder(Effect).decode


def append(
    db: Db,
    audience: Audience,
    target: int,
    type_: str,
    body: bytes,
    *,
    skip_user: int | None = None,
    effect: Effect | None = None,
    message_id: int | None = None,
    about_id: int | None = None,
    log_id: int | None = None,
) -> int:
    """Add a row within the current transaction, `log_id` if that was reserved; gives its id.

    It carries the message `message_id` whole; only who may read the message `about_id` gets it.
    """
    id_ = db.draw(COUNTER) if log_id is None else log_id
    db.stored_bytes += len(body)
    db.later(
        APPEND,
        (
            id_,
            int(audience),
            target,
            skip_user,
            type_,
            body,
            _encode_effect(effect) if effect is not None else None,
            message_id,
            about_id,
            now_ms(),
        ),
    )
    return id_


def reserve(db: Db) -> int:
    """Draw the id of a row that `append` is to add later in this transaction."""
    return db.draw(COUNTER)


def now_ms() -> int:
    """The time in Unix milliseconds; shown to people, never used for order."""
    return time.time_ns() // 1_000_000


def head(db: Db) -> int:
    """The id of the newest row there ever was."""
    return db.newest(COUNTER)


def supersede(db: Db, message_id: int) -> None:
    """Let who is a member be replayed this message as the newest row has it, not as it was."""
    if db.written(APPEND, message_id):  # what was read ahead knows nothing of that row
        found = look_up_anew(db, CARRYING, message_id)
    else:
        found = db.look_up(CARRYING, message_id)
    for (id_,) in found:
        db.later(SUPERSEDE, (1, id_))


def rewrite(db: Db, message_id: int, body: bytes) -> None:
    """Let every row that carries this message carry `body` instead."""
    db.execute("UPDATE log SET body = ? WHERE message_id = ?", (body, message_id))


def floor(db: Db) -> int:
    """Rows up to this id have been let go; a cursor below it is too old."""
    return int(db.execute("SELECT value FROM facts WHERE name = 'log_floor'").fetchone()[0])


def trim(db: Db, older_than_ms: int, limit: int) -> int:
    """Let go of up to `limit` rows older than that, never of the newest; gives how many."""
    row = db.execute(
        "SELECT max(id), count(*) FROM (SELECT id, created_at FROM log ORDER BY id LIMIT ?)"
        " AS oldest WHERE created_at < ? AND id < ?",
        (limit, older_than_ms, head(db)),
    ).fetchone()
    if not row[1]:
        return 0
    db.execute("DELETE FROM log WHERE id <= ?", (row[0],))
    db.execute("UPDATE facts SET value = ? WHERE name = 'log_floor'", (row[0],))
    return int(row[1])
