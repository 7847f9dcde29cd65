"""What is told on PostgreSQL is heard, whatever was told before."""

import asyncio
import contextlib
from collections.abc import Callable

import msgspec
import psycopg
import pytest

from backend.peers import Peers, pack
from backend.store.database import Database
from backend.store.engine.connection import open_database
from backend.store.engine.postgres.commands import NOTES
from backend.store.migrations import migrate_up
from tests.support.postgres import Postgres


async def test_what_cannot_be_heard_is_logged_and_the_next_is_heard(
    postgres: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither words that are no note, nor a note that who hears it fails at, make a node deaf."""
    where = postgres.create()
    with contextlib.closing(open_database(where)) as db:
        list(migrate_up(db))
    database = await Database.open(where)
    try:
        peers = Peers("here")
        heard: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        peers.hear("fault", int, fail)
        peers.hear("word", str, lambda node, word: heard.set_result(word))
        await hears(database, peers.heard)
        notes: list[list[tuple[str, object]]] = [[("fault", 0)], [("word", "good")]]
        async with await psycopg.AsyncConnection.connect(where, autocommit=True) as other:
            for text in ("junk", *(pack("there", each)[0] for each in notes)):
                await other.execute("SELECT pg_notify(%s, %s)", (NOTES, text))
        assert await asyncio.wait_for(heard, 10) == "good"
    finally:
        await database.close()
        postgres.drop(where)
    faults = [each.exc_info[0] for each in caplog.records if each.exc_info]
    assert faults == [msgspec.DecodeError, ZeroDivisionError]


def fail(node: str, number: int) -> None:
    """What hears a note and has a fault."""
    raise ZeroDivisionError


async def hears(database: Database, told: Callable[[str], None]) -> None:
    """Have `told` called with what others tell, once they are heard."""
    hearing = asyncio.Event()
    database.on_told, database.on_hearing = told, hearing.set
    await asyncio.wait_for(hearing.wait(), 10)
