"""Uploads take turns and rest while people write, and go on side by side while nobody does."""

import asyncio
import itertools
import threading

from hypothesis import given
from hypothesis import strategies as st

from backend.files.storage import Threads
from backend.files.turns import CALM_SECONDS, LONGEST_REST, REST, Pace, Turns


async def test_pieces_are_written_side_by_side_while_nobody_writes() -> None:
    """Each of two waits until the other is written as well."""
    turns, both = Turns(Threads(), lambda: 7), threading.Barrier(2, timeout=10)
    assert sorted(await asyncio.gather(turns.run(both.wait), turns.run(both.wait))) == [0, 1]


async def test_one_piece_is_written_at_a_time_while_people_write() -> None:
    """However many uploads there are; and each in the order it came."""
    log = itertools.count()
    turns = Turns(Threads(), lambda: next(log))
    alone, order = threading.Lock(), []

    def write(number: int) -> bool:
        if not alone.acquire(blocking=False):
            return False
        order.append(number)
        threading.Event().wait(0.001)
        alone.release()
        return True

    works = [turns.run(lambda number=number: write(number)) for number in range(20)]  # type: ignore[misc]
    assert all(await asyncio.gather(*works))
    assert order == list(range(20))


async def test_a_turn_that_fails_is_over() -> None:
    """The next upload has its turn."""
    log = itertools.count()
    turns = Turns(Threads(), lambda: next(log))
    failed, done = await asyncio.gather(
        turns.run(lambda: 1 // 0), turns.run(lambda: 1), return_exceptions=True
    )
    assert isinstance(failed, ZeroDivisionError)
    assert done == 1


@given(st.floats(0, 100), st.floats(0, 1))
def test_uploads_rest_while_the_log_grows(now: float, took: float) -> None:
    """In proportion to what a piece took, and no longer than a moment."""
    pace = Pace(7)
    assert pace.rest(7, took, now) == 0
    assert pace.rest(8, took, now) == min(REST * took, LONGEST_REST)
    assert pace.rest(8, took, now + CALM_SECONDS / 2) == min(REST * took, LONGEST_REST)
    assert not pace.is_calm(8, now + CALM_SECONDS / 2)
    assert pace.rest(8, took, now + CALM_SECONDS * 1.01) == 0
    assert pace.is_calm(8, now + CALM_SECONDS * 1.01)
