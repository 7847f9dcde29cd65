"""`python -m backend backup FILE`: a copy of the database, made while a server runs on it."""

import asyncio
import os
from pathlib import Path

from backend.commands.database import CannotDo, opened
from backend.commands.progress import progress
from backend.files.copies import copy_new
from backend.files.storage import Folder, open_storage
from backend.settings import Settings
from backend.store import files
from backend.store.engine.readers import read_snapshot
from backend.store.engine.sqlite.db import SqliteDb


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
            assert isinstance(source, SqliteDb)
            _copy(source, part)
            after = read_snapshot(source, files.named_bytes)
        lost = copy_files(settings, target.parent / "files", sorted(before | after))
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    print(f"backed up {settings.dbpath} to {target}, {target.stat().st_size} bytes")
    for sha256 in lost:
        print(f"the bytes {sha256} of a file are missing or damaged; 'check' says more")
    return 1 if lost else 0


def copy_files(settings: Settings, folder: Path, hashes: list[str]) -> list[str]:
    """Copy the bytes of files that the folder does not have yet; gives those that cannot be."""
    if not hashes:
        return []
    source, target = open_storage(settings.files, settings.dbpath), Folder(folder)
    with progress("files", len(hashes)) as steps:
        copied, lost = asyncio.run(copy_new(source, target, hashes, steps.advance))
    print(f"backed up {copied} files to {folder}, which has {len(hashes) - len(lost)} of them")
    target.incoming.rmdir()
    return lost


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
