"""All nodes are replaced, one after the other, while people write."""

import asyncio
import itertools
from pathlib import Path
from statistics import quantiles

import pytest

from tests.guarantees.device import Device
from tests.guarantees.load import Load
from tests.guarantees.test_crash import compare
from tests.support.client import town
from tests.support.nodes import nodes

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]

NO_LIMITS = {"RATE_LIMIT": "0", "RESUME_MAX_EVENTS": "100000"}
P99_SECONDS = 2.0


async def write(device: Device, load: Load, took: list[float]) -> None:
    """Send one message after the other, and note how long each waits for its answer."""
    clock, name = asyncio.get_running_loop().time, device.state.username
    mine = [id_ for id_, names in load.conversations.items() if name in names]
    for conversation_id in itertools.cycle(mine):
        since = clock()
        client_id = await device.say(conversation_id, "again")
        await device.until(lambda: client_id in device.acked, within=60)  # noqa: B023
        took.append(clock() - since)


async def test_a_deploy_node_by_node_loses_nothing_and_holds_nobody_up(
    tmp_path: Path, where: str
) -> None:
    """As behind a proxy: who is sent away comes back at a node that is there."""
    async with nodes(tmp_path, where, 3, **NO_LIMITS) as found, town(found[0].url) as people:
        load = await Load.prepare(people)
        for number, device in enumerate(load.devices):
            device.url = found[number % 3].url
            await device.drop()
        keepers = [asyncio.create_task(each.stay_connected()) for each in load.devices]
        took: list[float] = []
        writers = [asyncio.create_task(write(each, load, took)) for each in load.devices]
        for number, node in enumerate(found):
            answered = len(took)
            await load.devices[0].until(lambda: len(took) > answered + 100, within=60)  # noqa: B023
            for device in load.devices:
                if device.url == node.url:
                    device.url = found[(number + 1) % 3].url
            assert await node.stop() == 0
            await node.start()
        for task in writers:
            task.cancel()
        await load.stop_writing()
        await compare(load)
        for task in keepers:
            task.cancel()
        await asyncio.gather(*writers, *keepers, return_exceptions=True)
        p99 = quantiles(took, n=100)[98]
        print(f"{len(took)} messages, p99 {p99:.2f} s, slowest {max(took):.2f} s")
        assert p99 < P99_SECONDS
