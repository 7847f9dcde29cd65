"""The bad network of the tests is bad in the ways it says, and in no other."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.support.network import Network, network

Link = tuple[Network, asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def link() -> AsyncIterator[Link]:
    """A connection through a network to somebody who says everything back."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1000):
            writer.write(data)
        writer.close()

    listener = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with listener, network(listener.sockets[0].getsockname()[1]) as between:
        port = int(between.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        yield between, reader, writer
        writer.close()


async def test_each_direction_has_a_delay_and_what_is_under_way_is_not_held_up(link: Link) -> None:
    between, reader, writer = link
    between.delay_up, between.delay_down = 0.2, 0.1
    clock = asyncio.get_running_loop().time
    begun = clock()
    for _ in range(5):
        writer.write(b"x")
        await asyncio.sleep(0.01)
    assert await reader.readexactly(5) == b"xxxxx"
    assert 0.3 <= clock() - begun < 5 * 0.3


async def test_what_was_frozen_comes_when_it_is_thawed(link: Link) -> None:
    between, reader, writer = link
    between.frozen = True
    writer.write(b"held")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.readexactly(4), 0.1)
    between.heal()
    assert await reader.readexactly(4) == b"held"


async def test_what_is_cut_is_cut_for_both(link: Link) -> None:
    between, reader, writer = link
    writer.write(b"there")
    assert await reader.readexactly(5) == b"there"
    between.cut()
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
