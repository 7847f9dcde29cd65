"""`python -m backend backup FILE`: a copy of the database, made while a server runs on it."""

import os
from pathlib import Path

from backend.commands.copying import keep_files
from backend.commands.database import CannotDo, opened
from backend.commands.progress import progress
from backend.settings import Settings
from backend.store import files
from backend.store.engine.readers import read_snapshot
from backend.store.engine.sqlite.db import SqliteDb

NO_FILE = "DATABASE_URL is set, and 'backup' copies SQLite's file: use pg_dump"


def backup(settings: Settings, name: str) -> int:
    """Copy the database as it is at this moment into a new file, readable by the owner only.

    The file has its name only once it is whole and on disk. Nobody has to wait: the copy is made
    from one snapshot. What people uploaded goes into the folder `files` beside it, of which later
    backups only add what is new.
    """
    target = Path(name)
    if target.exists():
        raise CannotDo(f"{target} is there already")
    part = target.with_name(f"{target.name}.part")
    try:
        with opened(settings) as source:
            before = read_snapshot(source, files.named_bytes)
            if not isinstance(source, SqliteDb):
                raise CannotDo(NO_FILE)
            _copy(source, part)
            after = read_snapshot(source, files.named_bytes)
        lost = keep_files(settings, target.parent / "files", before | after)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    print(f"backed up {settings.dbpath} to {target}, {target.stat().st_size} bytes")
    return 1 if lost else 0


def _copy(source: SqliteDb, part: Path) -> None:
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CannotDo(f"{part} is there: another backup runs, or one was stopped") from None
    try:
        with progress("database") as steps:
            source.copy_to(str(part), steps.reach)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
