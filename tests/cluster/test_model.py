"""Random lives over three nodes: what is lived through events at one is what is fetched there."""

import asyncio
import itertools
import os
from collections import Counter
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis.stateful import rule, run_state_machine_as_test

from tests.guarantees.device import WAIT_SECONDS, Device
from tests.guarantees.test_model import NO_LIMITS, Lives, devices, of_lives
from tests.guarantees.village import Village
from tests.support.nodes import Node, nodes

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]

EXAMPLES = int(os.environ.get("LIVES", "4"))
STEPS = 60
NEVER = 2**60


class Spread(Village):
    """People at different nodes."""

    async def complete(self) -> None:
        """As ever, once every node is where one of them is already."""
        reached = [await self._position(device) for device in self.live]
        for device in self.live:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._reach(device, max(reached))
        await super().complete()

    async def _reach(self, device: Device, position: int) -> None:
        while device.live:
            if await self._position(device) >= position:
                return
            await asyncio.sleep(0.01)

    async def _position(self, device: Device) -> int:
        """How far the node of a device has read the log."""
        return int((await device.ask("ping"))["cursor"].split("-")[1])


class Wanderers(Lives):
    """The same people, each of whose devices is at a node of its own, and changes it."""

    found: ClassVar[list[Node]]
    kind = Spread

    def __init__(self) -> None:
        super().__init__()
        # nobody puts a copy in the place of this database
        self.village.copied, self.village.restored, self.village.copied_at = "no", True, NEVER
        self.turns = itertools.cycle(each.url for each in self.found)
        for device in self.village.devices:
            device.url = next(self.turns)

    @rule(who=devices)
    def move(self, who: int) -> None:
        """A device comes back at another node."""
        device = self.village.devices[who]
        self.run(device.drop())
        device.url = next(self.turns)
        self.run(self.village.connect(who))


def test_lived_at_any_node_is_what_is_fetched(tmp_path: Path, where: str) -> None:
    """After any life, on every device, the state made from events is the state in the database."""
    with asyncio.Runner() as runner:
        running = nodes(tmp_path, where, 3, **NO_LIMITS)
        Wanderers.found = runner.run(running.__aenter__())
        Lives.runner, Lives.server, Lives.done = runner, Wanderers.found[0], Counter()
        try:
            run_state_machine_as_test(
                Wanderers,
                settings=of_lives(EXAMPLES, STEPS),
            )
        finally:
            runner.run(running.__aexit__(None, None, None))
            print(dict(Lives.done))
    assert not any("Traceback" in each.output for each in Wanderers.found)
    assert len(Lives.done) > 10, f"too little happened, this proved nothing: {Lives.done}"
