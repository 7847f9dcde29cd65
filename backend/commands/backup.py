"""`python -m backend backup FILE`: a copy of the database, made while a server runs on it."""

from pathlib import Path

from backend.commands.copying import arriving, keep_files
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
    with arriving(target, "backup") as part:
        with opened(settings) as source:
            before = read_snapshot(source, files.named_bytes)
            if not isinstance(source, SqliteDb):
                raise CannotDo(NO_FILE)
            with progress("database") as steps:
                source.copy_to(str(part), steps.reach)
            after = read_snapshot(source, files.named_bytes)
        lost = keep_files(settings, target.parent / "files", before | after)
    print(f"backed up {settings.dbpath} to {target}, {target.stat().st_size} bytes")
    return 1 if lost else 0
