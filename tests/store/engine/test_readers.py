"""A read goes to a connection that is idle, and never waits for a slow one while another is."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from backend.store.engine.db import Db
from backend.store.engine.readers import Readers


@pytest.fixture
async def readers(path: str) -> AsyncIterator[Readers]:
    """Two of them."""
    opened = await Readers.open(path, 2, lambda db: None)
    yield opened
    await opened.close()


class Slow:
    """A read that is at work until it is let go."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go = threading.Event()

    def __call__(self, db: Db) -> None:
        self.begun.set()
        self.go.wait(30)

    async def under_way(self, readers: Readers) -> "asyncio.Task[None]":
        """Begin it; gives its task once it is at work."""
        task = asyncio.create_task(readers.run(self))
        await asyncio.to_thread(self.begun.wait, 30)
        return task


def thread(db: Db) -> int:
    """A quick read: which connection has it."""
    return threading.get_ident()


async def test_quick_reads_do_not_wait_for_a_slow_one(readers: Readers) -> None:
    """However many, in turns or at once: all of them are done by the connection that is free."""
    slow = Slow()
    task = await slow.under_way(readers)
    async with asyncio.timeout(10):
        found = [await readers.run(thread) for _ in range(10)]
        found += await asyncio.gather(*(readers.run(thread) for _ in range(10)))
    assert len(set(found)) == 1
    assert not task.done()
    slow.go.set()
    await task


async def test_a_read_waits_when_all_are_at_work(readers: Readers) -> None:
    """Until the first of them is free."""
    slow = [Slow(), Slow()]
    tasks = [await each.under_way(readers) for each in slow]
    waiting = asyncio.create_task(readers.run(thread))
    await asyncio.sleep(0)
    slow[0].go.set()
    async with asyncio.timeout(10):
        await waiting
    assert not tasks[1].done()
    slow[1].go.set()
    await asyncio.gather(*tasks)


async def test_a_read_nobody_waits_for_keeps_its_connection_until_it_is_through(
    readers: Readers,
) -> None:
    """Who asked has gone; the next reads still do not wait for it, and later both are free."""
    slow = [Slow(), Slow()]
    task = await slow[0].under_way(readers)
    task.cancel()
    await asyncio.wait([task])
    async with asyncio.timeout(10):
        assert len({await readers.run(thread) for _ in range(5)}) == 1
        slow[0].go.set()
        other = await slow[1].under_way(readers)
        await readers.run(thread)
    slow[1].go.set()
    await other


async def test_a_user_has_one_read_at_a_time(readers: Readers) -> None:
    """Others have the connection that is free, and their turn before the user's next read."""
    slow = Slow()
    task = asyncio.create_task(readers.run(slow, 1))
    await asyncio.to_thread(slow.begun.wait, 30)
    own = asyncio.create_task(readers.run(thread, 1))
    async with asyncio.timeout(10):
        found = [await readers.run(thread, user) for user in (2, 3, 2)]
    assert len(set(found)) == 1
    assert not own.done()
    slow.go.set()
    await asyncio.gather(task, own)


async def test_who_gives_up_has_no_other_turn_until_the_read_is_through(readers: Readers) -> None:
    """Opening sockets and dropping them gives nobody more than one connection."""
    slow = Slow()
    task = asyncio.create_task(readers.run(slow, 1))
    await asyncio.to_thread(slow.begun.wait, 30)
    task.cancel()
    await asyncio.wait([task])
    own = asyncio.create_task(readers.run(thread, 1))
    async with asyncio.timeout(10):
        await readers.run(thread, 2)
    assert not own.done()
    slow.go.set()
    async with asyncio.timeout(10):
        await own


async def test_a_read_that_is_cancelled_while_it_waits_takes_nothing(readers: Readers) -> None:
    """The connections are all there afterwards."""
    slow = [Slow(), Slow()]
    tasks = [await each.under_way(readers) for each in slow]
    waiting = asyncio.create_task(readers.run(thread))
    await asyncio.sleep(0)
    waiting.cancel()
    for each in slow:
        each.go.set()
    await asyncio.gather(*tasks)
    again = [Slow(), Slow()]
    async with asyncio.timeout(10):
        tasks = [await each.under_way(readers) for each in again]
    for each in again:
        each.go.set()
    await asyncio.gather(*tasks)
