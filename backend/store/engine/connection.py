"""One SQLite connection on a thread of its own, and one hop to it per batch of work.

aiosqlite has no public "run this function on the connection's thread". Its `_execute` does it,
and a whole batch in one hop is worth it: a hop costs more than the statements. This module is the
only one that touches `_execute` and `_conn`; tests/store/test_connection.py holds their contract.
"""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar, cast

import aiosqlite

from backend.store.engine.sqlite import SqliteDb

T = TypeVar("T")

Execute = Callable[..., Awaitable[object]]

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
)


def open_database(path: str) -> SqliteDb:
    """A connection in autocommit mode; transactions are begun and ended by hand.

    The folder is made 0700 and the file 0600 if they are new (SQLite gives its -wal and -shm
    files the mode of the database).
    """
    if path != ":memory:" and not Path(path).exists():
        _create(Path(path))
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


def _create(path: Path) -> None:
    """Make the file, and its folder.

    Never for a file that is there: closing any descriptor of it takes away the locks of every
    connection this process has (POSIX), and another process would then delete the log under them.
    """
    path.resolve().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


class Connection:
    """A connection whose thread runs the functions it is given, one at a time, in order."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, path: str) -> "Connection":
        """Open `path`; raises sqlite3.Error when it is not a database."""
        connection = aiosqlite.Connection(lambda: open_database(path), iter_chunk_size=64)
        connection._thread.daemon = True  # a crash elsewhere must not hang the exit
        try:
            return cls(await connection)
        except sqlite3.Error:
            # the thread's last word needs a loop that still runs
            await asyncio.to_thread(connection._thread.join)
            raise

    async def run(self, function: Callable[[SqliteDb], T]) -> T:
        """What `function` returns for the connection, run on its thread; its errors are raised."""
        execute: Execute = self._connection._execute
        return cast(T, await execute(function, self._connection._conn))

    async def close(self) -> None:
        """Finish what is queued, then close."""
        await self._connection.close()
