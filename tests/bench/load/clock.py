"""Times of a run: samples in seconds, told as percentiles in milliseconds."""

import resource
import time
from collections.abc import Sequence

now = time.perf_counter

Numbers = dict[str, float]


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest sample that at least `share` of the samples are not above."""
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def latencies(seconds: Sequence[float]) -> Numbers:
    """The p50, p99 and p99.9 of samples, in milliseconds."""
    ordered = sorted(seconds)
    shares = {"p50_ms": 0.5, "p99_ms": 0.99, "p999_ms": 0.999}
    return {name: percentile(ordered, share) * 1000 for name, share in shares.items()}


def cpu_seconds() -> float:
    """The CPU this process has used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
