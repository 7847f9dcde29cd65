"""One process owns one database file: an operating-system lock, gone when the process is."""

import sqlite3
from pathlib import Path

from backend.store.engine.sqlite.opening import make_file


class Owned(Exception):
    """Another process owns the database; its text says which file."""


def take(path: str) -> sqlite3.Connection:
    """Own the database at `path` until the connection that is returned is closed.

    The lock is SQLite's own on a file beside it, so it works alike on every system and no stale
    file can be left to be in the way. Raises Owned.
    """
    make_file(path)
    lock = sqlite3.connect(f"{path}.lock", timeout=0, isolation_level=None)
    Path(f"{path}.lock").chmod(0o600)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        lock.close()
        raise Owned(f"{Path(path)} is in use by another server") from None
    return lock
