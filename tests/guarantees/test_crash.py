"""The server is killed again and again while people write: nothing is lost, nothing doubled."""

import asyncio
import os
import random
from collections import Counter

from tests.guarantees.conftest import Serve
from tests.guarantees.device import Device
from tests.guarantees.load import Load, stored, texts
from tests.support.server import Server

KILLS = int(os.environ.get("KILLS", "25"))
NO_LIMITS = {"RATE_LIMIT": "0", "RESUME_MAX_EVENTS": "100000"}


async def test_a_killed_server_loses_nothing_and_doubles_nothing(serve: Serve) -> None:
    """After many kills under load, every answered message is there once, in one order for all."""
    server, people = await serve(**NO_LIMITS)
    load = await Load.prepare(people)
    cut_off = 0
    async with load.going():
        for number in range(KILLS):
            cut_off += await _kill(server, load, random.Random(number))
        await load.stop_writing()
        await compare(load)
    assert cut_off, "no kill met a message under way: this proved nothing"
    assert "Traceback" not in server.output


async def _kill(server: Server, load: Load, dice: random.Random) -> int:
    """Kill the server at some moment, start it anew; gives how many messages were under way."""
    if dice.random() < 0.7:  # else while the clients come back
        acked = load.acked
        await load.devices[0].until(lambda: load.acked > acked, within=60)
    await asyncio.sleep(dice.uniform(0.0, 0.15))
    await server.kill()
    cut_off = load.in_flight
    await server.start()
    return cut_off


async def compare(load: Load) -> None:
    """Hold that every device lived what is stored, and every answered message is there once."""
    for conversation_id, names in load.conversations.items():
        members = [device for device in load.devices if device.state.username in names]
        truth = texts(await stored(members[0], conversation_id))
        for device in members:
            assert texts(await stored(device, conversation_id)) == truth
            lived = device.state.chats[conversation_id].texts
            assert texts(lived) == truth, f"{device.state.username} lived something else"
        _each_once(members, conversation_id, truth)
    assert [fault for device in load.devices for fault in device.faults] == []


def _each_once(
    members: list[Device], conversation_id: int, truth: list[tuple[int, str, str]]
) -> None:
    """Every answered message is there exactly once, as it was answered."""
    there = Counter(client_id for _, client_id, _ in truth)
    assert set(there.values()) == {1}
    answered = [
        (each["id"], each["client_id"], each["content"])
        for device in members
        for each in device.acked.values()
        if each["conversation_id"] == conversation_id
    ]
    assert set(answered) == set(truth)
