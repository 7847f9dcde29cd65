"""A client can be too fast."""

import asyncio
import contextlib

from tests.guarantees.conftest import Serve
from tests.guarantees.device import Device
from tests.support.client import Frame, Socket


async def ask_fast(socket: Socket, count: int) -> list[dict[str, object]]:
    """Ask so many times at once; gives the answers."""
    first = len(socket.received)
    for number in range(count):
        await socket.send({"type": "ping", "ref": number})
    await socket.wait_for(lambda frame: len(socket.received) >= first + count)
    return socket.received[first:]


async def test_flushing_an_offline_queue_passes(serve: Serve) -> None:
    """With the default settings, 200 messages at once are taken."""
    _, people = await serve()
    device, reader = Device(await people.person("alice")), Device(await people.person("bob"))
    await device.connect()
    await reader.connect()
    id_ = (await device.do("create_conversation", members=["bob"], kind="direct"))["id"]
    await device.drop()
    for number in range(199):
        await device.say(id_, f"{number}")
    await device.connect()
    await device.until(lambda: not device.unsent)
    contents = [each["content"] for each in reversed(await reader.history(id_))]
    assert contents == [f"{number}" for number in range(199)]


async def test_too_fast_is_told_with_when_to_try_again(serve: Serve) -> None:
    """Past the burst an error says in how many milliseconds the next one passes, and it does."""
    _, people = await serve(RATE_LIMIT="5", RATE_BURST="10")
    (alice,) = await people.online("alice")
    answers = await ask_fast(alice, 15)
    refused = [answer for answer in answers if not answer["success"]]
    assert len(refused) in range(5, 8)
    assert {answer["code"] for answer in refused} == {"rate_limited"}
    waits = [int(str(answer["retry_after_ms"])) for answer in refused]
    assert all(0 < wait <= 201 for wait in waits)
    await asyncio.sleep(waits[-1] / 1000)
    assert (await alice.ask("ping"))["success"] is True


async def test_refused_requests_are_not_carried_out(serve: Serve) -> None:
    """What was refused as too fast did not happen, and its `client_id` is free."""
    _, people = await serve(RATE_LIMIT="2", RATE_BURST="10")
    (alice,) = await people.online("alice")
    id_ = (await alice.do("create_conversation", members=[]))["id"]
    for number in range(15):
        await alice.send(
            {"type": "send_message", "ref": number, "client_id": str(number),
             "conversation_id": id_, "content": "hi"}
        )  # fmt: skip
    last = await alice.wait_for(lambda frame: frame.get("ref") == 14)
    assert last["code"] == "rate_limited"

    while last["code"] == "rate_limited":
        await asyncio.sleep(last["retry_after_ms"] / 1000)
        last = await alice.ask("send_message", conversation_id=id_, content="hi", client_id="14")
        if last["success"]:
            assert "duplicate" not in last
            return


async def test_the_pace_is_the_users_and_not_the_sockets(serve: Serve) -> None:
    """More sockets do not make a user faster; others are not slowed."""
    _, people = await serve(RATE_LIMIT="1", RATE_BURST="10")
    alice, bob = await people.online("alice", "bob")
    phone = await people.people[0].connect()
    await ask_fast(alice, 12)
    assert (await phone.ask("ping"))["code"] == "rate_limited"
    assert (await bob.ask("ping"))["success"] is True


async def insist(socket: Socket, frame: Frame | str) -> None:
    """Send a frame a hundred times, or until the socket is closed."""
    with contextlib.suppress(ConnectionError):
        for _ in range(100):
            await socket.send(frame)


async def test_who_goes_on_regardless_is_closed(serve: Serve) -> None:
    """A client that ignores the errors is closed with 4429."""
    _, people = await serve(RATE_LIMIT="5", RATE_BURST="20")
    (alice,) = await people.online("alice")
    await insist(alice, {"type": "ping"})
    assert (await alice.wait_closed()).code == 4429


async def test_mistakes_count_as_well(serve: Serve) -> None:
    """Frames that are no requests are not free."""
    _, people = await serve(RATE_LIMIT="5", RATE_BURST="20")
    (alice,) = await people.online("alice")
    await insist(alice, "nonsense")
    assert (await alice.wait_closed()).code == 4429


async def test_zero_is_no_limit(serve: Serve) -> None:
    """RATE_LIMIT=0 switches it off."""
    _, people = await serve(RATE_LIMIT="0", RATE_BURST="1")
    (alice,) = await people.online("alice")
    assert all(answer["success"] for answer in await ask_fast(alice, 2000))


async def test_a_request_counts_by_the_names_in_it(serve: Serve) -> None:
    """Also when it is refused: one more for every ten names."""
    _, people = await serve(RATE_LIMIT="0.01", RATE_BURST="20")
    (alice,) = await people.online("alice")
    refused = await alice.ask("create_conversation", members=["nobody"] * 150)
    assert refused["code"] == "not_found"
    answers = await ask_fast(alice, 5)
    assert [answer["success"] for answer in answers] == [True] * 3 + [False] * 2
