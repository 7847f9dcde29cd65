"""How cost grows: the same work with more members, more sockets, and more messages waiting.

Every size is a side of its own, called `SIZE SERVER`; `tests/bench/curves.py` draws them.
"""

from collections.abc import Callable
from functools import partial

from tests.bench.load.client import seats_of
from tests.bench.load.clock import Numbers
from tests.bench.load.hold import Hold
from tests.bench.loading import load, measure
from tests.bench.process import serve, settled_memory
from tests.bench.scale import Scale
from tests.bench.scenario import Bench, Scenario, Side
from tests.bench.scenarios.group import job_for
from tests.bench.scenarios.idle import make_town
from tests.bench.scenarios.one_to_one import closed
from tests.bench.world import mint, token_of


def members(bench: Bench, server: str, size: int) -> Numbers:
    """A group of that size, one message in flight; the larger the fewer messages."""
    path = bench.copy(f"group-{size}.db", lambda path: mint(path, size, [range(1, size + 1)]))
    messages = max(bench.scale.large_group_messages, 4 * bench.scale.pings // size)
    with serve(server, path) as running:
        return measure(running, job_for(running, size, messages, 1), "deliveries")


def sockets(bench: Bench, server: str, size: int) -> Numbers:
    """So many people are connected, and do nothing."""
    path = bench.copy(f"town-{size}.db", lambda path: make_town(path, size))
    with serve(server, path) as running:
        seats = seats_of(map(token_of, range(1, size + 1)))
        with load(Hold(running.port, seats, 1)) as crowd:
            crowd.reach("empty")
            empty = settled_memory(running)
            crowd.go()
            crowd.reach("held")
            held = settled_memory(running)
    return {"kib_per_connection": (held - empty) / size / 1024, "memory_mib": held / 2**20}


def batch(bench: Bench, server: str, size: int) -> Numbers:
    """So many messages of each pair are in flight."""
    return closed(bench, server, size)


def scenarios(scale: Scale) -> tuple[Scenario, ...]:
    """The scenarios with the sizes of a scale; they have no bars."""

    def sides(
        measured: Callable[..., Numbers], sizes: tuple[int, ...], floor: str
    ) -> dict[str, Side]:
        return {
            f"{size} {server}": partial(measured, server=server, size=size)
            for size in sizes
            for server in ("product", floor)
        }

    titles = {
        "growth-members": ("a group of so many online", members, scale.growing_members, "storing"),
        "growth-sockets": ("so many connected", sockets, scale.growing_sockets, "idle"),
        "growth-batch": ("so many in flight per pair", batch, scale.growing_windows, "storing"),
    }
    return tuple(
        Scenario(name, title, sides(measured, sizes, floor), ())
        for name, (title, measured, sizes, floor) in titles.items()
    )
