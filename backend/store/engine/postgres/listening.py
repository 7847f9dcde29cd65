"""Being told that another node has committed: a hint only, whoever misses it looks soon anyway."""

import asyncio
from collections.abc import Callable

import psycopg

from backend.store.engine.postgres.db import CHANNEL, own_name
from backend.store.engine.postgres.opening import options_of

PAUSE_SECONDS = 0.25


async def listen(where: str, hear: Callable[[], None]) -> None:
    """Call `hear` whenever another process has committed, until cancelled."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**options_of(where)) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                async for notification in connection.notifies():
                    if notification.payload != own_name():
                        hear()
        except psycopg.Error:
            await asyncio.sleep(PAUSE_SECONDS)
