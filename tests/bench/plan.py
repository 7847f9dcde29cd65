"""The arithmetic of docs/scale.md: how many nodes so many people need, and what gives way first.

`simulate` checks its one step that is not a multiplication: how long a write waits when every node
of the cluster writes in turn. Run it: `python -m tests.bench.plan`.
"""

import heapq
import random
from collections import deque
from dataclasses import dataclass
from statistics import quantiles

MAX_BATCH = 500  # backend/store/writer.py
# nodes, writes a second, and what a batch costs however small it is
CASES = (
    (3, 1000, 3.4), (3, 6000, 3.4), (20, 1000, 3.4), (20, 7778, 3.4), (20, 7778, 1.0),
    (10, 7778, 1.0),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What a batch holds the line of writers for: `fixed` and `each` of its writes, in ms."""

    fixed: float
    each: float

    def batch_ms(self, writes: float) -> float:
        """How long a batch of so many takes."""
        return self.fixed + self.each * writes

    @property
    def most(self) -> float:
        """Writes a second with full batches."""
        return 1000 * MAX_BATCH / self.batch_ms(MAX_BATCH)

    def round_ms(self, nodes: int, rate: float) -> float:
        """How long it takes until every node has had its turn, all of them busy.

        What comes meanwhile is what is written: round = nodes * fixed + each * rate * round.
        """
        load = self.each * rate / 1000
        if load >= 1:
            raise ValueError(f"{rate:.0f} writes a second are more than one line takes")
        return nodes * self.fixed / (1 - load)


# Fitted to the closed-loop figures of three nodes 0.73 ms from PostgreSQL, on two shared cores:
# batches of 1 took 3.46 ms, of 10 5.14 ms, of 100 12.7 ms.
MEASURED = Line(fixed=3.4, each=0.095)


@dataclass(frozen=True)
class People:
    """What people do; every figure of it is an assumption."""

    accounts: int = 10_000_000
    online: int = 1_000_000
    sent_a_day: int = 160_000_000
    peak: float = 3.0  # the busiest hour beside the average one
    marks_per_message: float = 0.4  # writes of marks that come with a message; many are joined
    minutes_online: float = 30
    watchers: int = 50


@dataclass(frozen=True)
class Costs:
    """What was measured of one node, on one core of the machine this was written on."""

    sockets: int = 50_000  # of a node: a choice
    kib_per_socket: float = 20  # docs/performance.md
    bytes_elsewhere: float = 462  # of a user who is online at another node
    bytes_of_note: float = 461  # of who comes or goes, with 50 watchers
    note_us: float = 3.7  # to hear one: decode it, look for the watchers here
    row_us: float = 0.9  # a row of the log that concerns nobody here


def plan(people: People, costs: Costs, line: Line) -> list[tuple[str, str]]:
    """What so many people need: what it is, and how much."""
    nodes = -(-people.online // costs.sockets)
    sent = people.sent_a_day / 86_400 * people.peak
    writes = sent * (1 + people.marks_per_message)
    moves = 2 * people.online / (people.minutes_online * 60)  # who comes and who goes
    sockets = costs.sockets * costs.kib_per_socket / 2**20
    elsewhere = people.online * (nodes - 1) / nodes * costs.bytes_elsewhere
    return [
        ("nodes of 50,000 sockets", f"{nodes}"),
        ("memory of a node for its sockets", f"{sockets:.1f} GiB"),
        ("… and for who is online elsewhere", f"{elsewhere / 2**30:.1f} GiB"),
        ("messages a second in the busiest hour", f"{sent:,.0f}"),
        ("writes a second with the marks", f"{writes:,.0f}"),
        ("the line of writers takes", f"{line.most:,.0f}"),
        ("… of which are used", f"{writes / line.most:.0%}"),
        ("until every node had its turn", f"{line.round_ms(nodes, writes):.0f} ms"),
        ("notes of presence a second", f"{moves:,.0f}"),
        ("… read by each node", f"{moves * costs.bytes_of_note / 1e6:.1f} MB/s"),
        ("… of a core of each node", f"{moves * costs.note_us / 1e6:.1%}"),
        ("rows of others, of a core of each node", f"{writes * costs.row_us / 1e6:.1%}"),
    ]  # fmt: skip


def simulate(line: Line, nodes: int, rate: float, seconds: float, seed: int = 1) -> list[float]:
    """How long each write waits until it is on disk, in ms: every node batches, one writes.

    Writes come at random, `rate` a second over all nodes. A node takes what waits there, at most
    MAX_BATCH, and stands in line with it; nothing is added while it stands there. First come,
    first served, as with an advisory lock of PostgreSQL's.
    """
    chance = random.Random(seed)
    now, waits = 0.0, []
    queues: list[deque[float]] = [deque() for _ in range(nodes)]
    line_of: deque[tuple[int, list[float]]] = deque()
    standing = [False] * nodes
    ends: list[tuple[float, int, list[float]]] = []  # the batch that is being written

    def stand(node: int) -> None:
        batch = [queues[node].popleft() for _ in range(min(len(queues[node]), MAX_BATCH))]
        standing[node] = bool(batch)
        if batch:
            line_of.append((node, batch))

    def go_on() -> None:
        if line_of and not ends:
            node, batch = line_of.popleft()
            heapq.heappush(ends, (now + line.batch_ms(len(batch)), node, batch))

    arrival = chance.expovariate(rate) * 1000
    while arrival < seconds * 1000 or ends:
        if ends and ends[0][0] <= arrival:
            now, node, batch = heapq.heappop(ends)
            waits += [now - each for each in batch]
            stand(node)
        else:
            now = arrival
            node = chance.randrange(nodes)
            queues[node].append(now)
            arrival = now + chance.expovariate(rate) * 1000 if now < seconds * 1000 else 1e18
            if not standing[node]:
                stand(node)
        go_on()
    return waits


def p50_p99(waits: list[float]) -> tuple[float, float]:
    """The median, and what one of a hundred exceeds."""
    cuts = quantiles(waits, n=100)
    return cuts[49], cuts[98]


def plan_table() -> str:
    """The plan as it stands in docs/scale.md."""
    rows = [f"| {name} | {value} |" for name, value in plan(People(), Costs(), MEASURED)]
    return "\n".join(["| | |", "| --- | --- |", *rows])


def simulation_table() -> str:
    """What is simulated, as it stands in docs/scale.md."""
    rows = ["| nodes | writes a second | *fixed* | p50 | p99 |", "| --- | --- | --- | --- | --- |"]
    for nodes, rate, fixed in CASES:
        half, most = p50_p99(simulate(Line(fixed, MEASURED.each), nodes, rate, 10))
        rows.append(f"| {nodes} | {rate:,} | {fixed} ms | {half:.0f} ms | {most:.0f} ms |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(f"{plan_table()}\n\n{simulation_table()}")
