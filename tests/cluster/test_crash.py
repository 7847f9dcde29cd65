"""Whatever breaks between people and the disk, over and over, while they write: nothing is lost.

`make crash-test NODES=3 KILLS=300` goes on for longer.
"""

import asyncio
import contextlib
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import psycopg
import pytest

from tests.cluster import careless
from tests.cluster.conftest import migrate
from tests.guarantees.load import Load
from tests.guarantees.test_crash import compare
from tests.support.client import town
from tests.support.nodes import Node, nodes
from tests.support.postgres import Cluster, Postgres

IS_LONG = "NODES" in os.environ
pytestmark = [pytest.mark.process, pytest.mark.timeout(0 if IS_LONG else 300)]

NODES = int(os.environ.get("NODES", "3"))
ROUNDS = int(os.environ.get("KILLS", "25")) if IS_LONG else 25
HELD_SECONDS = 2.5  # longer than PostgreSQL lets who holds the lock do nothing
NO_LIMITS = {"RATE_LIMIT": "0", "RESUME_MAX_EVENTS": "100000"}


class Fate:
    """What befalls a cluster."""

    def __init__(self, found: list[Node], mortal: Cluster, databases: Postgres, where: str) -> None:
        self._nodes = found
        self._mortal = mortal
        self._databases = databases
        self._where = where
        self._blows: dict[str, tuple[int, Callable[[random.Random], Awaitable[None]]]] = {
            "a node is killed": (8, self._kill),
            "connections to the database are ended": (5, self._disconnect),
            "the database is killed": (3, self._restart),
            "a node is frozen": (2, self._freeze),
            "a link is cut": (4, self._cut),
            "a link is held": (1, self._hold),
            "a link is slow": (2, self._slow),
        }
        self.struck: Counter[str] = Counter()

    def close(self) -> None:
        """Disconnect from the database."""
        self._databases.close()

    async def strike(self, dice: random.Random) -> None:
        """One of those, by chance but for the first of each kind."""
        new = [name for name in self._blows if name not in self.struck]
        names = new or list(self._blows)
        name = dice.choices(names, [self._blows[each][0] for each in names])[0]
        self.struck[name] += 1
        await self._blows[name][1](dice)

    async def _kill(self, dice: random.Random) -> None:
        node = dice.choice(self._nodes)
        await node.kill()
        await node.start()

    async def _disconnect(self, dice: random.Random) -> None:
        self._databases.disconnect(self._where)

    async def _restart(self, dice: random.Random) -> None:
        self._databases.close()
        await asyncio.to_thread(self._mortal.restart)
        self._databases = Postgres(self._mortal.admin, "parley")

    async def _freeze(self, dice: random.Random) -> None:
        node = dice.choice(self._nodes)
        node.freeze()
        await asyncio.sleep(HELD_SECONDS)
        node.thaw()

    async def _cut(self, dice: random.Random) -> None:
        dice.choice(self._nodes).link.cut()

    async def _hold(self, dice: random.Random) -> None:
        link = dice.choice(self._nodes).link
        link.frozen = True
        await asyncio.sleep(HELD_SECONDS)
        link.heal()

    async def _slow(self, dice: random.Random) -> None:
        link = dice.choice(self._nodes).link
        link.delay_up = link.delay_down = dice.uniform(0.002, 0.02)
        await asyncio.sleep(0.3)
        link.heal()


async def wander(load: Load, found: list[Node], dice: random.Random) -> None:
    """Let devices move to other nodes, some of them now and some when they are cut off."""
    for device in load.devices:
        device.url = dice.choice(found).url
    for device in dice.sample(load.devices, 2):
        await device.drop()


async def test_it_finds_what_careless_nodes_lose(tmp_path: Path, where: str) -> None:
    """A control, without anything breaking: ids that are not in the order of commits."""
    with psycopg.connect(where) as db:
        db.execute(careless.MADE.encode())
    async with (
        nodes(tmp_path, where, 3, "tests.cluster.careless", **NO_LIMITS) as found,
        town(found[0].url) as people,
    ):
        load = await Load.prepare(people)
        await wander(load, found, random.Random(1))
        async with load.going():
            await load.devices[0].until(lambda: load.acked > 300, within=60)
            await load.stop_writing()
            with pytest.raises(AssertionError, match="lived something else"):
                await compare(load)


def gaps(where: str) -> int:
    """How many ids of messages were drawn for nothing."""
    with psycopg.connect(where) as db:
        row = db.execute("SELECT max(id) - count(*) FROM messages").fetchone()
    assert row is not None
    return int(row[0])


async def test_nothing_is_lost_whatever_breaks(tmp_path: Path, mortal: Cluster) -> None:
    """Every answered message is there once, in one order for all, whichever node told of it."""
    databases = Postgres(mortal.admin, "parley")
    where = databases.create()
    migrate(where)
    async with (
        nodes(tmp_path, where, NODES, **NO_LIMITS) as found,
        town(found[0].url) as people,
        contextlib.AsyncExitStack() as stack,
    ):
        load = await Load.prepare(people)
        fate = stack.enter_context(contextlib.closing(Fate(found, mortal, databases, where)))
        cut_off = 0
        async with load.going():
            for number in range(ROUNDS):
                dice = random.Random(number)
                acked = load.acked
                await load.devices[0].until(lambda: load.acked > acked, within=60)  # noqa: B023
                await asyncio.sleep(dice.uniform(0.0, 0.15))
                cut_off += load.in_flight
                await fate.strike(dice)
                await wander(load, found, dice)
            await load.stop_writing()
            await compare(load)
        assert gaps(where) == 0
        assert cut_off, "nothing met a message under way: this proved nothing"
        print(fate.struck, load.acked)
