"""`python -m backend check`: whether all is whole, also while a server runs on it."""

import asyncio

from backend.commands.database import opened
from backend.commands.progress import progress
from backend.files.copies import faults, unnamed
from backend.files.storage import open_storage
from backend.settings import Settings
from backend.store import files, integrity
from backend.store.engine.connection import shown
from backend.store.engine.db import OpenDb
from backend.store.engine.readers import read_snapshot


def check(settings: Settings) -> int:
    """Say what is wrong with the database and with the files, a line each; gives 1 if anything is.

    Every file's bytes are read and compared with their hash.
    """
    with opened(settings) as db:
        with progress("database", integrity.STEPS) as steps:
            found = read_snapshot(db, lambda db: integrity.faults(db, steps.advance))
        found += _file_faults(settings, db)
    for fault in found:
        print(fault)
    if not found:
        print(f"{shown(settings.database)} is in order")
    return 1 if found else 0


def _file_faults(settings: Settings, db: OpenDb) -> list[str]:
    """What is wrong with the bytes, and still is after all of them were looked at."""
    storage = open_storage(settings.files, settings.dbpath)
    there = asyncio.run(unnamed(storage, set()))
    orphans = there - read_snapshot(db, files.known_bytes)
    named = read_snapshot(db, files.named_bytes)
    with progress("files", len(named)) as steps:
        wrong = asyncio.run(faults(storage, named, steps.advance))
    named = read_snapshot(db, files.named_bytes)
    orphans &= asyncio.run(unnamed(storage, named))
    found = [f"the bytes {each} of a file are {wrong[each]}" for each in wrong if each in named]
    return found + [f"the bytes {each} belong to no file" for each in sorted(orphans)]
