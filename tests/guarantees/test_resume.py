"""One cursor brings back everything, or says that it cannot."""

import asyncio
import contextlib

import pytest

from tests.guarantees.conftest import Serve
from tests.guarantees.device import Device, group
from tests.guarantees.waiting import eventually
from tests.support import engine
from tests.support.client import Person, Socket

FORGED = [
    "x", "0-0-0", "0123456789-0-00000000", "0123456789-1-01234567", "a" * 64, "a" * 5_000,
    "%00", "-1", "0123456789-99999999999999999999-01234567", "%F0%9F%98%80",
]  # fmt: skip


async def resumed(person: Person, cursor: str) -> tuple[Socket, dict[str, object]]:
    """A socket opened with a cursor, everything missed having come, and its `resume`."""
    socket = await person.connect(cursor)
    data = (await socket.next("resume"))["data"]
    await socket.wait_for(lambda frame: frame["type"] == "resumed")
    return socket, data


async def test_the_first_frame_says_where_one_is(serve: Serve) -> None:
    """An empty cursor starts, its own cursor goes on, and each says all a client needs."""
    _, people = await serve()
    alice = await people.person("alice")
    socket, data = await resumed(alice, "")
    assert (data["status"], data["reason"]) == ("start", None)
    assert set(data) >= {"cursor", "at", "server_time_ms", "session_expires_at", "limits", "self"}
    await socket.do("create_conversation", members=[])
    _, data = await resumed(alice, socket.cursor)
    assert (data["status"], data["cursor"]) == ("ok", socket.cursor)


async def test_what_was_missed_comes_once_in_order_and_then_what_is_live(serve: Serve) -> None:
    """A replay is what a socket that stayed got, frame by frame, and live goes on after it."""
    _, people = await serve(RATE_LIMIT="0")
    (alice, bob), id_ = await group(people, "alice", "bob")
    stayed = await bob.person.connect(bob.cursor)
    await stayed.wait_for(lambda frame: frame["type"] == "resumed")
    await bob.drop()
    for number in range(300):
        await alice.say(id_, f"{number}")
    await alice.do("rename_conversation", conversation_id=id_, name="Friends")
    await alice.until(lambda: not alice.unsent)
    came, data = await resumed(bob.person, bob.cursor)
    await alice.say(id_, "live")
    for socket in (stayed, came):
        await socket.wait_for(lambda frame: frame.get("data", {}).get("content") == "live")
    events = [[f for f in each.received if "cursor" in f] for each in (stayed, came)]
    assert data["status"] == "ok"
    assert events[0] == events[1]
    assert came.of_type("resumed")[0]["data"] == {"events": 302}


async def test_thousands_that_arrive_during_a_replay_leave_no_gap(serve: Serve) -> None:
    """While one resumes again and again, others write all the time: no gap and no repeat."""
    _, people = await serve(RATE_LIMIT="0", RESUME_MAX_EVENTS="100000")
    (alice, bob, carol), id_ = await group(people, "alice", "bob", "carol")

    async def write(device: Device) -> None:
        for number in range(1500):
            await device.until(lambda: len(device.unsent) < 20)
            await device.say(id_, f"{number}")
        await device.until(lambda: not device.unsent)

    writing = asyncio.gather(write(alice), write(carol))
    times = 0
    while not writing.done():
        await bob.drop()
        await bob.connect()
        times += 1
        seen = len(bob.state.chats[id_].messages)
        with contextlib.suppress(TimeoutError):
            await bob.until(
                lambda seen=seen: len(bob.state.chats[id_].messages) > seen + 50, within=0.5
            )
    await writing
    await bob.ask("ping")
    assert times > 3
    assert bob.faults == []
    assert list(bob.state.chats[id_].messages) == list(alice.state.chats[id_].messages)
    assert len(bob.state.chats[id_].texts) == 3000


async def test_who_joins_later_never_gets_what_was_before(serve: Serve) -> None:
    """Resuming from before one joined brings what came since, and nothing of before."""
    _, people = await serve()
    (alice, carol), id_ = await group(people, "alice", "carol")
    outsider = Device(await people.person("dave"))
    await outsider.connect()
    await outsider.drop()
    await alice.do("send_message", conversation_id=id_, content="secret")
    await alice.do("add_members", conversation_id=id_, usernames=["dave"])
    await alice.do("send_message", conversation_id=id_, content="welcome")
    socket, _ = await resumed(outsider.person, outsider.cursor)
    assert socket.of_type("create_conversation")
    assert [m["data"]["content"] for m in socket.of_type("send_message")][-1:] == ["welcome"]
    assert "secret" not in str(socket.received)
    assert "secret" in str(await carol.history(id_)), "carol can read it: there was a secret"


async def test_who_was_removed_gets_the_removal_and_nothing_after(serve: Serve) -> None:
    """Live and by resuming alike; who is added again gets what comes from then on."""
    _, people = await serve()
    (alice, bob), id_ = await group(people, "alice", "bob")
    live = await bob.person.connect(bob.cursor)
    await live.wait_for(lambda frame: frame["type"] == "resumed")
    await bob.drop()
    await alice.do("send_message", conversation_id=id_, content="before")
    await alice.do("remove_member", conversation_id=id_, username="bob")
    await alice.do("send_message", conversation_id=id_, content="between")
    await alice.do("add_members", conversation_id=id_, usernames=["bob"])
    await alice.do("send_message", conversation_id=id_, content="after")
    later, _ = await resumed(bob.person, bob.cursor)
    await live.wait_for(lambda frame: frame.get("data", {}).get("content") == "after")
    for socket in (live, later):
        events = [frame for frame in socket.received if "cursor" in frame]
        types = [frame["type"] for frame in events]
        assert types[:4] == ["send_message", "remove_member", "create_conversation", "add_members"]
        assert [frame["data"].get("content") for frame in events][-1] == "after"
        assert "between" not in str(events)
    with pytest.raises(AssertionError, match="not_found"):
        await _read_after_removal(alice, bob, id_)


async def _read_after_removal(alice: Device, bob: Device, id_: int) -> None:
    await alice.do("remove_member", conversation_id=id_, username="bob")
    await bob.connect()
    await bob.do("get_messages", conversation_id=id_)


async def test_another_users_cursor_is_refused(serve: Serve) -> None:
    """A cursor is bound to its user: with another's one starts anew."""
    _, people = await serve()
    (alice, bob), _ = await group(people, "alice", "bob")
    _, data = await resumed(bob.person, alice.cursor)
    assert (data["status"], data["reason"]) == ("reset", "unknown")


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_a_changed_cursor_is_refused(serve: Serve, place: int) -> None:
    """No part of a cursor can be changed: not its history, not its position, not its user."""
    _, people = await serve()
    (alice, _), _ = await group(people, "alice", "bob")
    parts = alice.cursor.split("-")
    parts[place] = {0: "0123456789", 1: "999999", 2: "01234567"}[place]
    _, data = await resumed(alice.person, "-".join(parts))
    assert (data["status"], data["reason"]) == ("reset", "unknown")


async def test_nonsense_for_a_cursor_is_refused(serve: Serve) -> None:
    """Whatever stands in `cursor`, the answer is a reset."""
    _, people = await serve()
    alice = await people.person("alice")
    for cursor in FORGED:
        _, data = await resumed(alice, cursor)
        assert (data["status"], data["reason"]) == ("reset", "unknown"), cursor[:80]


async def test_too_much_missed_is_told(serve: Serve) -> None:
    """More than RESUME_MAX_EVENTS missed is a reset, exactly so many are replayed."""
    _, people = await serve(RESUME_MAX_EVENTS="10")
    (alice, bob), id_ = await group(people, "alice", "bob")
    await bob.drop()
    for number in range(10):
        await alice.do("send_message", conversation_id=id_, content=f"{number}")
    _, data = await resumed(bob.person, bob.cursor)
    assert data["status"] == "ok"
    await alice.do("send_message", conversation_id=id_, content="one more")
    socket, data = await resumed(bob.person, bob.cursor)
    assert (data["status"], data["reason"]) == ("reset", "too_many")
    assert not socket.of_type("send_message")


async def test_what_was_let_go_is_told(serve: Serve) -> None:
    """Past LOG_RETENTION_DAYS a cursor is too old; a quiet client keeps its own young by `ping`."""
    _, people = await serve(LOG_RETENTION_DAYS="0.000003", PURGE_INTERVAL="0.1")
    (alice, bob), id_ = await group(people, "alice", "bob")
    await bob.drop()
    await alice.do("send_message", conversation_id=id_, content="1")

    async def too_old() -> bool:
        await alice.do("send_message", conversation_id=id_, content="2")
        _, data = await resumed(bob.person, bob.cursor)
        return (data["status"], data["reason"]) == ("reset", "too_old")

    await eventually(too_old)
    await alice.ask("ping")
    _, data = await resumed(alice.person, alice.cursor)
    assert data["status"] == "ok"


@pytest.mark.parametrize("way", ["stopped", "running"])
async def test_a_restored_copy_refuses_what_it_never_had(serve: Serve, way: str) -> None:
    """A cursor from before the copy goes on; one from after it is refused, also much later."""
    server, people = await serve()
    (alice, bob, carol), id_ = await group(people, "alice", "bob", "carol")
    await bob.drop()
    if way == "stopped":
        await server.stop()
    copy = await asyncio.to_thread(engine.copy, server.database, server.folder)
    if way == "stopped":
        await server.start()
    await alice.drop()
    await alice.connect()
    await alice.do("send_message", conversation_id=id_, content="lost")
    await server.stop()
    engine.put_back(server.database, copy)
    await server.start()
    assert (await bob.connect())["status"] == "ok"
    for number in range(5):  # positions are used again, by another history
        await bob.do("send_message", conversation_id=id_, content=f"anew {number}")
    await alice.drop()
    assert (await alice.connect())["reason"] == "unknown"
    await alice.fetch()
    assert "lost" not in str(alice.state.chats[id_].messages)
    await carol.drop()


async def test_a_cursor_of_another_database_is_refused(serve: Serve) -> None:
    """On a new, empty database nobody's cursor goes on, and no session either."""
    server, people = await serve()
    (alice, _), _ = await group(people, "alice", "bob")
    await server.stop()
    engine.clear(server.database)
    if engine.IS_POSTGRES:
        server.database = engine.fresh(server.folder)
    await server.start()
    await alice.drop()
    again = await people.person("alice")
    _, data = await resumed(again, alice.cursor)
    assert (data["status"], data["reason"]) == ("reset", "unknown")
