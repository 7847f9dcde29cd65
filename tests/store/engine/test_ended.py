"""A connection that PostgreSQL ends in the midst of a batch: the batch is run again."""

import contextlib
import threading
import time

import psycopg

from backend.store.engine.batch import run_batch
from backend.store.engine.connection import open_database
from backend.store.engine.db import Db
from backend.store.migrations import migrate_up
from tests.store.engine.turns import Turns
from tests.support.postgres import Postgres

WAITING = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def end_who_waits(where: str) -> None:
    """Terminate the backend that waits for the writers' lock."""
    with psycopg.connect(where, autocommit=True) as db:
        while (row := db.execute(WAITING).fetchone()) is None:
            time.sleep(0.01)
        db.execute("SELECT pg_terminate_backend(%s)", row)


def test_who_is_ended_while_waiting_writes_all_the_same(postgres: Postgres) -> None:
    """In the first round trip of a batch, of which psycopg then waits for the rest."""
    where = postgres.create()
    with (
        contextlib.closing(Turns(where)) as turns,
        contextlib.closing(open_database(turns.url)) as db,
        contextlib.closing(open_database(where)) as other,
    ):
        list(migrate_up(db))
        turns.late = 0.5
        other.begin()

        def end() -> None:
            end_who_waits(where)
            other.rollback()

        ending = threading.Thread(target=end)
        ending.start()
        ran = run_batch(db, [draw], lambda db: None, lambda: ("SELECT 7", ()))
        ending.join()
        assert ran == ([1], [(7,)])


def draw(db: Db) -> int:
    """Draw an id."""
    return db.draw("log")


def test_who_is_ended_before_writes_all_the_same(postgres: Postgres) -> None:
    """The last word of PostgreSQL has come, that the connection has an end has not."""
    where = postgres.create()
    with (
        contextlib.closing(Turns(where)) as turns,
        contextlib.closing(open_database(turns.url)) as db,
    ):
        list(migrate_up(db))
        turns.late = 1.0
        postgres.disconnect(where)
        ran = run_batch(db, [draw], lambda db: None, lambda: ("SELECT 7", ()))
        assert ran == ([1], [(7,)])
