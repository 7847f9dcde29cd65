"""Whether the database can be used now: a read and a write that mean nothing else."""

from backend.store import log
from backend.store.engine.db import Db


def read(db: Db) -> None:
    """Read something that is always there."""
    log.floor(db)


# PostgreSQL changes a value where it is, also on a full disk: a table takes room, if there is some.
ROOM = "CREATE TABLE probe AS SELECT n AS value FROM generate_series(1, 40000) AS n"  # 1.4 MB


def write(db: Db) -> None:
    """Write something; a value that stays the same would not be written, and so prove nothing."""
    if db.dialect == "postgres":
        db.execute(ROOM)
        db.execute("DROP TABLE probe")
    else:
        db.execute(
            "INSERT INTO facts (name, value) VALUES ('probe', 1)"
            " ON CONFLICT (name) DO UPDATE SET value = facts.value + 1"
        )
