"""The measure itself: quick on a quiet server, and able to tell when it is not."""

import asyncio
import os
import signal

from tests.abuse.bystander import LIMIT_MS, PAUSES
from tests.abuse.siege import Siege, check


async def test_a_quiet_server_is_quick(siege: Siege) -> None:
    """Every kind of act was done, and within the limit."""
    latencies = await siege.bystander.watch(asyncio.sleep(2))
    check(latencies)
    assert all(len(latencies.taken[kind]) > 2 for kind in PAUSES)


async def test_a_server_that_hangs_is_noticed(siege: Siege) -> None:
    """Stopped for half a second, it makes everything wait for longer than the limit."""

    async def freeze() -> None:
        await asyncio.sleep(0.5)
        os.kill(siege.server.pid, signal.SIGSTOP)
        await asyncio.sleep(0.5)
        os.kill(siege.server.pid, signal.SIGCONT)
        await asyncio.sleep(0.5)

    latencies = await siege.bystander.watch(freeze())
    assert latencies.p99("send_message") > LIMIT_MS
