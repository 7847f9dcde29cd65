"""A multitude: very many people who are connected and do nothing, and some pairs who talk."""

import msgspec

from tests.bench.load.client import Seat, connect_all, gate
from tests.bench.load.clock import Numbers
from tests.bench.load.hold import Quiet
from tests.bench.load.pairs import Pairs


class Multitude(msgspec.Struct, tag="multitude"):
    """The job: everybody connects, then the pairs do theirs."""

    port: int
    seats: list[Seat]
    pairs: Pairs

    async def run(self) -> Numbers:
        """Do it, with a gate once everybody is there; gives what the pairs found."""
        await gate("empty")
        everybody = await connect_all(self.port, self.seats, lambda n: Quiet())
        await gate("held")
        numbers = await self.pairs.run()
        numbers["dropped"] += sum(each.dropped for each in everybody)
        return numbers | {"connections": len(everybody)}
