"""Numbered pairs of SQL files, and the runner that applies them.

A migration and its record in `schema_migrations` commit together, so a crash leaves either both
or neither.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from backend.store.engine.db import Db, OpenDb

FOLDER = Path(__file__).parent


class MigrationError(Exception):
    """The database's schema and the files here do not fit together; its text says how."""


class Migration(NamedTuple):
    """One step of the schema."""

    number: int
    name: str
    up: str
    down: str


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


def applied(db: Db) -> dict[int, str]:
    """The migrations this database has had: number to name."""
    db.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations"
        " (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)"
    )
    return dict(db.execute("SELECT number, name FROM schema_migrations ORDER BY number"))


def migrate_up(db: OpenDb, folder: Path = FOLDER) -> Iterator[Migration]:
    """Apply what is missing, oldest first; gives each once it is committed."""
    known = all_migrations(folder)
    done = applied(db)
    strangers = set(done) - {migration.number for migration in known}
    if strangers:
        raise MigrationError(
            f"the database has migration {max(strangers):04}, which this version does not know: "
            "it was used by a newer version"
        )
    for migration in known:
        if migration.number not in done:
            record = (
                "INSERT INTO schema_migrations (number, name, applied_at)"
                " VALUES (?, ?, unixepoch())"
            )
            _step(db, migration.up, record, (migration.number, migration.name))
            yield migration


def migrate_down(db: OpenDb, steps: int = 1, folder: Path = FOLDER) -> Iterator[Migration]:
    """Take back the newest `steps` migrations, newest first; gives each once it is committed."""
    known = {migration.number: migration for migration in all_migrations(folder)}
    for number in sorted(applied(db), reverse=True)[:steps]:
        if number not in known:
            raise MigrationError(f"migration {number:04} is not among this version's files")
        record = "DELETE FROM schema_migrations WHERE number = ?"
        _step(db, known[number].down, record, (number,))
        yield known[number]


def new_migration(name: str, folder: Path = FOLDER) -> tuple[Path, Path]:
    """Lay down the next pair of files; gives their paths."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise MigrationError(f"{name!r}: expected small letters, digits and _")
    number = max((migration.number for migration in all_migrations(folder)), default=0) + 1
    up = folder / f"{number:04}_{name}.up.sql"
    down = folder / f"{number:04}_{name}.down.sql"
    up.write_text(f"-- {name}: what changes\n")
    down.write_text(f"-- {name}: how it is taken back\n")
    return up, down


def _step(db: OpenDb, script: str, record: str, values: tuple[object, ...]) -> None:
    """Run a script and its record in one transaction; a row that refers to none ends it."""
    with db.schema_change():
        try:
            db.run_script(script)
        except ValueError as error:
            raise MigrationError(str(error)) from None
        db.execute(record, values)
