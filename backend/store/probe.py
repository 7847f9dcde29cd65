"""Whether the database can be used now: a read and a write that mean nothing else."""

from backend.store import log
from backend.store.engine.db import Db


def read(db: Db) -> None:
    """Read something that is always there."""
    log.floor(db)


def write(db: Db) -> None:
    """Write something; a value that stays the same would not be written, and so prove nothing."""
    db.execute(
        "INSERT INTO facts (name, value) VALUES ('probe', 1)"
        " ON CONFLICT (name) DO UPDATE SET value = facts.value + 1"
    )
