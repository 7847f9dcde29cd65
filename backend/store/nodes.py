"""The processes that serve one database together, and who is online at which.

No clocks are compared: a node is alive as long as its `beat` goes on.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from backend.store import watchers
from backend.store.engine.db import Db
from backend.store.engine.lists import as_list, one_of

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[int, ...]).decode


class Present(NamedTuple):
    """A user who is online at a node; `opened` is when each of their sockets was (Unix ms)."""

    node: str
    user_id: int
    username: str
    hidden: bool
    opened: tuple[int, ...]


PRESENT = (
    "SELECT p.node_id, u.id, u.username, u.hide_presence, p.opened"
    " FROM presence p JOIN users u ON u.id = p.user_id"
)


def beat(db: Db, node: str) -> tuple[bool, dict[str, int]]:
    """Say that a node lives: whether that was known, and every node's beat."""
    known = db.execute("UPDATE nodes SET beat = beat + 1 WHERE id = ?", (node,)).rowcount > 0
    if not known:
        db.execute("INSERT INTO nodes (id, beat) VALUES (?, 1)", (node,))
    return known, dict(db.execute("SELECT id, beat FROM nodes"))


def forget(db: Db, node: str) -> None:
    """Let a node be no more; who was online there is to be taken away before.

    So are rows that nobody else would find: of nodes that were forgotten already.
    """
    db.execute("DELETE FROM nodes WHERE id = ?", (node,))
    db.execute("DELETE FROM presence WHERE node_id NOT IN (SELECT id FROM nodes)")


def put(db: Db, node: str, present: Iterable[tuple[int, tuple[int, ...]]]) -> None:
    """Note who is online at a node: user ids, and when each of their sockets was opened."""
    db.executemany(
        "INSERT INTO presence (node_id, user_id, opened) VALUES (?, ?, ?)"
        " ON CONFLICT (node_id, user_id) DO UPDATE SET opened = excluded.opened",
        [(node, user_id, _encode(opened).decode()) for user_id, opened in present],
    )


def take(db: Db, node: str, user_ids: Iterable[int]) -> None:
    """Note who is online at a node no more."""
    db.execute(
        f"DELETE FROM presence WHERE node_id = ? AND user_id IN {one_of()}",
        (node, as_list(user_ids)),
    )


def everybody(db: Db) -> list[Present]:
    """Who is online, at whichever node that is known: nobody buries another's people."""
    return [_present(row) for row in db.execute(f"{PRESENT} JOIN nodes n ON n.id = p.node_id")]


def some_of(db: Db, node: str, limit: int) -> list[tuple[Present, list[int]]]:
    """A few of those who are online at a node, each with who is told of them."""
    rows = db.execute(
        f"{PRESENT} WHERE p.node_id = ? ORDER BY p.user_id LIMIT ?", (node, limit)
    ).fetchall()
    return [(_present(row), watchers.ids(db, row[1])) for row in rows]


def _present(row: tuple[str, int, str, int, str]) -> Present:
    node, user_id, username, hidden, opened = row
    return Present(node, user_id, username, bool(hidden), _decode(opened))
