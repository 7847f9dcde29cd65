"""What one process is to do is done by one."""

import asyncio
import contextlib

from backend.store import jobs
from backend.store.database import Database
from backend.store.engine.db import OpenDb

HOUR = 3600.0


def test_a_job_is_claimed_once_until_it_is_due_again(db: OpenDb) -> None:
    with db.transaction():
        assert jobs.claim(db, "trim", HOUR)
        assert not jobs.claim(db, "trim", HOUR)
        assert jobs.claim(db, "purge", 0)
        assert jobs.claim(db, "purge", 0)


async def test_of_many_who_ask_at_once_one_gets_it(path: str) -> None:
    """Processes of their own, as far as the database knows."""
    async with contextlib.AsyncExitStack() as stack:
        nodes = [await Database.open(path) for _ in range(3)]
        for each in nodes:
            stack.push_async_callback(each.close)
        asked = [each.write(lambda db: jobs.claim(db, "trim", HOUR)) for each in nodes * 3]
        assert sorted(await asyncio.gather(*asked)) == [False] * 8 + [True]
