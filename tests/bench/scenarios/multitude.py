"""A multitude: fifty thousand sockets, some of them talking; then a restart, and all come back."""

from pathlib import Path

from tests.bench.load.arrive import Arrive
from tests.bench.load.client import Seat, seats_of
from tests.bench.load.clock import Numbers
from tests.bench.load.multitude import Multitude
from tests.bench.load.sender import Sender
from tests.bench.loading import load, measure, probing
from tests.bench.process import serve, settled_memory
from tests.bench.scenario import Bar, Bench, Scenario
from tests.bench.scenarios.idle import CONTACTS, groups_of
from tests.bench.scenarios.one_to_one import job_for
from tests.bench.world import cursors_of, mint, token_of

RATE = 2000.0  # messages a second, by all pairs together
PAUSE = 0.005


def make_world(path: Path, pairs: int, people: int) -> None:
    """Pairs as in one-to-one, and after them people in ten groups, all with twenty contacts."""
    talking = [(user, user + pairs) for user in range(1, pairs + 1)]
    groups = [[2 * pairs + each for each in group] for group in groups_of(people)]
    mint(path, 2 * pairs + people, [*talking, *groups], CONTACTS)


def run(bench: Bench) -> Numbers:
    """Let everybody connect while nobody talks, then the pairs talk; after a restart all return."""
    pairs, people = bench.scale.pairs, bench.scale.multitude
    path = bench.copy("multitude.db", lambda path: make_world(path, pairs, people))
    crowd = range(2 * pairs + 1, 2 * pairs + people + 1)
    numbers = talk(bench, path, crowd)
    return numbers | come_back(path, crowd)


def talk(bench: Bench, path: Path, crowd: range) -> Numbers:
    """Memory of each who is there, and the time from send to delivery among so many."""
    messages = max(1, int(RATE * bench.scale.half_load_seconds / bench.scale.pairs))
    with serve("product", path) as running:
        pairs = job_for(running, bench.scale.pairs, messages, rate=RATE)
        with load(Multitude(running.port, seats_of(map(token_of, crowd)), pairs)) as client:
            client.reach("empty")
            empty = settled_memory(running)
            client.go()
            client.reach("held")
            held = settled_memory(running)
            client.go()
            client.reach("ready")
            client.go()
            numbers = client.numbers()
    return numbers | {
        "kib_per_connection": (held - empty) / len(crowd) / 1024,
        "memory_mib": held / 2**20,
    }


def come_back(path: Path, crowd: range) -> Numbers:
    """Until the last is live and knows who is online, and what one who writes notices of it."""
    others: Numbers = {}
    with serve("product", path) as running:
        seats = seats_of(map(token_of, crowd), cursors_of(path, crowd))
        sender = Sender(running.port, Seat(token_of(1)), 1, PAUSE)
        job = Arrive(running.port, seats, len(crowd), stay=True)
        numbers = measure(running, job, "arrivals", probing(sender, others))
    return {
        "back_s": numbers["last_event_s"],
        "others_p50_ms": others["p50_ms"],
        "others_p99_ms": others["p99_ms"],
        "others_worst_ms": others["worst_ms"],
    }


SCENARIOS = (
    Scenario(
        "multitude",
        "tens of thousands connected, of whom some talk; all come back at once",
        {"product": run},
        (
            Bar("kib_per_connection", "product", 22),
            Bar("p99_ms", "product", 50),
            Bar("back_s", "product", 60),
            Bar("others_p99_ms", "product", 500),
        ),
    ),
)
