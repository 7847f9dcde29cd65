"""`python -m backend check`: whether the database is whole, also while a server runs on it."""

from backend.commands.database import opened
from backend.settings import Settings
from backend.store.engine.readers import read_snapshot
from backend.store.integrity import faults


def check(settings: Settings) -> int:
    """Say what is wrong with the database, a line each; gives 1 if anything is."""
    with opened(settings) as db:
        found = read_snapshot(db, faults)
    for fault in found:
        print(fault)
    if not found:
        print(f"{settings.dbpath} is in order")
    return 1 if found else 0
