"""How fast a user may ask."""

import pytest

from backend.gateway import rate_limit
from backend.gateway.rate_limit import RateLimiter


class Clock:
    """Time that stands until it is moved."""

    now = 0.0

    def monotonic(self) -> float:
        """The time in seconds."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time that rate limiters go by."""
    clock = Clock()
    monkeypatch.setattr(rate_limit, "time", clock)
    return clock


def test_a_burst_passes_and_then_so_many_a_second(clock: Clock) -> None:
    """Who is refused is told when the next one will pass."""
    limiter = RateLimiter(rate=10, burst=3)
    assert [limiter.take() for _ in range(3)] == [0, 0, 0]
    wait = limiter.take()
    assert 100 <= wait <= 101
    clock.now += wait / 1000
    assert limiter.take() == 0
    assert limiter.take() > 0


def test_who_waits_long_has_no_more_than_a_burst(clock: Clock) -> None:
    """Silence is not saved up."""
    limiter = RateLimiter(rate=10, burst=3)
    clock.now += 3600
    assert [bool(limiter.take()) for _ in range(4)] == [False, False, False, True]


def test_who_asks_on_regardless_is_an_offender(clock: Clock) -> None:
    """As many refusals as a burst are forgiven, and forgotten with time."""
    limiter = RateLimiter(rate=10, burst=3)
    exhausted = []
    for number in range(11):
        if number == 7:
            clock.now += 1
        limiter.take()
        exhausted.append(limiter.is_exhausted)
    assert exhausted[:7] == [False] * 6 + [True]
    assert not exhausted[10]


def test_a_rate_of_nothing_lets_everything_pass() -> None:
    """The limit is switched off."""
    limiter = RateLimiter(rate=0, burst=1)
    assert not any(limiter.take() for _ in range(1000))
