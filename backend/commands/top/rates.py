"""What happened between two looks at a server: rates, and how long things took. Pure."""

import math
from typing import NamedTuple

from backend.commands.top.reading import Reading


class Requests(NamedTuple):
    """Requests of one type: how many a second, of them failed, and how long they took, in s."""

    type: str
    rate: float
    failed: float
    p50: float
    p99: float


class Person(NamedTuple):
    """Somebody who is connected; `rate` is of the frames they send."""

    username: str
    sockets: int
    rate: float
    waiting: int


class Between:
    """A newer reading beside an older one of the same server."""

    def __init__(self, old: Reading, new: Reading) -> None:
        self.new = new
        self._old = old
        self._seconds = max(new.at - old.at, 1e-9)

    def rate(self, name: str) -> float:
        """How much a counter has grown a second, over all its labels."""
        return max(0.0, self.new.total(name) - self._old.total(name)) / self._seconds

    def quantile(self, q: float, name: str, **labels: str) -> float:
        """How long the quickest share `q` took at most; NaN when there was nothing."""
        old = self._old.buckets(name, **labels)
        new = self.new.buckets(name, **labels)
        return quantile(q, {bound: count - old.get(bound, 0.0) for bound, count in new.items()})

    def mean(self, name: str) -> float:
        """The mean of a histogram's values; NaN when there was none."""
        count = self.rate(f"{name}_count")
        return self.rate(f"{name}_sum") / count if count else math.nan

    def requests(self) -> list[Requests]:
        """The types that were asked for, the most frequent first."""
        name, seconds = "parley_requests_total", "parley_request_seconds"
        old, new = self._old.by(name, "type"), self.new.by(name, "type")
        found = []
        for type_ in new:
            rate = (new[type_] - old.get(type_, 0.0)) / self._seconds
            well = self.new.value(name, type=type_, outcome="ok")
            well -= self._old.value(name, type=type_, outcome="ok")
            p50, p99 = (self.quantile(q, seconds, type=type_) for q in (0.5, 0.99))
            if rate > 0:
                found.append(Requests(type_, rate, rate - well / self._seconds, p50, p99))
        return sorted(found, key=lambda each: each.rate, reverse=True)

    def people(self) -> list[Person]:
        """Who is connected, those who send the most first."""
        before = {each.username: each.frames for each in self._old.connected.users}
        found = [
            Person(
                each.username,
                each.sockets,
                max(0, each.frames - before.get(each.username, each.frames)) / self._seconds,
                each.waiting,
            )
            for each in self.new.connected.users
        ]
        return sorted(found, key=lambda each: (each.rate, each.waiting), reverse=True)


def quantile(q: float, buckets: dict[float, float]) -> float:
    """As Prometheus's histogram_quantile: even within a bucket, the last bound above all."""
    bounds = sorted(buckets)
    count = buckets[bounds[-1]] if bounds else 0.0
    if not count:
        return math.nan
    rank, low, below = q * count, 0.0, 0.0
    for bound in bounds:
        if buckets[bound] >= rank:
            if math.isinf(bound):
                return low
            return low + (bound - low) * (rank - below) / max(buckets[bound] - below, 1e-9)
        low, below = bound, buckets[bound]
    return low
