"""Idle connections: what a person who does nothing costs, and whether it is given back."""

from functools import partial
from pathlib import Path

from tests.bench.load.client import seats_of
from tests.bench.load.clock import Numbers
from tests.bench.load.hold import Hold
from tests.bench.loading import load
from tests.bench.process import serve, settled_memory
from tests.bench.scenario import Bar, Bench, Scenario
from tests.bench.world import mint, token_of

CONVERSATIONS = 10
CONTACTS = 20
CYCLES = 5
FLAT = 1.05


def make_town(path: Path, people: int) -> None:
    """Mint people with ten conversations of ten, and twenty contacts, each."""
    mint(path, people, groups_of(people), CONTACTS)


def groups_of(people: int) -> list[list[int]]:
    """As many groups of ten as there are people, each of whom is in ten."""
    return [
        [(first + step) % people + 1 for step in range(CONVERSATIONS)] for first in range(people)
    ]


def run(bench: Bench, server: str) -> Numbers:
    """Let everybody connect to one server, then leave and come again; `growth` is 1 if flat."""
    people = bench.scale.idle
    path = bench.copy("town.db", lambda path: make_town(path, people))
    with serve(server, path) as running:
        seats = seats_of(map(token_of, range(1, people + 1)))
        with load(Hold(running.port, seats, CYCLES)) as crowd:
            memory = []
            for stage in ("empty", "held", "held"):
                crowd.reach(stage)
                memory.append(settled_memory(running))
                crowd.go()
            numbers = crowd.numbers()
    empty, first, last = memory
    return numbers | {
        "kib_per_connection": (first - empty) / people / 1024,
        "growth": last / first,
        "memory_mib": last / 2**20,
    }


SCENARIOS = (
    Scenario(
        "idle",
        "idle connections; all come and go five times",
        {"product": partial(run, server="product"), "idle": partial(run, server="idle")},
        (Bar("kib_per_connection", "product", 1.5, "idle"), Bar("growth", "product", FLAT)),
    ),
)
