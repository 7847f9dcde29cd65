"""A soak: a steady load for long, in which memory is to stay where it was.

People talk in pairs; beside them others come, make a group, send a file in it, leave it and go.
"""

import contextlib
import re
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.bench.load.client import seats_of
from tests.bench.load.clock import Numbers
from tests.bench.load.visit import Visit
from tests.bench.loading import measure, probing
from tests.bench.process import BenchError, Server, serve
from tests.bench.scenario import Bar, Bench, Scenario
from tests.bench.scenarios.files import ROOM
from tests.bench.scenarios.one_to_one import job_for
from tests.bench.world import mint, token_of

RATE = 2000.0  # messages a second, by all pairs together
AT_ONCE = 4
FILE_BYTES = 100_000
LOOKS = 200
PAUSES = re.compile(r'parley_collector_pause_seconds_bucket\{le="([^"]+)"\} (\S+)')


def make_world(path: Path, pairs: int, visitors: int) -> None:
    """Pairs as in one-to-one, and visitors after them."""
    talking = [(user, user + pairs) for user in range(1, pairs + 1)]
    mint(path, 2 * pairs + visitors, talking)


def run(bench: Bench) -> Numbers:
    """Talk and visit for so long; `growth` is the last quarter's most memory by the second's."""
    pairs, visitors, seconds = bench.scale.pairs, bench.scale.visitors, bench.scale.soak_seconds
    path = bench.copy("soak.db", lambda path: make_world(path, pairs, visitors))
    people = range(2 * pairs + 1, 2 * pairs + visitors + 1)
    memory: list[int] = []
    visited: Numbers = {}
    with serve("product", path, ROOM | {"METRICS": "loopback"}) as running:
        visit = Visit(
            running.port, seats_of(map(token_of, people)), [f"user{each}" for each in people],
            AT_ONCE, FILE_BYTES,
        )  # fmt: skip
        job = job_for(running, pairs, max(1, int(RATE * seconds / pairs)), rate=RATE)
        with probing(visit, visited):
            numbers = measure(running, job, "messages", watching(running, memory, seconds))
        numbers["pause_below_ms"] = longest_pause(running)
    quarters = [max(memory[len(memory) * n // 4 : len(memory) * (n + 1) // 4]) for n in range(4)]
    numbers |= {f"quarter_{n}_mib": most / 2**20 for n, most in enumerate(quarters, 1)}
    return numbers | visited | {"growth": quarters[3] / quarters[1]}


@contextlib.contextmanager
def watching(server: Server, found: list[int], seconds: float) -> Iterator[None]:
    """Look at the server's memory again and again while the block lasts."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(seconds / LOOKS):
            found.append(server.memory_bytes())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def longest_pause(server: Server) -> float:
    """The least bound of the histogram that no pause of the collector is above, in ms."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics") as answer:
        bounds = [(float(le), float(n)) for le, n in PAUSES.findall(answer.read().decode())]
    if not bounds:
        raise BenchError("the server tells no collector's pauses")
    return 1000 * next(bound for bound, count in bounds if count == bounds[-1][1])


SCENARIOS = (
    Scenario(
        "soak",
        "talking, coming and going, groups and files, for long",
        {"product": run},
        (Bar("growth", "product", 1.03), Bar("pause_below_ms", "product", 25)),
    ),
)
