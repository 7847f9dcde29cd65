"""Looking into the files of a server's database from outside."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from backend.store.engine.connection import open_database
from tests.support.server import Server


def query(server: Server, sql: str, *values: object) -> list[tuple[object, ...]]:
    """The rows of a query on the server's database."""
    with contextlib.closing(open_database(server.database)) as db:
        return db.execute(sql, values).fetchall()


async def until(condition: Callable[[], bool], within: float = 10.0) -> None:
    """Return once the condition holds; it is looked at again and again, for no longer than that."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  (files tell nobody when they change)
            await asyncio.sleep(0.02)


def holders(server: Server, text: str) -> list[Path]:
    """Those of the files beside the database, and itself, whose bytes have this text."""
    return [path for path in server.dbpath.parent.iterdir() if text.encode() in path.read_bytes()]
