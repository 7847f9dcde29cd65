"""Putting another file in the place of a SQLite database, and keeping the one that was there."""

import contextlib
import os
import sqlite3
from pathlib import Path

from backend.store.engine.faults import is_damaged

BESIDE = ("-wal", "-shm")


def replace(path: Path, copy: Path, kept: Path) -> bool:
    """Put `copy` in the place of the database at `path`, which is at `kept` from then on.

    Gives whether there was one. At every moment one of the two is in place, whole. Raises
    DatabaseError when anybody has the one that was there open, FileExistsError when `kept` is
    there.
    """
    was_there = path.exists() and path.stat().st_size > 0
    if was_there:
        _settle(path, Path(f"{kept}-wal"))
        os.link(path, kept)
        for ending in BESIDE:  # a log must not be taken for the copy's
            Path(f"{path}{ending}").unlink(missing_ok=True)
    os.replace(copy, path)
    return was_there


def remove(path: Path) -> None:
    """Take away a database that nobody has open, and what stands beside it."""
    for ending in ("", *BESIDE):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _settle(path: Path, kept_log: Path) -> None:
    """Let the file be all there is of the database: no write-ahead log beside it, and no reader.

    The log of one that is damaged is at `kept_log` after that.
    """
    with contextlib.suppress(FileNotFoundError):
        os.link(f"{path}-wal", kept_log)
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if is_damaged(error):
            return
        kept_log.unlink(missing_ok=True)
        raise
    kept_log.unlink(missing_ok=True)
