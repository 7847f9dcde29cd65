"""The token bucket that every limit of speed is made of."""

from hypothesis import given
from hypothesis import strategies as st

from backend.token_bucket import TokenBucket, TokenBuckets


def test_a_full_bucket_lets_a_burst_through() -> None:
    """As many as it holds pass at once; then one has to wait for the next token."""
    bucket = TokenBucket(rate=2, burst=3, now=10)
    for _ in range(3):
        assert bucket.wait_ms(10) == 0
        assert bucket.draw(10) == 0
    assert bucket.draw(10) == 500
    assert bucket.wait_ms(10) == 500
    assert bucket.wait_ms(10.25) == 250
    assert bucket.wait_ms(10.5) == 0


def test_what_is_taken_regardless_is_owed() -> None:
    """Who takes without a token waits longer."""
    bucket = TokenBucket(rate=1, burst=1, now=0)
    assert bucket.take(0) == 0
    assert bucket.take(0) == 1
    assert bucket.wait_ms(0) == 2000


def test_what_is_given_back_was_never_taken() -> None:
    """But a bucket holds no more than it can."""
    bucket = TokenBucket(rate=1, burst=1, now=0)
    bucket.take(0)
    bucket.take(0, -1)
    bucket.take(0, -1)
    assert bucket.take(0) == 0
    assert bucket.wait_ms(0) == 1000


def test_many_at_once() -> None:
    """What costs as much as several waits for them all, and takes nothing while it waits."""
    bucket = TokenBucket(rate=2, burst=10, now=0)
    assert bucket.draw(0, 8) == 0
    assert bucket.draw(0, 8) == 3000
    assert bucket.draw(0, 2) == 0


def test_the_bucket_used_longest_ago_is_forgotten() -> None:
    """So that keys a stranger makes up take no memory without end."""
    buckets = TokenBuckets(rate=1, burst=1, most=2)
    for key in ("a", "b", "a", "c"):
        buckets.of(key, 0).take(0)
    assert buckets.of("a", 0).wait_ms(0)
    assert not buckets.of("b", 0).wait_ms(0)


@given(
    rate=st.integers(1, 50),
    burst=st.integers(1, 20),
    steps=st.lists(st.integers(0, 2000), max_size=100),
)
def test_no_more_pass_than_rate_and_burst_allow(rate: int, burst: int, steps: list[int]) -> None:
    """Whenever one asks, at most `burst` and `rate` a second have passed; who waits, passes."""
    bucket, now, passed = TokenBucket(rate, burst, 0), 0.0, 0
    for step in steps:
        now += step / 1000
        wait = bucket.wait_ms(now)
        if wait and step % 2:
            now += wait / 1000 + 1e-6
            assert bucket.wait_ms(now) == 0
            wait = 0
        if not wait:
            bucket.take(now)
            passed += 1
        assert passed <= burst + rate * now + 1e-3
