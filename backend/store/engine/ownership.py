"""One process owns one database file: an operating-system lock, gone when the process is."""

import contextlib
import sqlite3
import time
from pathlib import Path
from typing import Protocol

from backend.store.engine.connection import is_postgres
from backend.store.engine.sqlite.opening import make_file

LOOK_SECONDS = 0.02


class Owned(Exception):
    """Another process owns the database; its text says which file."""


class Closable(Protocol):
    """What is kept as long as the database is owned."""

    def close(self) -> None:
        """Own it no more."""


def when_free(where: str) -> Closable:
    """What `take` gives as soon as whoever owns the database has gone."""
    while True:
        with contextlib.suppress(Owned):
            return take(where)
        time.sleep(LOOK_SECONDS)


def take(where: str) -> Closable:
    """Own the database until what is returned is closed.

    The lock is SQLite's own on a file beside it, so it works alike on every system and no stale
    file can be left to be in the way. One on PostgreSQL is nobody's: what only one process may do
    at a time, that sees to itself. Raises Owned.
    """
    if is_postgres(where):
        return contextlib.ExitStack()
    make_file(where)
    lock = sqlite3.connect(f"{where}.lock", timeout=0, isolation_level=None)
    Path(f"{where}.lock").chmod(0o600)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        lock.close()
        raise Owned(f"{Path(where)} is in use by another server") from None
    return lock
