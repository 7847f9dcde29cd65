"""A server that is wrong on purpose: ids from sequences, and no lock while it commits.

The other nodes read the log's tail by id, so a row that is committed after one with a higher id is
missed. A control: what proves that nothing is lost has to find it lost here.
"""

import random
import time
from collections.abc import Sequence
from typing import Any
from unittest import mock

from backend.__main__ import main as right
from backend.store.engine.postgres import commands
from backend.store.engine.postgres import db as engine
from backend.store.engine.postgres.db import PostgresDb

COUNTERS = ("log", "messages", "conversations", "users", "sessions", "files")
MADE = "; ".join(f"CREATE SEQUENCE careless_{each}" for each in COUNTERS)
LOCK = commands.LOCK.replace("pg_advisory_xact_lock", "pg_advisory_lock")
BEGIN = ((commands.BEGIN, ()), (LOCK, ()))
UNLOCK = f"SELECT pg_advisory_unlock({commands.WRITERS})"
_finish = PostgresDb.finish


def draw(db: PostgresDb, counter: str, /) -> int:
    """From a sequence, which knows nothing of commits."""
    row = db._link.run(f"SELECT nextval('careless_{counter}')").fetchone()
    assert row is not None
    assert db._drawn is not None
    db._drawn[counter] = int(row[0])
    return int(row[0])


def finish(db: PostgresDb, last: Any, /) -> list[Any]:
    """Let others write before this is on disk, if it has ids; starts are still in turn."""
    if not db._drawn:
        rows = _finish(db, last)
        db._link.run(UNLOCK)
        return rows
    db._link.run(UNLOCK)
    time.sleep(random.uniform(0, 0.02))
    return _finish(db, last)


def main(arguments: Sequence[str]) -> int:
    """Run `python -m backend` like that; gives its exit code."""
    with (
        mock.patch.object(engine, "BEGIN", BEGIN),
        mock.patch.multiple(PostgresDb, draw=draw, finish=finish),
    ):
        return right(arguments)
