"""Opening the database, whichever engine it is on, and a thread of its own for a connection.

aiosqlite has no public "run this function on the connection's thread". Its `_execute` does it,
and a whole batch in one hop is worth it: a hop costs more than the statements. This module is the
only one that touches `_execute` and `_conn`; tests/store/test_connection.py holds their contract.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

import aiosqlite

from backend.store.engine.db import OpenDb
from backend.store.engine.faults import DatabaseError, PostgresError
from backend.store.engine.sqlite.opening import open_file

T = TypeVar("T")

MISSING = "PostgreSQL needs psycopg, which is not installed: pip install 'psycopg[binary]==3.3.9'"
Execute = Callable[..., Awaitable[object]]


def is_postgres(where: str) -> bool:
    """Whether it is the URL of a PostgreSQL database, and not the path of a SQLite file."""
    return where.startswith(("postgresql://", "postgres://"))


def open_database(where: str) -> OpenDb:
    """A connection to the database at a path or URL; raises DatabaseError."""
    if not is_postgres(where):
        return open_file(where)
    try:
        from backend.store.engine.postgres.db import PostgresDb  # noqa: PLC0415  (optional)
    except ModuleNotFoundError:
        raise PostgresError(MISSING) from None
    return PostgresDb(where)


async def listen(
    where: str,
    committed: Callable[[], None],
    told: Callable[[str], None],
    begun: Callable[[], None],
) -> None:
    """Call `committed` when another process has, as far as the engine tells of it.

    `told` is called with what others tell (`OpenDb.tell`), `begun` when they are heard from now on.
    """
    if is_postgres(where):
        from backend.store.engine.postgres import listening  # noqa: PLC0415  (optional)

        await listening.listen(where, committed, told, begun)


def shown(where: str) -> str:
    """The path, or the URL without user and password and all that may be secret."""
    if not is_postgres(where):
        return where
    rest = where.partition("://")[2]
    who, _, there = rest.partition("@")  # as libpq: a password may have # and ?, and no @ or /
    if there and "/" not in who:
        rest = there
    return f"postgresql://{rest.partition('?')[0].rpartition('@')[2]}"


def _opened(where: str) -> sqlite3.Connection:
    """As aiosqlite declares it; it takes whatever it can close."""
    return cast(sqlite3.Connection, open_database(where))


class Connection:
    """A connection whose thread runs the functions it is given, one at a time, in order."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, where: str) -> "Connection":
        """Open the database; raises DatabaseError when there is none to be had."""
        connection = aiosqlite.Connection(lambda: _opened(where), iter_chunk_size=64)
        connection._thread.daemon = True  # a crash elsewhere must not hang the exit
        try:
            return cls(await connection)
        except DatabaseError:
            # the thread's last word needs a loop that still runs
            await asyncio.to_thread(connection._thread.join)
            raise

    async def run(self, function: Callable[[OpenDb], T]) -> T:
        """What `function` returns for the connection, run on its thread; its errors are raised."""
        execute: Execute = self._connection._execute
        return cast(T, await execute(function, self._connection._conn))

    async def close(self) -> None:
        """Finish what is queued, then close."""
        await self._connection.close()
