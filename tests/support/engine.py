"""The engine the tests run on: SQLite, or PostgreSQL with `PARLEY_ENGINE=postgres`."""

import contextlib
import os
from pathlib import Path

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


def empty(folder: Path) -> str:
    """Where a database is, or will be once it is opened, that nobody else has."""
    if _postgres is None:
        return str(folder / "data" / "chat.db")
    return _make(folder, "template0")


def migrated(folder: Path) -> str:
    """The same with its tables made."""
    if _postgres is not None:
        return _make(folder, _template)
    where = empty(folder)
    _migrate(where)
    return where


def settings_of(where: str) -> dict[str, str]:
    """The settings by which a server uses the database."""
    if _postgres is None:
        return {"DBPATH": where}
    return {"DATABASE_URL": where, "JWTSECRET": SECRET}


def drop(folder: Path) -> None:
    """Drop the databases that were made for a folder."""
    for where in _made.pop(folder, []):
        assert _postgres is not None
        _postgres.drop(where)


def _make(folder: Path, template: str) -> str:
    assert _postgres is not None
    where = _postgres.create(template)
    _made.setdefault(folder, []).append(where)
    return where


def _migrate(where: str) -> None:
    with contextlib.closing(open_database(where)) as db:
        list(migrate_up(db))
