"""Whose turn it is, how many may wait, and what becomes of those who give up."""

import asyncio

import pytest

from backend.auth.turns import Turns
from backend.protocol.errors import Code, Refused


class Crowd:
    """People who want a turn, and the order in which they get it."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.served: list[str] = []
        self.done = asyncio.Event()

    async def come(self, address: str, account: str) -> "asyncio.Task[None]":
        """Somebody who waits, and stays until all may go."""
        task = asyncio.create_task(self._be(address, account))
        await asyncio.sleep(0)
        return task

    async def _be(self, address: str, account: str) -> None:
        async with self.turns.take(address, account):
            self.served.append(f"{address}:{account}")
            await self.done.wait()


async def refusal(crowd: Crowd, address: str, account: str) -> Code:
    """Why somebody may not even wait."""
    with pytest.raises(Refused) as caught:
        await (await crowd.come(address, account))
    return caught.value.code


async def test_addresses_take_turns_and_so_do_their_accounts() -> None:
    """However many wait at one address, another waits for one turn of it; so do accounts there."""
    crowd = Crowd(Turns(1, 100, 10, 10))
    tasks = [await crowd.come("a", "first")]
    for account in ("x", "x", "x", "y"):
        tasks.append(await crowd.come("a", account))
    tasks.append(await crowd.come("b", "z"))
    crowd.done.set()
    await asyncio.gather(*tasks)
    assert crowd.served == ["a:first", "a:x", "b:z", "a:y", "a:x", "a:x"]


async def test_an_address_never_has_all_places() -> None:
    """One of two is left to the others, at once."""
    crowd = Crowd(Turns(2, 100, 10, 10))
    tasks = [await crowd.come("a", name) for name in ("x", "y", "z")]
    tasks.append(await crowd.come("b", "w"))
    assert crowd.served == ["a:x", "b:w"]
    crowd.done.set()
    await asyncio.gather(*tasks)
    assert crowd.served == ["a:x", "b:w", "a:y", "a:z"]
    assert not crowd.turns._served


async def test_only_so_many_may_wait() -> None:
    """For an account at an address, at an address, and in all; others are not in the way."""
    crowd = Crowd(Turns(1, 4, 3, 2))
    tasks = [await crowd.come("a", "x"), await crowd.come("a", "x")]
    assert await refusal(crowd, "a", "x") is Code.RATE_LIMITED
    tasks.append(await crowd.come("a", "y"))
    assert await refusal(crowd, "a", "z") is Code.RATE_LIMITED
    tasks += [await crowd.come("b", "x"), await crowd.come("b", "x")]
    assert await refusal(crowd, "c", "x") is Code.UNAVAILABLE
    crowd.done.set()
    await asyncio.gather(*tasks)
    await (await crowd.come("a", "x"))
    assert not crowd.turns._inside


async def test_who_gives_up_keeps_nobody_waiting() -> None:
    """A turn that came too late for somebody is the next one's."""
    crowd = Crowd(Turns(1, 10, 10, 10))
    first, second, third = [await crowd.come("a", name) for name in ("x", "y", "z")]
    second.cancel()
    await asyncio.wait([second])
    late = await crowd.come("b", "w")
    crowd.done.set()
    await asyncio.wait([first])
    late.cancel()  # at the moment at which it would have its turn
    await asyncio.wait([third, late])
    assert "a:z" in crowd.served
    await (await crowd.come("a", "y"))
    assert crowd.turns._free == 1
