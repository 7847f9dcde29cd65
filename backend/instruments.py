"""What is counted where it happens, as plain numbers, and read by who shows it. Pure.

Counting is on the way of every message, so it is a few additions: no locks, no names looked up.
Each room counts in the event loop only.
"""

from bisect import bisect_left
from collections import Counter

# from what an idle machine takes to what somebody gives up on; every bound costs a line per request
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Histogram:
    """How many values there were up to each bound and above the last, and their sum."""

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: tuple[float, ...] = SECONDS) -> None:
        """`bounds` rise; each belongs to what is below it, as Prometheus's `le` does."""
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def add(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self.counts)


class Outcomes:
    """How requests of one kind went: how long all took, and how many of them failed with what."""

    __slots__ = ("failed", "seconds")

    def __init__(self) -> None:
        self.seconds = Histogram()
        self.failed: Counter[str] = Counter()

    def count(self, seconds: float, failed: str | None = None) -> None:
        """Count one that took so long, and with what it failed, if it did."""
        self.seconds.add(seconds)
        if failed is not None:
            self.failed[failed] += 1

    @property
    def succeeded(self) -> int:
        """How many did not fail."""
        return self.seconds.count - self.failed.total()
