"""Being told that another node has committed, and what it tells beside.

The first is a hint only: whoever misses it looks soon anyway.
"""

import asyncio
from collections.abc import Callable

import psycopg

from backend.store.engine.postgres.commands import CHANNEL, NOTES
from backend.store.engine.postgres.db import own_name
from backend.store.engine.postgres.opening import options_of

PAUSE_SECONDS = 0.25


async def listen(
    where: str,
    committed: Callable[[], None],
    told: Callable[[str], None],
    begun: Callable[[], None],
) -> None:
    """Call `committed` whenever another process has, `told` with what any tells, until cancelled.

    `begun` is called when that begins, and begins again: what came in between is lost.
    """
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**options_of(where)) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                await connection.execute(f"LISTEN {NOTES}")
                begun()
                async for notification in connection.notifies():
                    if notification.channel == NOTES:
                        told(notification.payload)
                    elif notification.payload != own_name():
                        committed()
        except psycopg.Error:
            await asyncio.sleep(PAUSE_SECONDS)
