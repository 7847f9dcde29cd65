"""Numbered pairs of SQL files, and the runner that applies them.

A migration and its record in `schema_migrations` commit together, so a crash leaves either both
or neither. SQLite's are here, PostgreSQL's in a folder of their own: its first makes what SQLite's
have made up to that number, and later ones have the same numbers in both.
"""

import re
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from backend.store.engine.db import Db, OpenDb

FOLDER = Path(__file__).parent
COLUMNS = "number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL"


class MigrationError(Exception):
    """The database's schema and the files here do not fit together; its text says how."""


class Migration(NamedTuple):
    """One step of the schema."""

    number: int
    name: str
    up: str
    down: str


def folder_of(db: Db) -> Path:
    """Where the steps of a database's engine are."""
    return FOLDER if db.dialect == "sqlite" else FOLDER / db.dialect


def all_migrations(folder: Path = FOLDER) -> list[Migration]:
    """The migrations in `folder`, in order of their numbers."""
    found = []
    for path in sorted(folder.glob("*.up.sql")):
        match = re.fullmatch(r"(\d{4})_(\w+)\.up\.sql", path.name)
        if match is None:
            raise MigrationError(f"{path.name}: expected NNNN_name.up.sql")
        down = path.with_name(path.name.replace(".up.sql", ".down.sql"))
        if not down.exists():
            raise MigrationError(f"{path.name} has no {down.name} beside it")
        found.append(Migration(int(match[1]), match[2], path.read_text(), down.read_text()))
    for before, after in pairwise(found):
        if before.number == after.number:
            raise MigrationError(f"two migrations have the number {after.number:04}")
    return found


def applied(db: OpenDb) -> dict[int, str]:
    """The migrations this database has had: number to name."""
    if not db.has_table("schema_migrations"):
        return {}
    return dict(db.execute("SELECT number, name FROM schema_migrations ORDER BY number"))


def migrate_up(db: OpenDb, folder: Path | None = None) -> Iterator[Migration]:
    """Apply what is missing, oldest first; gives each once it is committed."""
    known = all_migrations(folder or folder_of(db))
    done = applied(db)
    strangers = set(done) - {migration.number for migration in known}
    if strangers:
        raise MigrationError(
            f"the database has migration {max(strangers):04}, which this version does not know: "
            "it was used by a newer version"
        )
    for migration in known:
        if migration.number not in done and _step(db, migration, is_up=True):
            yield migration


def migrate_down(db: OpenDb, steps: int = 1, folder: Path | None = None) -> Iterator[Migration]:
    """Take back the newest `steps` migrations, newest first; gives each once it is committed."""
    known = {migration.number: migration for migration in all_migrations(folder or folder_of(db))}
    for number in sorted(applied(db), reverse=True)[:steps]:
        if number not in known:
            raise MigrationError(f"migration {number:04} is not among this version's files")
        if _step(db, known[number], is_up=False):
            yield known[number]


def new_migration(name: str, folder: Path = FOLDER) -> list[Path]:
    """Lay down the next pair of files for each engine; gives their paths."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise MigrationError(f"{name!r}: expected small letters, digits and _")
    number = max((migration.number for migration in all_migrations(folder)), default=0) + 1
    paths = []
    for place in (folder, folder / "postgres"):
        place.mkdir(exist_ok=True)
        for direction, what in (("up", "what changes"), ("down", "how it is taken back")):
            paths.append(place / f"{number:04}_{name}.{direction}.sql")
            paths[-1].write_text(f"-- {name}: {what}\n")
    return paths


def _step(db: OpenDb, migration: Migration, *, is_up: bool) -> bool:
    """Run a step and its record in one transaction; a row that refers to none ends it.

    Gives whether there was anything to do: another node may have done it meanwhile.
    """
    number, name, up, down = migration
    with db.schema_change():
        db.execute(f"CREATE TABLE IF NOT EXISTS schema_migrations ({COLUMNS})")
        if (number in applied(db)) == is_up:
            return False
        try:
            db.run_script(up if is_up else down)
        except ValueError as error:
            raise MigrationError(str(error)) from None
        if is_up:
            insert = "INSERT INTO schema_migrations (number, name, applied_at) VALUES (?, ?, ?)"
            db.execute(insert, (number, name, int(time.time())))
        else:
            db.execute("DELETE FROM schema_migrations WHERE number = ?", (number,))
    return True
