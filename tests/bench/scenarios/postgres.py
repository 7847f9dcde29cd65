"""PostgreSQL: batches near and far, one node and three, others' messages, and what comes back."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, NamedTuple

import msgspec
import psycopg

from backend.store.engine.faults import PostgresError
from backend.store.engine.postgres import commands
from tests import ROOT
from tests.bench.distance import distant
from tests.bench.floors.messages import Send
from tests.bench.load.client import seats_of
from tests.bench.load.clock import Numbers, now
from tests.bench.load.group import Group
from tests.bench.loading import measure
from tests.bench.process import BenchError, serve
from tests.bench.scenario import Bar, Bench, Scenario, Side
from tests.bench.scenarios.one_to_one import make_world
from tests.bench.world import mint, token_of
from tests.bench.writing import Writing, messages, writer

AWAY = 0.00075
OFFERED = 3_000  # messages a second over all nodes
GIVE_UP = 30.0


class Place(NamedTuple):
    """So many nodes, and how far they are from PostgreSQL, in seconds for a round trip."""

    nodes: int = 1
    away: float = 0.0


NEAR, FAR, THREE = Place(), Place(away=AWAY), Place(3, AWAY)


def write(bench: Bench, by: str, place: Place, batch: int, rate: float = 0) -> Numbers:
    """Nodes that only write, all at once: what they store a second, and how long a batch takes.

    Of several the slowest one's times are told, and the CPU of all.
    """
    pairs, seconds = bench.scale.pairs, bench.scale.writing_seconds
    minted = bench.once("pairs.db", lambda path: make_world(path, pairs))
    with (
        bench.databases.like(minted) as near,
        distant(near, place.away) as where,
        contextlib.ExitStack() as stack,
    ):
        jobs = [
            Writing(
                where, "product" if by == "product" else "hand",
                list(range(first + 1, pairs + 1, place.nodes)), batch, seconds, rate / place.nodes,
            )
            for first in range(place.nodes)
        ]  # fmt: skip
        nodes = [stack.enter_context(_node(job)) for job in jobs]
        for reading, _ in nodes:
            _line(reading)
        for _, writing in nodes:
            writing.write("go\n")
            writing.flush()
        found = [msgspec.json.decode(_line(reading), type=Numbers) for reading, _ in nodes]
        _check(near, sum(each["messages"] for each in found))
    slowest = max(found, key=lambda each: each["p99_ms"])
    count = sum(each["messages"] for each in found)
    return {
        **slowest,
        "messages": count,
        "throughput": sum(each["throughput"] for each in found),
        "cpu_us": sum(each["cpu_us"] * each["messages"] for each in found) / count,
    }


@contextlib.contextmanager
def _node(job: Writing) -> Iterator[tuple[IO[str], IO[str]]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.writing"], cwd=ROOT, env=dict(os.environ),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        try:
            process.stdin.write(msgspec.json.encode(job).decode() + "\n")
            process.stdin.flush()
            yield process.stdout, process.stdin
        finally:
            process.kill()
            process.wait()


def _line(reading: IO[str]) -> str:
    line = reading.readline()
    if not line:
        raise BenchError("a node ended early; its complaint is above")
    return line


def _check(where: str, count: float) -> None:
    with psycopg.connect(where) as db:
        row = db.execute(
            "SELECT count(*) FROM messages m JOIN log ON log.message_id = m.id"
        ).fetchone()
    if row is None or row[0] < count:
        raise BenchError(f"{count} messages were written, {row} are in the database")


def hear(bench: Bench, elsewhere: bool) -> Numbers:
    """A group whose members are at one node: what it takes there to tell them a message."""
    members, count = bench.scale.group, bench.scale.group_messages
    minted = bench.once("group.db", lambda path: mint(path, members, [range(1, members + 1)]))
    with contextlib.ExitStack() as stack:
        extra = {"DATABASE_URL": stack.enter_context(bench.databases.like(minted))}
        here, there = (stack.enter_context(serve("product", minted, extra)) for _ in range(2))
        seats = seats_of(map(token_of, range(1, members + 1)))
        sender_port = there.port if elsewhere else here.port
        job = Group(here.port, seats, 1, count, 1, sender_port)
        return measure(here, job, "deliveries")


def go_on(bench: Bench, after: Callable[[Bench, str], float]) -> Numbers:
    """How long nobody could write, in ms."""
    minted = bench.once("pairs.db", lambda path: make_world(path, bench.scale.pairs))
    with bench.databases.like(minted) as where:
        return {"gap_ms": after(bench, where) * 1000}


def _after_holder(bench: Bench, where: str, number: signal.Signals) -> float:
    """From when who holds the lock is killed or frozen to the next commit."""
    hold = (
        f"import psycopg, time; db = psycopg.connect({where!r}, autocommit=True);"
        f" [db.execute(each) for each in {(commands.BEGIN, commands.LOCK)!r}];"
        " print('held', flush=True); time.sleep(60)"
    )
    with writer(where, "product") as write_batch:
        source = messages([1])
        write_batch([next(source)])
        command = [sys.executable, "-c", hold]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            _line(holder.stdout)
            since = now()
            waiting = _Thread(lambda: write_batch([next(source)]))
            if number == signal.SIGKILL:
                time.sleep(0.2)  # the other one waits for the lock by then
                since = now()
            holder.send_signal(number)
            done = waiting.result()
            holder.kill()
    return done - since


def _after_restart(bench: Bench, where: str) -> float:
    """From when PostgreSQL answers again to the next commit."""
    with writer(where, "product") as write_batch:
        source = messages([1])
        write_batch([next(source)])
        batch: list[tuple[int, Send]] = [next(source)]

        def write_again() -> None:
            ends = now() + GIVE_UP
            while True:
                try:
                    return write_batch(batch)
                except PostgresError:
                    if now() > ends:
                        raise

        bench.databases.kill()
        waiting = _Thread(write_again)
        bench.databases.start()
        since = now()
        return max(0.0, waiting.result() - since)


class _Thread(threading.Thread):
    """Something that is done meanwhile."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._done: float | None = None
        self.start()

    def run(self) -> None:
        """Do it, and note when that was done."""
        self._work()
        self._done = now()

    def result(self) -> float:
        """When it was done."""
        self.join(GIVE_UP)
        if self._done is None:
            raise BenchError("nobody can write any more")
        return self._done


def _sides(batch: int, rate: float = 0, **places: Place) -> dict[str, Side]:
    """The product at these places, and the same by hand."""
    return {
        f"{side}{', by hand' if by == 'hand' else ''}": partial(
            write, by=by, place=place, batch=batch, rate=rate
        )
        for side, place in places.items()
        for by in ("product", "hand")
    }


SCENARIOS = (
    Scenario(
        "postgres-100",
        "PostgreSQL, batches of 100",
        _sides(100, near=NEAR, far=FAR, three=THREE),
        (
            Bar("throughput", "near", 8_000, at_least=True),
            Bar("throughput", "near", 0.5, "near, by hand", at_least=True),
            Bar("throughput", "far", 7_000, at_least=True),
            Bar("throughput", "three", 0.9, "far", at_least=True),
        ),
    ),
    Scenario(
        "postgres-1",
        "PostgreSQL, batches of one",
        _sides(1, near=NEAR, far=FAR),
        (Bar("p50_ms", "near", 1), Bar("p50_ms", "far", 3.2)),
    ),
    Scenario(
        "postgres-offered",
        f"PostgreSQL, three nodes, {OFFERED:,} a second",
        _sides(1, OFFERED, three=THREE),
        (Bar("p99_ms", "three", 30), Bar("p99_ms", "three", 2, "three, by hand")),
    ),
    Scenario(
        "postgres-elsewhere",
        "PostgreSQL, a message to hundreds who are online",
        {
            "of another node": partial(hear, elsewhere=True),
            "of one's own": partial(hear, elsewhere=False),
        },
        (Bar("cpu_us", "of another node", 1.2, "of one's own"),),
    ),
    Scenario(
        "postgres-next",
        "PostgreSQL, the next commit",
        {
            "holder killed": partial(go_on, after=partial(_after_holder, number=signal.SIGKILL)),
            "holder frozen": partial(go_on, after=partial(_after_holder, number=signal.SIGSTOP)),
            "PostgreSQL restarted": partial(go_on, after=_after_restart),
        },
        (
            Bar("gap_ms", "holder killed", 20),
            Bar("gap_ms", "holder frozen", 2_100),
            Bar("gap_ms", "PostgreSQL restarted", 500),
        ),
    ),
)
