"""How far everybody has received and read, and what is unread."""

import contextlib
import time

import pytest

from backend.store.engine.connection import open_database
from tests.support.acts import direct, group, heard, refused, say
from tests.support.client import Frame, Town
from tests.support.server import Server


async def test_marks_only_go_forward(guests: Town) -> None:
    """An older id changes nothing and tells nobody; read implies delivered."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await direct(alice, bob)
    old, new = await say(alice, id_, "old"), await say(alice, id_, "new")
    about = {"conversation_id": id_}
    await bob.do("mark_read", message_id=new["id"], **about)
    await alice.next("mark_read")
    before = len(alice.received)
    for type_ in ("mark_read", "mark_delivered"):
        data = await bob.do(type_, message_id=old["id"], **about)
        assert data["message_id"] == new["id"]
        assert data["me"]["unread_count"] == 0
    assert await heard(alice, before) == []
    info = await alice.do("get_conversation_info", id=id_)
    assert (info["delivered_to_all_id"], info["read_by_all_id"]) == (new["id"], new["id"])


async def test_delivery_is_marked_in_direct_conversations(guests: Town) -> None:
    """Not in groups; the other member hears of it."""
    alice, bob = await guests.online("alice", "bob")
    pair, id_ = await direct(alice, bob), await group(alice, bob)
    message = await say(alice, pair, "x")
    data = await bob.do("mark_delivered", conversation_id=pair, message_id=message["id"])
    assert data["me"]["unread_count"] == 1
    push = (await alice.next("mark_delivered"))["data"]
    assert push == {
        "conversation_id": pair, "username": bob.username, "message_id": message["id"],
    }  # fmt: skip
    assert (await alice.do("get_conversation_info", id=pair))["delivered_to_all_id"] == (
        message["id"]
    )
    elsewhere = await say(alice, id_, "x")
    assert await refused(
        bob, "mark_delivered", conversation_id=id_, message_id=elsewhere["id"]
    ) == ("forbidden", "conversation_id: expected a direct conversation", "conversation_id")


async def test_a_cursor_proves_what_had_arrived(guests: Town) -> None:
    """What lies at or below it; not what is only replayed, which the next cursor proves."""
    (alice,) = await guests.online("alice")
    bob = await guests.person("bob")
    socket = await bob.connect("")
    await socket.next("resumed")
    id_ = await direct(alice, socket)
    cursor = socket.cursor
    await socket.close()
    message = await say(alice, id_, "x")
    for since in (cursor, ""):
        back = await bob.connect(since)
        await back.next("resumed")
        cursor = back.cursor
        await back.close()
    await alice.quiet()
    assert alice.of_type("mark_delivered") == []
    await (await bob.connect(cursor)).next("resumed")
    push = (await alice.next("mark_delivered"))["data"]
    assert (push["username"], push["message_id"]) == (bob.username, message["id"])


async def test_marks_are_told_at_most_once_a_second(guests: Town) -> None:
    """Ten in a row become two: the first at once, the newest a second later, to the phone too."""
    alice, bob = await guests.online("alice", "bob")
    phone = await guests.people[1].live()
    id_ = await group(alice, bob)
    sent = [await say(alice, id_, str(n)) for n in range(10)]
    began = time.monotonic()
    for message in sent:
        data = await bob.do("mark_read", conversation_id=id_, message_id=message["id"])
        assert data["message_id"] == message["id"]
    for watcher in (alice, phone, bob):
        await watcher.wait_for(lambda frame: _is_mark(frame, sent[-1]["id"]))
    assert time.monotonic() - began >= 1.0
    for watcher in (alice, phone):
        told = [frame["data"]["message_id"] for frame in watcher.of_type("mark_read")]
        assert told == [sent[0]["id"], sent[-1]["id"]]


def _is_mark(frame: Frame, message_id: int) -> bool:
    return (
        frame["type"] == "mark_read"
        and "ref" not in frame
        and frame["data"]["message_id"] == message_id
    )


async def test_only_the_newest_mark_is_replayed(guests: Town) -> None:
    """One log row per conversation and reader, replaced by each newer one."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    cursor = (await alice.ask("ping"))["cursor"]
    for n in range(2):
        message = await say(alice, id_, str(n))
        await bob.do("mark_read", conversation_id=id_, message_id=message["id"])
        await alice.wait_for(lambda frame, id_=message["id"]: _is_mark(frame, id_))  # type: ignore[misc]
    back = await guests.people[0].connect(cursor)
    await back.next("resumed")
    assert [frame["data"]["message_id"] for frame in back.of_type("mark_read")] == [message["id"]]


async def test_a_message_that_cannot_be_seen_cannot_be_marked(guests: Town) -> None:
    """Of another conversation, or of none: the same answer."""
    alice, bob = await guests.online("alice", "bob")
    id_, other = await direct(alice, bob), await group(alice)
    elsewhere = (await say(alice, other, "x"))["id"]
    for type_ in ("mark_read", "mark_delivered"):
        for message_id in (elsewhere, 10**9):
            assert await refused(bob, type_, conversation_id=id_, message_id=message_id) == (
                "not_found", f"no such message {message_id} exists", "message_id",
            )  # fmt: skip


@pytest.fixture
def crowd(shared: Server) -> list[str]:
    """A hundred more people, straight into the database."""
    with contextlib.closing(open_database(shared.database)) as db, db.transaction():
        first = db.execute("SELECT max(id) FROM users").fetchone()[0] or 0
        names = [f"crowd{first}-{number}" for number in range(100)]
        db.executemany(
            "INSERT INTO users (id, username, username_key, fullname, fullname_key, created_at,"
            " updated_at) VALUES (?, ?, ?, ?, ?, 0, 0)",
            [(db.draw("users"), *(name,) * 4) for name in names],
        )
    return names


async def test_in_a_group_over_a_hundred_marks_stay_with_the_reader(
    guests: Town, crowd: list[str]
) -> None:
    """Only one's own sockets hear of it, and nobody is told how far all are."""
    alice, bob = await guests.online("alice", "bob")
    phone = await guests.people[1].live()
    id_ = await group(alice, bob)
    await alice.do("add_members", conversation_id=id_, usernames=crowd)
    message = await say(alice, id_, "x")
    data = await bob.do("mark_read", conversation_id=id_, message_id=message["id"])
    assert (await phone.next("mark_read"))["data"] == data
    assert "mark_read" not in await heard(alice)
    info = await alice.do("get_conversation_info", id=id_)
    assert (info["member_count"], len(info["members"]), len(info["participants"])) == (
        102, 100, 10,
    )  # fmt: skip
    assert (info["receipts"], info["read_by_all_id"], info["delivered_to_all_id"]) == (
        [], None, None,
    )  # fmt: skip


async def test_marks_made_during_a_block_are_told_when_it_ends(guests: Town) -> None:
    """Until then nobody hears of them; after it each knows how far the other is, as reads say."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await direct(alice, bob)
    message = await say(alice, id_, "x")
    await bob.do("block_user", username=alice.username)
    before = len(alice.received)
    await bob.do("mark_read", conversation_id=id_, message_id=message["id"])
    assert "mark_read" not in await heard(alice, before)
    assert (await alice.do("get_conversation_info", id=id_))["read_by_all_id"] is None
    await bob.do("unblock_user", username=alice.username)
    told = await alice.next("mark_read")
    assert told["data"] == {
        "conversation_id": id_, "username": bob.username, "message_id": message["id"],
    }  # fmt: skip
    assert (await bob.next("mark_read"))["data"]["username"] == bob.username  # the reply
    hers = await bob.wait_for(
        lambda frame: frame["type"] == "mark_read" and frame["data"]["username"] == alice.username
    )
    assert hers["data"]["message_id"] == message["id"]
    assert (await alice.do("get_conversation_info", id=id_))["read_by_all_id"] == message["id"]


async def test_the_end_of_one_of_two_blocks_tells_nothing(guests: Town) -> None:
    """What the other one has closed stays closed."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await direct(alice, bob)
    message = await say(alice, id_, "x")
    for blocker, other in ((alice, bob), (bob, alice)):
        await blocker.do("block_user", username=other.username)
    await bob.do("mark_read", conversation_id=id_, message_id=message["id"])
    before = len(alice.received)
    await bob.do("unblock_user", username=alice.username)
    assert "mark_read" not in await heard(alice, before)
