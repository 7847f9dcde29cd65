"""The index of messages beside a SQLite database: a file of its own, with FTS5.

It is opened by who fills it with the database attached, and attached to the database by who reads.
"""

from functools import partial
from pathlib import Path

from backend.logs import Journal
from backend.store.engine.connection import Connection
from backend.store.engine.db import OpenDb
from backend.store.engine.faults import DatabaseError, is_damaged
from backend.store.engine.sqlite.db import SqliteDb

MERGE_PAGES = 500
PURGE_MS = 5000

WORDS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5("
    " text, tokenize = 'ascii', detail = none, columnsize = 0)"
)
FILLED = (
    "CREATE TABLE IF NOT EXISTS filled (version TEXT NOT NULL, epoch TEXT NOT NULL,"
    " position INTEGER NOT NULL, below INTEGER NOT NULL, unpurged INTEGER NOT NULL)"
)

journal = Journal("parley.search")


def index_path(path: str) -> str:
    """Return where the index of the database at `path` is."""
    return f"{path}.search"


def attach(db: OpenDb, path: str) -> None:
    """Let a reader of the database at `path` search; not within a transaction.

    The index has to be there: SearchIndex.open makes it. Not for the writer, whose BEGIN IMMEDIATE
    would lock the index as well. PostgreSQL has it among its tables.
    """
    if isinstance(db, SqliteDb):
        db.attach(index_path(path), "search")


async def open_index(path: str) -> Connection:
    """The index of the migrated database at `path`, to be filled; a damaged one is begun anew."""
    try:
        return await _open(path)
    except DatabaseError as error:
        if not is_damaged(error):
            raise
        journal.error("search_damaged", "the search index is made anew: %(reason)s", reason=error)
    _remove(index_path(path))
    return await _open(path)


def _remove(path: str) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(path + ending).unlink(missing_ok=True)


async def _open(path: str) -> Connection:
    connection = await Connection.open(index_path(path))
    try:
        await connection.run(partial(_prepare, path=path))
    except BaseException:
        await connection.close()
        raise
    return connection


def _prepare(db: OpenDb, path: str) -> None:
    """Make the tables; the database itself is attached, to be read only."""
    assert isinstance(db, SqliteDb)
    db.execute("PRAGMA synchronous = NORMAL")
    for statement in (WORDS, FILLED):
        db.execute(statement)
    db.attach(path, "chat")


async def purge(connection: Connection, unpurged: int) -> bool:
    """Take removed words out of the file's bytes; gives whether none are left.

    FTS5 only marks them as gone until its segments are merged into one, which is done here in
    small steps. A reader in the way leaves the rest for the next time. PostgreSQL needs nothing
    of this: its own vacuum lets go of what is removed.
    """
    pages = -MERGE_PAGES  # a negative number begins the merge of all segments
    while await connection.run(partial(_merge, pages=pages)):
        pages = MERGE_PAGES
    return await connection.run(partial(_finish_purge, unpurged=unpurged))


def _merge(db: OpenDb, pages: int) -> bool:
    """Do a step of merging; gives whether it changed anything (FTS5's documented sign)."""
    if not isinstance(db, SqliteDb):
        return False
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
