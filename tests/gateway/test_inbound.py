"""What one socket may send."""

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from backend.gateway.inbound import (
    FEW_FRAMES,
    FRAMES_PER_REQUEST,
    PATIENCE_SECONDS,
    FrameCounter,
    InboundBudget,
    InboundLimits,
)


def frame(length: int) -> bytes:
    """A masked frame of a client, with a payload of that length."""
    if length < 126:
        head = bytes((0x81, 0x80 | length))
    elif length < 65536:
        head = b"\x81\xfe" + length.to_bytes(2, "big")
    else:
        head = long_header(length)
    return head + b"mask" + b"\xff" * length


def long_header(length: int) -> bytes:
    """The header of a masked frame with a payload of that length."""
    return b"\x81\xff" + length.to_bytes(8, "big")


@given(
    lengths=st.lists(st.sampled_from([0, 1, 125, 126, 127, 300, 65535, 65536, 70000]), max_size=8),
    cuts=st.lists(st.integers(0, 200_000), max_size=12),
)
def test_frames_are_counted_however_they_are_cut(lengths: list[int], cuts: list[int]) -> None:
    """Each once, whatever pieces they come in."""
    data = b"".join(frame(length) for length in lengths)
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    counter = FrameCounter()
    pieces = [data[a:b] for a, b in itertools.pairwise(places)]
    assert sum(counter.feed(piece, 1000) for piece in pieces) == len(lengths)


@given(st.lists(st.binary(max_size=64), max_size=20))
def test_rubbish_harms_nothing(pieces: list[bytes]) -> None:
    """What is no frame is counted as something, and no more of it than bytes."""
    counter = FrameCounter()
    assert 0 <= sum(counter.feed(piece, 1000) for piece in pieces) <= sum(map(len, pieces))


class Clock:
    """A time that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def budget(clock: Clock, offences: list[float], rate: float = 10) -> InboundBudget:
    """A budget of 10 requests a second, 20 at once, of 1,000 bytes each."""
    return InboundBudget(InboundLimits(rate, 20, 1000), lambda: offences.append(clock.now), clock)


def test_who_keeps_to_the_pace_never_waits() -> None:
    """A burst, and then requests at the rate."""
    clock, offences = Clock(), list[float]()
    meter = budget(clock, offences)
    assert all(meter(frame(10)) == 0 for _ in range(20))
    for _ in range(100):
        clock.now += 0.1
        assert meter(frame(100)) == 0
    assert offences == []


def test_who_sends_too_many_frames_waits() -> None:
    """As long as the frames over the burst take at the rate."""
    clock, offences = Clock(), list[float]()
    meter = budget(clock, offences)
    assert meter(frame(0) * 20 * FRAMES_PER_REQUEST) == 0
    assert meter(frame(0) * 100) == 100 / (10 * FRAMES_PER_REQUEST)
    assert offences == []


def test_frames_that_come_one_by_one_are_counted_too() -> None:
    """A few of them together: nobody passes the burst by more."""
    clock, offences = Clock(), list[float]()
    meter = budget(clock, offences)
    delays = [meter(frame(0)) for _ in range(20 * FRAMES_PER_REQUEST + FEW_FRAMES)]
    assert any(delays)
    assert not any(delays[: 20 * FRAMES_PER_REQUEST])


def test_who_sends_too_many_bytes_waits() -> None:
    """Also in one frame that never ends."""
    clock, offences = Clock(), list[float]()
    meter = budget(clock, offences)
    assert meter(long_header(10**9).ljust(20_000, b"\xff")) == 0
    assert meter(b"\xff" * 5000) == 0.5
    assert offences == []


def test_who_goes_on_is_an_offender() -> None:
    """What would wait longer than the patience is never passed on."""
    clock, offences = Clock(), list[float]()
    meter = budget(clock, offences)
    flood = frame(0) * int(10 * FRAMES_PER_REQUEST * (PATIENCE_SECONDS + 3))
    assert meter(flood) == math.inf
    assert offences == [0.0]


def test_without_a_rate_everything_passes() -> None:
    """As RATE_LIMIT=0 says."""
    clock, offences = Clock(), list[float]()
    meter = budget(clock, offences, rate=0)
    assert meter(frame(0) * 100_000) == 0
    assert offences == []
