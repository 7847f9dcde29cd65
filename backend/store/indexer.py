"""Filling the index of messages from the log, off the sending path.

The index is derived data. It remembers up to which position of which history (an epoch) it is
filled; when that is not this database's history, or the log no longer reaches back that far, it is
made anew from the messages, the newest first.
"""

import asyncio
import contextlib
import time
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

from backend.logs import Journal, Spell
from backend.store import epochs, index_file, log
from backend.store.engine.connection import Connection, is_postgres, open_database
from backend.store.engine.db import Db, OpenDb
from backend.store.engine.faults import is_broken
from backend.store.engine.lists import as_list, each, one_of
from backend.store.search import sender_token, word_token
from backend.store.tokens import index_tokens

POLL_SECONDS = 0.5
BATCH = 500
BATCH_SECONDS = 0.05
PIECE = 20  # messages between two looks at the clock
PATIENCE = 24  # times as long as a batch took: sending comes first
MAX_PAUSE = 1.0  # seconds: what one account sends keeps others from being found for no longer
FORM = "3"  # of what tokens.py does: another one is filled anew, and for newer data of Unicode
VERSION = f"{FORM}/{unicodedata.unidata_version}"

ANEW = {"sqlite": ("DROP TABLE words", index_file.WORDS), "postgres": ("TRUNCATE words",)}

journal = Journal("parley.search")


class Filled(NamedTuple):
    """How far the index has got: the log up to `position`, and the messages from `below` up.

    `unpurged` counts the removals whose words may still stand in the file.
    """

    version: str
    epoch: str
    position: int
    below: int
    unpurged: int


class SearchIndex:
    """Keeps the index up to date, a second behind unless thousands are written a second."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._purging = asyncio.Lock()
        self._away = Spell(_waits, _goes_on)

    @classmethod
    async def open(cls, where: str) -> "SearchIndex":
        """Open the index of a migrated database."""
        if is_postgres(where):
            return cls(await Connection.open(where))
        return cls(await index_file.open_index(where))

    async def run(self) -> None:
        """Follow the log until cancelled; while there is much to do, most of the time is left."""
        while True:
            started = time.monotonic()
            try:
                behind = await self._connection.run(fill)
                self._away.pass_by(self)
            except Exception as error:
                if is_broken(error):
                    self._away.meet(self, error)
                else:
                    text = "the search index could not be filled"
                    journal.error("search_failed", text, fault=error)
                behind = False
            took = time.monotonic() - started
            await asyncio.sleep(min(took * PATIENCE, MAX_PAUSE) if behind else POLL_SECONDS)

    async def filled(self) -> Filled:
        """How far it has got."""
        return await self._connection.run(_read_filled)

    async def catch_up(self) -> None:
        """Return when everything committed so far can be found."""
        while await self._connection.run(fill):
            pass

    async def purge(self) -> bool:
        """Take removed words out of a file's bytes too; gives whether none are left."""
        async with self._purging:
            unpurged = (await self._connection.run(_read_filled)).unpurged
            return not unpurged or await index_file.purge(self._connection, unpurged)

    async def close(self) -> None:
        """Finish what is under way, then close the connection."""
        await self._connection.close()


def forget(where: str) -> None:
    """Let who fills the index of a database begin it anew."""
    path = where if is_postgres(where) else index_file.index_path(where)
    with contextlib.closing(open_database(path)) as db, db.transaction():
        db.execute("DELETE FROM filled")


async def rebuild(path: str, reached: Callable[[int, int], None]) -> int:
    """Make the index of the SQLite database at `path` anew; no server may run on it.

    `reached` is told how many messages were looked at, and of how many; gives the latter.
    """
    index = await SearchIndex.open(path)
    forget(path)
    try:
        total = await index._connection.run(_newest_message)
        more = True
        while more:
            more = await index._connection.run(fill)
            reached(total - (await index.filled()).below + 1, total)
        return total
    finally:
        await index.close()


def _waits(error: Exception) -> None:
    journal.error("search_waits", "the search index cannot be filled: %(reason)s", reason=error)


def _goes_on() -> None:
    journal.info("search_goes_on", "the search index is filled again")


def fill(db: OpenDb) -> bool:
    """Bring a batch of changes into the index, in one transaction; gives whether there is more."""
    with db.claim("search") as is_ours:
        return is_ours and _fill(db)


def _fill(db: Db) -> bool:
    newest = db.execute("SELECT epoch FROM epochs ORDER BY number DESC LIMIT 1").fetchone()
    if newest is None:  # no server has run on it, so no position in it has a name
        return False
    filled = _read_filled(db)
    if not _is_of_this_history(db, filled):
        filled = _begin_anew(db)
    rows = db.execute(
        "SELECT id, message_id FROM log WHERE id > ? ORDER BY id LIMIT ?",
        (filled.position, BATCH),
    ).fetchall()
    ends = time.monotonic() + BATCH_SECONDS
    position, below, removed, done = filled.position, filled.below, 0, 0
    while done < len(rows) and (not done or time.monotonic() < ends):
        piece = rows[done : done + PIECE]
        removed += _index(db, {message_id for _, message_id in piece if message_id is not None})
        position, done = piece[-1][0], done + len(piece)
    while len(rows) < BATCH and done == len(rows) and below > 1 and time.monotonic() < ends:
        before, below = below, max(1, below - PIECE)
        removed += _index(db, range(below, before))
    now = Filled(filled.version, newest[0], position, below, filled.unpurged + removed)
    if now != filled:
        _write_filled(db, now)
    return len(rows) == BATCH or done < len(rows) or below > 1


def _read_filled(db: Db) -> Filled:
    row = db.execute("SELECT version, epoch, position, below, unpurged FROM filled").fetchone()
    return Filled._make(row) if row else Filled("", "", 0, 1, 0)


def _write_filled(db: Db, filled: Filled) -> None:
    db.execute("DELETE FROM filled")
    db.execute("INSERT INTO filled VALUES (?, ?, ?, ?, ?)", filled)


def _is_of_this_history(db: Db, filled: Filled) -> bool:
    return (
        _fits(filled.version)
        and epochs.covers(db, filled.epoch, filled.position)
        and filled.position >= log.floor(db)
    )


def _fits(version: str) -> bool:
    """Whether the index goes on from there; with newer data of Unicode than ours, too.

    Nodes whose Pythons differ would otherwise begin it anew after each other for ever. What it
    changes are letters that are new to Unicode.
    """
    form, _, data = version.partition("/")
    return form == FORM and _numbers(data) >= _numbers(unicodedata.unidata_version)


def _numbers(version: str) -> list[int]:
    return [int(each) for each in version.split(".")]


def _begin_anew(db: Db) -> Filled:
    for statement in ANEW[db.dialect]:
        db.execute(statement)
    return Filled(VERSION, "", log.head(db), _newest_message(db) + 1, 1)


def _newest_message(db: Db) -> int:
    return db.execute("SELECT max(id) FROM messages").fetchone()[0] or 0


def _index(db: Db, ids: Iterable[int]) -> int:
    """Let these messages be found as they are now; gives how many had words that they have not."""
    wanted = as_list(ids)
    now, before = _texts(db, wanted), _indexed(db, wanted)
    gone = [(id_,) for id_ in before if id_ not in now]
    changed = [each for each in now.items() if before.get(each[0]) != each[1]]
    replaced = [(id_,) for id_, _ in changed if id_ in before]
    db.executemany("DELETE FROM words WHERE rowid = ?", gone + replaced)
    db.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", changed)
    return len(gone) + len(replaced)


def _texts(db: Db, ids: str) -> dict[int, str]:
    """What the messages of a JSON list of ids are found by; those that may be found only."""
    names: dict[int, list[str]] = {}
    for message_id, name in db.execute(
        f"SELECT message_id, name FROM files WHERE message_id IN {one_of()}", (ids,)
    ):
        names.setdefault(message_id, []).append(name)
    rows = db.execute(
        f"SELECT id, conversation_id, sender_id, content FROM messages WHERE id IN {one_of()}"
        " AND kind = 'text' AND deleted_at IS NULL AND content IS NOT NULL",
        (ids,),
    )
    return {
        id_: _text(conversation_id, sender_id, " ".join([content, *names.get(id_, [])]))
        for id_, conversation_id, sender_id, content in rows
    }


def _text(conversation_id: int, sender_id: int, content: str) -> str:
    prefix = word_token(conversation_id, "")
    words = [prefix + token for token in index_tokens(content)]
    return " ".join([sender_token(conversation_id, sender_id), *words])


def _indexed(db: Db, ids: str) -> dict[int, str]:
    """What those of the messages that are in the index are found by; looks up no newer ones."""
    rows = db.execute(
        f"SELECT rowid, text FROM words WHERE rowid IN (SELECT value FROM {each()} AS listed"
        " WHERE value <= (SELECT rowid FROM words ORDER BY rowid DESC LIMIT 1))",
        (ids,),
    )
    return dict(rows.fetchall())
