"""Minted worlds: people with sessions, conversations and contacts, straight into a fresh database.

What is measured is not ten thousand password hashes. The creation rows of the log count as let go
(`log_floor`), as in a database that is older than its log's retention.
"""

import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from backend.auth.tokens import Tokens
from backend.protocol.cursor import write_cursor
from backend.store.engine.db import Db
from backend.store.engine.sqlite.db import SqliteDb
from backend.store.engine.sqlite.opening import open_file
from backend.store.migrations import migrate_up
from backend.store.sessions import Identity
from tests.support.counters import recount

SECRET = "a secret that only the benchmark knows"
YEAR = 365 * 86400

Members = Sequence[int]


def now_ms() -> int:
    """Unix milliseconds."""
    return time.time_ns() // 1_000_000


def token_of(user: int) -> str:
    """The token of a user's minted session, good for a year."""
    identity = Identity(user, f"user{user}", user, int(time.time()) + YEAR)
    return Tokens((SECRET,), YEAR).sign(identity)


def cursors_of(path: Path, users: Iterable[int], behind: int = 0) -> list[str]:
    """A cursor for each user, `behind` rows before the end of the log of a started server."""
    with closing(open_file(str(path))) as db:
        epoch = db.execute("SELECT epoch FROM epochs ORDER BY number DESC LIMIT 1").fetchone()[0]
        head = db.newest("log")
    return [write_cursor(epoch, head - behind, user) for user in users]


def mint(path: Path, people: int, groups: Sequence[Members], contacts: int = 0) -> None:
    """Make a database at `path` with users 1…`people` and these conversations, ids from 1 on.

    Two members make a direct conversation. Everybody has the `contacts` people nearest to them,
    half on each side, as on a ring.
    """
    with closing(open_file(str(path))) as db:
        list(migrate_up(db))
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN IMMEDIATE")
        _mint_people(db, people)
        _mint_contacts(db, people, contacts)
        _mint_groups(db, groups)
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _mint_people(db: Db, people: int) -> None:
    now = now_ms()
    names = [(user, f"user{user}", now) for user in range(1, people + 1)]
    db.executemany(
        "INSERT INTO users (id, username, username_key, fullname, fullname_key, created_at,"
        " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(user, name, name, name, name, now, now) for user, name, now in names],
    )
    db.executemany(
        "INSERT INTO sessions (id, user_id, refresh_hash, created_at, last_seen, expires_at,"
        " address, device) VALUES (?, ?, ?, ?, ?, ?, '127.0.0.1', 'bench')",
        [(user, user, name.encode(), now, now, now + YEAR * 1000) for user, name, now in names],
    )


def _mint_contacts(db: Db, people: int, contacts: int) -> None:
    now = now_ms()
    steps = [step for step in range(-(contacts // 2), contacts // 2 + 1) if step]
    db.executemany(
        "INSERT INTO contacts (user_id, contact_id, created_at) VALUES (?, ?, ?)",
        (
            (user, (user - 1 + step) % people + 1, now)
            for user in range(1, people + 1)
            for step in steps
        ),
    )


def _mint_groups(db: SqliteDb, groups: Sequence[Members]) -> None:
    now = now_ms()
    for id_, members in enumerate(groups, 1):
        kind = "direct" if len(members) == 2 else "group"
        key = f"{min(members)}:{max(members)}" if kind == "direct" else None
        db.execute(
            "INSERT INTO conversations (id, kind, name, named, direct_key, created_by, created_at,"
            " updated_at, activity, member_count) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?)",
            (id_, kind, f"conversation {id_}", key, members[0], now, now, id_, len(members)),
        )
        db.executemany(
            "INSERT INTO members (conversation_id, user_id, joined_id, first_id, role, joined_at,"
            " read_id, read_seq, delivered_id) VALUES (?, ?, ?, 1, ?, ?, 0, 0, 0)",
            [
                (id_, user, id_, "owner" if user == members[0] else "member", now)
                for user in members
            ],
        )
    recount(db, "users", "sessions", "conversations")
    db.execute("INSERT INTO counters (name, value) VALUES ('log', ?)", (len(groups),))
    db.execute("UPDATE facts SET value = ? WHERE name = 'log_floor'", (len(groups),))
