"""Waiting for what no event tells."""

import asyncio
from collections.abc import Awaitable, Callable

LOOK_SECONDS = 0.02


async def eventually(condition: Callable[[], Awaitable[bool]], within: float = 10.0) -> None:
    """Return once the condition holds, asked again and again; raises TimeoutError."""
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110  (no event tells of it)
            await asyncio.sleep(LOOK_SECONDS)
