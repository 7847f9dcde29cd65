"""A server at its default settings, a bystander, and attacks that run beside them."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests import ROOT
from tests.abuse.bystander import LIMIT_MS, Bystander, Latencies
from tests.support.client import Town
from tests.support.server import Server

SECONDS = 4.0
ATTACK_ENDS_WITHIN = 60.0
WRITTEN_AT_MOST = 10.0  # times what was sent

# Only what lets one machine be many people; everything else is as it is for users.
DEFAULTS = {
    "REGISTER_ATTEMPTS": "1000000",
    "PRESENCE_GRACE": "5",
    "MAX_GROUPS_PER_HOUR": "100",
    "PASSWORD_WORKERS": "2",
    "CONNECTIONS_PER_ADDRESS": "1000",
}


class Siege:
    """One server, and who is on it."""

    def __init__(self, server: Server, town: Town, bystander: Bystander) -> None:
        self.server = server
        self.town = town
        self.bystander = bystander

    async def attack(self, attack: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
        """Run a coroutine function of tests.abuse.attacks in a process; gives what it returns.

        It is called with the server's `url`, `seconds`, and the arguments.
        """
        values = {"url": self.server.url, "seconds": SECONDS, **arguments}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.abuse.attacks",
            attack.__module__, getattr(attack, "__name__", ""), json.dumps(values),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            async with asyncio.timeout(ATTACK_ENDS_WITHIN):
                output, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode == 0
        return json.loads(output)

    async def bears(self, attack: Awaitable[Any]) -> Any:
        """Demand that nobody else has to wait while the attack runs; gives what it returns."""
        running = asyncio.ensure_future(attack)
        latencies = await self.bystander.watch(running)
        check(latencies)
        return running.result()

    def stored_bytes(self) -> int:
        """The size of all files of the database, the search index's included."""
        return sum(each.stat().st_size for each in Path(self.server.dbpath).parent.iterdir())


def check(latencies: Latencies) -> None:
    """Demand that everything the bystander did was within the limit."""
    assert latencies.worst <= LIMIT_MS, latencies.table()
