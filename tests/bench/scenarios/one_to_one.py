"""One-to-one: pairs of people; every message acknowledged, on disk and delivered."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.bench.load.client import seats_of
from tests.bench.load.clock import Numbers
from tests.bench.load.pairs import Pairs
from tests.bench.loading import measure
from tests.bench.process import BenchError, Server, serve
from tests.bench.scenario import Bar, Bench, Scenario
from tests.bench.world import mint, token_of


def make_world(path: Path, pairs: int) -> None:
    """Mint pairs of people: user n and user n + `pairs` talk in conversation n."""
    mint(path, 2 * pairs, [(user, user + pairs) for user in range(1, pairs + 1)])


def job_for(
    server: Server, pairs: int, messages: int, window: int = 1, rate: float = 0, settled: int = 0
) -> Pairs:
    """The load of these pairs; `messages` by each, after those in which the server settles."""
    return Pairs(
        server.port,
        senders=seats_of(map(token_of, range(1, pairs + 1))),
        receivers=seats_of(map(token_of, range(pairs + 1, 2 * pairs + 1))),
        conversations=list(range(1, pairs + 1)),
        messages=messages,
        window=window,
        rate=rate,
        settled=settled,
    )


def closed(bench: Bench, server: str, window: int) -> Numbers:
    """Run one server, once it has settled, with `window` messages of each pair in flight."""
    pairs, scale = bench.scale.pairs, bench.scale
    path = bench.copy("pairs.db", lambda path: make_world(path, pairs))
    with serve(server, path) as running:
        job = job_for(running, pairs, scale.pair_messages, window, settled=scale.settled)
        numbers = measure(running, job, "messages")
    if server != "relay":
        check_stored(path, numbers["messages"])
    return numbers


def paced(bench: Bench, server: str) -> Numbers:
    """Run one server at half of what the product can do, measured once in this run."""
    if "half" not in bench.rates:
        bench.rates["half"] = closed(bench, "product", 8)["throughput"] / 2
    rate, pairs = bench.rates["half"], bench.scale.pairs
    path = bench.copy("pairs.db", lambda path: make_world(path, pairs))
    messages = max(1, int(rate * bench.scale.half_load_seconds / pairs))
    with serve(server, path) as running:
        return measure(running, job_for(running, pairs, messages, rate=rate), "messages")


def check_stored(path: Path, messages: float) -> None:
    """Make sure that at least so many messages are in the database, each with its log row."""
    with closing(sqlite3.connect(path)) as db:
        stored = db.execute(
            "SELECT count(*) FROM messages m JOIN log ON log.message_id = m.id"
        ).fetchone()[0]
    if stored < messages:
        raise BenchError(f"{messages} messages were acknowledged, {stored} are in the database")


def _scenario(window: int) -> Scenario:
    return Scenario(
        f"one-to-one-{window}",
        f"one-to-one, stored, {window} in flight per pair",
        {
            "product": partial(closed, server="product", window=window),
            "storing": partial(closed, server="storing", window=window),
            "relay": partial(closed, server="relay", window=window),
        },
        (
            Bar("cpu_us", "product", 1.3, "storing"),
            Bar("throughput", "product", 0.65, "storing", at_least=True),
        ),
    )


SCENARIOS = (
    _scenario(1),
    _scenario(8),
    _scenario(32),
    Scenario(
        "one-to-one-half-load",
        "one-to-one, stored, at half of the product's load",
        {"product": partial(paced, server="product"), "storing": partial(paced, server="storing")},
        (Bar("p99_ms", "product", 5, "storing"),),
    ),
)
