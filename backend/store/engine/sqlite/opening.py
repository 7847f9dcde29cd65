"""Opening a SQLite file as the promises of docs/guarantees.md need it."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from backend.store.engine.sqlite.db import SqliteDb

NEEDED = (3, 37)
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
)

# sqlite3 asks every None and every bytes how it wants to be bound, and makes an error for each that
# does not say: half a microsecond, eight times a message. Now they say: as they are.
sqlite3.register_adapter(bytes, bytes)
_as_it_is: Callable[[None], None] = dict[None, None]().get
sqlite3.register_adapter(type(None), _as_it_is)


def open_file(path: str) -> SqliteDb:
    """A connection in autocommit mode; transactions are begun and ended by hand.

    The folder is made 0700 and the file 0600 if they are new (SQLite gives its -wal and -shm
    files the mode of the database).
    """
    if sqlite3.sqlite_version_info < NEEDED:
        needed = ".".join(map(str, NEEDED))
        text = f"SQLite is {sqlite3.sqlite_version}; {needed} or newer is needed"
        raise sqlite3.NotSupportedError(text)
    make_file(path)
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, factory=SqliteDb
    )
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def make_file(path: str) -> None:
    """Make the file, and its folder, if it is not there.

    One that is there is not opened: closing any descriptor of it takes away the locks of every
    connection this process has (POSIX), and another process would then delete the log under them.
    """
    if path != ":memory:" and not Path(path).exists():
        Path(path).resolve().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
