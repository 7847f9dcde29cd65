"""Idle: many people who are connected and do nothing; they come and go."""

import msgspec
from picows import WSFrame, WSTransport

from tests.bench.load.client import Listener, Seat, connect_all, gate, gather
from tests.bench.load.clock import Numbers


class Quiet(Listener):
    """Somebody who ignores what they are told."""

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Ignore it."""


class Hold(msgspec.Struct, tag="hold"):
    """The job: everybody connects, then all leave and come again, `cycles` times."""

    port: int
    seats: list[Seat]
    cycles: int

    async def run(self) -> Numbers:
        """Do it, with a gate whenever everybody is there; gives how many the server closed."""
        await gate("empty")
        dropped = 0
        for cycle in range(self.cycles + 1):
            everybody = await connect_all(self.port, self.seats, lambda n: Quiet())
            if cycle in {0, self.cycles}:
                await gate("held")
            dropped += sum(each.dropped for each in everybody)
            await gather((each.leave() for each in everybody), 50)
        return {"connections": len(self.seats), "dropped": dropped}
