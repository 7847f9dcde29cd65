"""Filling the index of messages from the log, off the sending path.

The index is derived data. It remembers up to which position of which history (an epoch) it is
filled; when that is not this database's history, or the log no longer reaches back that far, it is
made anew from the messages, the newest first.
"""

import asyncio
import time
import unicodedata
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from backend.logs import Journal
from backend.store import log
from backend.store.engine.connection import Connection
from backend.store.engine.db import Db, OpenDb
from backend.store.engine.faults import DatabaseError, is_damaged
from backend.store.engine.lists import as_list, each, one_of
from backend.store.engine.sqlite.db import SqliteDb
from backend.store.search import index_path, sender_token, word_token
from backend.store.tokens import index_tokens

POLL_SECONDS = 0.5
BATCH = 500
MERGE_PAGES = 500
PURGE_MS = 5000
BATCH_SECONDS = 0.05
PIECE = 20  # messages between two looks at the clock
PATIENCE = 24  # times as long as a batch took: sending comes first
MAX_PAUSE = 0.5  # seconds: what one account sends keeps others from being found for no longer
VERSION = f"3/{unicodedata.unidata_version}"  # of what tokens.py does: another one is filled anew

SCHEMA = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5("
    " text, tokenize = 'ascii', detail = none, columnsize = 0)",
    "CREATE TABLE IF NOT EXISTS filled (version TEXT NOT NULL, epoch TEXT NOT NULL,"
    " position INTEGER NOT NULL, below INTEGER NOT NULL, unpurged INTEGER NOT NULL)",
)

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
    """Keeps the index up to date, half a second behind unless thousands are written a second."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._purging = asyncio.Lock()

    @classmethod
    async def open(cls, path: str) -> "SearchIndex":
        """Open the index of the migrated database at `path`; a damaged one is begun anew."""
        try:
            return cls(await _open(path))
        except DatabaseError as error:
            if not is_damaged(error):
                raise
            text = "the search index is made anew: %(reason)s"
            journal.error("search_damaged", text, reason=error)
        _remove(index_path(path))
        return cls(await _open(path))

    async def run(self) -> None:
        """Follow the log until cancelled; while there is much to do, most of the time is left."""
        while True:
            started = time.monotonic()
            try:
                behind = await self._connection.run(fill)
            except Exception as error:
                text = "the search index could not be filled"
                journal.error("search_not_filled", text, fault=error)
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
        """Take removed words out of the file's bytes too; gives whether none are left.

        FTS5 only marks them as gone until its segments are merged into one, which is done here in
        small steps. A reader in the way leaves the rest for the next time.
        """
        async with self._purging:
            unpurged = (await self._connection.run(_read_filled)).unpurged
            if not unpurged:
                return True
            pages = -MERGE_PAGES  # a negative number begins the merge of all segments
            while await self._connection.run(partial(_merge, pages=pages)):
                pages = MERGE_PAGES
            return await self._connection.run(lambda db: _finish_purge(db, unpurged))

    async def close(self) -> None:
        """Finish what is under way, then close the file."""
        await self._connection.close()


def _remove(path: str) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(path + ending).unlink(missing_ok=True)


async def _open(path: str) -> Connection:
    connection = await Connection.open(index_path(path))
    try:
        await connection.run(lambda db: _prepare(db, path))
    except BaseException:
        await connection.close()
        raise
    return connection


def _prepare(db: OpenDb, path: str) -> None:
    """Make the tables; the database itself is attached, to be read only."""
    assert isinstance(db, SqliteDb)
    db.execute("PRAGMA synchronous = NORMAL")
    for statement in SCHEMA:
        db.execute(statement)
    db.attach(path, "chat")


def fill(db: OpenDb) -> bool:
    """Bring a batch of changes into the index, in one transaction; gives whether there is more."""
    db.execute("BEGIN")  # IMMEDIATE would lock the attached database for its writer too
    try:
        more = _fill(db)
        db.commit()
    except BaseException:
        db.rollback()
        raise
    return more


def _fill(db: Db) -> bool:
    newest = db.execute("SELECT epoch FROM chat.epochs ORDER BY number DESC LIMIT 1").fetchone()
    if newest is None:  # no server has run on it, so no position in it has a name
        return False
    filled = _read_filled(db)
    if not _is_of_this_history(db, filled):
        filled = _begin_anew(db)
    rows = db.execute(
        "SELECT id, message_id FROM chat.log WHERE id > ? ORDER BY id LIMIT ?",
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
    now = Filled(VERSION, newest[0], position, below, filled.unpurged + removed)
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
        filled.version == VERSION
        and log.covers(db, filled.epoch, filled.position)
        and filled.position >= log.floor(db)
    )


def _begin_anew(db: Db) -> Filled:
    db.execute("DROP TABLE words")
    db.execute(SCHEMA[0])
    newest = db.execute("SELECT max(id) FROM chat.messages").fetchone()[0] or 0
    return Filled("", "", log.head(db), newest + 1, 1)


def _index(db: Db, ids: Iterable[int]) -> int:
    """Let these messages be found as they are now; gives how many had words that they have not."""
    wanted = as_list(ids)
    now, before = _texts(db, wanted), _indexed(db, wanted)
    gone = [(id_,) for id_ in before if id_ not in now]
    changed = [each for each in now.items() if before.get(each[0]) != each[1]]
    db.executemany("DELETE FROM words WHERE rowid = ?", gone)
    db.executemany("INSERT OR REPLACE INTO words (rowid, text) VALUES (?, ?)", changed)
    return len(gone) + sum(1 for id_, _ in changed if id_ in before)


def _texts(db: Db, ids: str) -> dict[int, str]:
    """What the messages of a JSON list of ids are found by; those that may be found only."""
    rows = db.execute(
        "SELECT m.id, m.conversation_id, m.sender_id, m.content || coalesce((SELECT ' ' ||"
        " group_concat(f.name, ' ') FROM chat.files f WHERE f.message_id = m.id), '')"
        f" FROM chat.messages m WHERE m.id IN {one_of()}"
        " AND kind = 'text' AND deleted_at IS NULL AND content IS NOT NULL",
        (ids,),
    )
    return {row[0]: _text(*row[1:]) for row in rows}


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


def _merge(db: OpenDb, pages: int) -> bool:
    """Do a step of merging; gives whether it changed anything (FTS5's documented sign)."""
    assert isinstance(db, SqliteDb)
    before = db.total_changes
    db.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", (pages,))
    return db.total_changes - before >= 2


def _finish_purge(db: OpenDb, unpurged: int) -> bool:
    """Move everything out of the write-ahead log, and count off what is gone for good."""
    db.execute("UPDATE filled SET unpurged = unpurged - ?", (unpurged,))
    is_gone = db.checkpoint(PURGE_MS)
    if not is_gone:
        db.execute("UPDATE filled SET unpurged = unpurged + ?", (unpurged,))
    return is_gone
