"""`python -m backend restore FILE`: a backup put in the place of the database."""

import contextlib
import time
from pathlib import Path

from backend.commands.copying import copy_file, fetch_files
from backend.commands.database import CannotDo
from backend.commands.migrate import bring_up
from backend.commands.progress import progress
from backend.files.storage import sync
from backend.settings import Settings
from backend.store import files, integrity
from backend.store.engine import ownership
from backend.store.engine.connection import open_database
from backend.store.engine.faults import DatabaseError
from backend.store.engine.sqlite import replacing
from backend.store.migrations import applied


def restore(settings: Settings, name: str) -> int:
    """Put a backup in the place of the database, and its files where they are lacking.

    Not while a server runs. The backup stays as it is. A copy of it is checked and brought to this
    version's schema first; only then it takes the place of what was there, which is kept under
    another name. A cursor that the backup never had is refused after that, as its guarantee says.
    """
    if settings.database_url:
        raise CannotDo("DATABASE_URL is set, and 'restore' puts back SQLite's file: use pg_restore")
    backup, place = Path(name), Path(settings.dbpath)
    if not backup.is_file():
        raise CannotDo(f"there is no file {backup}")
    if place.exists() and backup.samefile(place):
        raise CannotDo(f"{backup} is the database itself")
    copy = place.with_name(f"{place.name}.restoring")
    kept = place.with_name(f"{place.name}.before-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
    with contextlib.closing(ownership.take(settings.dbpath)):
        try:
            named = _prepare(backup, copy)
            lost = fetch_files(settings, backup.parent / "files", named)
            was_there = _replace(place, copy, kept)
            sync(place.resolve().parent)
        finally:
            replacing.remove(copy)
    print(f"restored {backup} to {place}" + (f"; what was there is {kept}" if was_there else ""))
    if was_there:
        print("sessions, passwords and accounts are those of the copy again: see docs/moving.md")
    return 1 if lost else 0


def _replace(place: Path, copy: Path, kept: Path) -> bool:
    try:
        return replacing.replace(place, copy, kept)
    except DatabaseError as error:
        raise CannotDo(f"{place} cannot be replaced now: {error}") from None


def _prepare(backup: Path, copy: Path) -> set[str]:
    """A copy of the backup that can be used as it is; gives the hashes of its files' bytes."""
    replacing.remove(copy)
    copy_file(backup, copy)
    log = Path(f"{backup}-wal")
    if log.exists():  # no backup of ours: somebody has copied a database as it lay there
        copy_file(log, Path(f"{copy}-wal"))
    try:
        with contextlib.closing(open_database(str(copy))) as db:
            if not applied(db):
                raise CannotDo(f"{backup} is no database of Parley's")
            list(bring_up(db))
            with progress("check", integrity.STEPS) as steps:
                faults = integrity.faults(db, steps.advance)
            if faults:
                raise CannotDo(f"{backup} is not whole: {faults[0]} (1 of {len(faults)} faults)")
            return set(files.named_bytes(db))
    except DatabaseError as error:
        raise CannotDo(f"{backup} cannot be used: {error}") from None
