"""The engine the tests run on: SQLite, or PostgreSQL with `PARLEY_ENGINE=postgres`."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from functools import cache
from pathlib import Path

from backend.store import dump
from backend.store.engine.connection import open_database
from backend.store.migrations import migrate_up
from tests.support.postgres import Postgres, postgres

IS_POSTGRES = os.environ.get("PARLEY_ENGINE", "sqlite") == "postgres"
SECRET = "a secret that every node of the tests has"

_ending = contextlib.ExitStack()
_postgres: Postgres | None = None
_template = ""
_made: dict[Path, list[str]] = {}


def begin() -> None:
    """Start PostgreSQL, if that is the engine."""
    global _postgres, _template  # noqa: PLW0603  (one for all tests of a process)
    if IS_POSTGRES:
        _postgres = _ending.enter_context(postgres())
        _template = _postgres.template(_migrate)


def end() -> None:
    """End what `begin` has started."""
    _ending.close()


def fresh(folder: Path) -> str:
    """Where a database of one's own is, or will be once a server has started on it."""
    if _postgres is None:
        return str(folder / "data" / "chat.db")
    where = _postgres.create(_template)
    _made.setdefault(folder, []).append(where)
    return where


def migrated(folder: Path) -> str:
    """The same with its tables made, in any case."""
    where = fresh(folder)
    if _postgres is None:
        migrated_file(where)
    return where


def migrated_file(path: str) -> None:
    """Lay down a file of SQLite with its tables made: a copy, which is made once."""
    Path(path).parent.mkdir(mode=0o700, exist_ok=True)
    Path(path).write_bytes(_tables())
    Path(path).chmod(0o600)


@cache
def _tables() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        _migrate(str(path))
        return path.read_bytes()


def settings_of(where: str) -> dict[str, str]:
    """The settings by which a server uses the database."""
    if _postgres is None:
        return {"DBPATH": where}
    return {"DATABASE_URL": where, "JWTSECRET": SECRET}


def copy(where: str, folder: Path) -> str:
    """A copy of a database as it is at this moment, whoever uses it; gives where it is."""
    if _postgres is None:
        target = str(folder / "copy.db")
        with (
            contextlib.closing(sqlite3.connect(where)) as original,
            contextlib.closing(sqlite3.connect(target)) as copied,
        ):
            original.backup(copied)
        return target
    target = migrated(folder)
    with (
        contextlib.closing(open_database(where)) as source,
        contextlib.closing(open_database(target)) as made,
        source.snapshot(),
        made.transaction(),
    ):
        dump.copy(source, made, lambda count: None)
    return target


def put_back(where: str, copied: str) -> None:
    """Put a copy in the place of a database that nobody uses."""
    clear(where)
    if _postgres is None:
        shutil.copyfile(copied, where)
    else:
        _postgres.create(_postgres.name(copied), _postgres.name(where))


def clear(where: str) -> None:
    """Let there be no database, as before its first start."""
    if _postgres is None:
        for ending in ("", "-wal", "-shm"):
            Path(where + ending).unlink(missing_ok=True)
    else:
        _postgres.drop(where)


def drop(folder: Path) -> None:
    """Drop the databases that were made for a folder."""
    for where in _made.pop(folder, []):
        assert _postgres is not None
        _postgres.drop(where)


def _migrate(where: str) -> None:
    with contextlib.closing(open_database(where)) as db:
        list(migrate_up(db))
