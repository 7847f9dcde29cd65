"""Jobs go on whatever befalls them, and what keeps them from it for a while is told once."""

import asyncio

from backend.logs import Spell
from backend.periodic import Periodic
from backend.store.engine.faults import Unavailable

PAUSE = 0.001


async def test_an_outage_is_told_when_it_begins_and_when_it_is_over() -> None:
    """However many jobs meet it, however often; jobs that need no database do not end it."""
    told: list[str] = []
    away = Spell(lambda error: told.append(f"waits: {error}"), lambda: told.append("goes on"))
    periodic = Periodic(away, lambda error: told.append(f"failed: {error}"))
    counts = [0, 0, 0]
    is_away = asyncio.Event()
    rounds = asyncio.Condition()

    async def work(number: int) -> None:
        async with rounds:
            counts[number] += 1
            rounds.notify_all()
        if number < 2 and is_away.is_set():
            raise Unavailable("gone")

    async def all_have_gone_on() -> None:
        since = list(counts)
        async with rounds:
            await rounds.wait_for(
                lambda: all(now > before + 3 for now, before in zip(counts, since, strict=True))
            )

    for number in range(3):
        periodic.repeat(PAUSE, lambda number=number: work(number))  # type: ignore[misc]
    for _ in range(2):
        is_away.set()
        await all_have_gone_on()
        is_away.clear()
        await all_have_gone_on()
    await periodic.stop()
    assert told == ["waits: gone", "goes on"] * 2


async def test_a_fault_of_a_job_is_told_each_time() -> None:
    """And it is done again."""
    told: list[str] = []
    done = asyncio.Event()

    async def work() -> None:
        if len(told) == 3:
            done.set()
        else:
            raise ValueError(len(told))

    away = Spell(lambda error: told.append("waits"), lambda: told.append("goes on"))
    periodic = Periodic(away, lambda error: told.append(f"failed: {error}"))
    periodic.repeat(PAUSE, work)
    await done.wait()
    await periodic.stop()
    assert told == ["failed: 0", "failed: 1", "failed: 2"]
