"""How far everybody has received and read, and what is unread."""

import contextlib
import time

import pytest

from backend.store.engine.connection import open_database
from tests.support.acts import direct, group, heard, is_about, mine, refused, say
from tests.support.client import Frame, Socket, Town
from tests.support.server import Server


async def test_unread_counts_follow_what_is_read(guests: Town) -> None:
    """One more for each message of others; sending reads up to one's own message."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    sent = [await say(alice, id_, f"@{bob.username} {n}") for n in range(3)]
    me = await mine(bob, id_)
    assert (me["unread_count"], me["mention_count"], me["first_unread_id"]) == (
        3, 3, sent[0]["id"],
    )  # fmt: skip
    data = await bob.do("mark_read", conversation_id=id_, message_id=sent[1]["id"])
    assert (data["username"], data["message_id"]) == (bob.username, sent[1]["id"])
    assert data["me"] == await mine(bob, id_)
    assert (data["me"]["unread_count"], data["me"]["mention_count"]) == (1, 1)
    assert data["me"]["first_unread_id"] == sent[2]["id"]
    assert data["me"]["last_read_id"] == sent[1]["id"]
    assert (await mine(alice, id_))["unread_count"] == 0
    own = await say(bob, id_, "read it all")
    me = await mine(bob, id_)
    assert (me["unread_count"], me["mention_count"], me["first_unread_id"]) == (0, 0, None)
    assert me["last_read_id"] == own["id"]
    await alice.do("delete_message", message_id=sent[0]["id"])
    assert (await mine(alice, id_))["unread_count"] == 1


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


async def test_own_sockets_get_the_counts_and_members_do_not(guests: Town) -> None:
    """To members who and how far; to one's phone also `me`."""
    alice, bob = await guests.online("alice", "bob")
    phone = await guests.people[1].connect()
    await phone.ask("ping")
    id_ = await group(alice, bob)
    message = await say(alice, id_, "x")
    data = await bob.do("mark_read", conversation_id=id_, message_id=message["id"])
    assert (await phone.next("mark_read"))["data"] == data
    told = {key: value for key, value in data.items() if key != "me"}
    assert (await alice.next("mark_read"))["data"] == told


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
    phone = await guests.people[1].connect()
    await phone.ask("ping")
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
    phone = await guests.people[1].connect()
    await phone.ask("ping")
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


async def test_counts_are_right_on_every_device_and_after_resuming(guests: Town) -> None:
    """What a client counts by the rule of the wire is what the server says."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    away = await guests.people[1].connect()
    cursor = (await away.ask("ping"))["cursor"]
    await away.drop()
    await say(alice, id_, "one")
    two = await say(alice, id_, "two")
    await bob.do("mark_read", conversation_id=id_, message_id=two["id"])
    await say(alice, id_, f"@{bob.username} three")
    back = await guests.people[1].connect(cursor)
    await back.next("resumed")
    expected = await mine(bob, id_)
    assert (expected["unread_count"], expected["mention_count"]) == (1, 1)
    assert await mine(back, id_) == expected
    assert _counted(back, id_) == 1


def _counted(socket: Socket, conversation_id: int) -> int:
    """What a client has counted as unread after living through the frames."""
    unread = 0
    for frame in socket.received:
        if is_about(frame, "send_message", conversation_id):
            unread += 1
        if is_about(frame, "mark_read", conversation_id) and "me" in frame["data"]:
            unread = frame["data"]["me"]["unread_count"]
    return unread


async def test_what_is_deleted_is_unread_no_more(guests: Town) -> None:
    """It is not counted, and what is unread begins with a message that is still there."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await direct(alice, bob)
    said = [await say(alice, id_, f"{number}") for number in range(3)]
    await alice.do("delete_message", message_id=said[0]["id"])
    await alice.do("delete_message", message_id=said[0]["id"])
    me = await mine(bob, id_)
    assert (me["unread_count"], me["first_unread_id"]) == (2, said[1]["id"])
    for each in said[1:]:
        await alice.do("delete_message", message_id=each["id"])
    me = await mine(bob, id_)
    assert (me["unread_count"], me["first_unread_id"]) == (0, None)
    await bob.do("mark_read", conversation_id=id_, message_id=said[2]["id"])
    await say(alice, id_, "there")
    assert (await mine(bob, id_))["unread_count"] == 1


async def test_a_conversation_is_kept_as_unread_by_ones_own_mark(guests: Town) -> None:
    """Own sockets hear of it, nobody else does, and no count changes; twice changes nothing."""
    alice, bob = await guests.online("alice", "bob")
    phone = await guests.people[1].connect()
    await phone.ask("ping")
    id_ = await direct(alice, bob)
    message = await say(alice, id_, "x")
    about = {"conversation_id": id_}
    read = await bob.do("mark_read", message_id=message["id"], **about)
    await alice.next("mark_read")
    before = len(alice.received)
    data = await bob.do("mark_unread", **about)
    assert data == {**about, "me": {**read["me"], "marked_unread": True}}
    assert (await phone.next("mark_unread"))["data"] == data
    assert await bob.do("mark_unread", **about) == data
    assert await mine(bob, id_) == data["me"]
    assert (await bob.do("mark_unread", marked=False, **about))["me"] == read["me"]
    assert await heard(alice, before) == []
    assert (await heard(phone)).count("mark_unread") == 2


async def test_reading_again_and_speaking_take_the_mark_off(guests: Town) -> None:
    """Also of what was read already, which tells the others nothing new."""
    alice, bob = await guests.online("alice", "bob")
    phone = await guests.people[1].connect()
    await phone.ask("ping")
    id_ = await direct(alice, bob)
    message = await say(alice, id_, "x")
    about = {"conversation_id": id_}
    await bob.do("mark_read", message_id=message["id"], **about)
    await alice.next("mark_read")
    before = len(alice.received)
    await bob.do("mark_unread", **about)
    data = await bob.do("mark_read", message_id=message["id"], **about)
    assert data["me"]["marked_unread"] is False
    await phone.wait_for(lambda frame: frame["type"] == "mark_read" and frame["data"] == data)
    assert await heard(alice, before) == []
    await bob.do("mark_unread", **about)
    newer = await say(alice, id_, "y")
    assert (await mine(bob, id_))["marked_unread"] is True
    data = await bob.do("mark_read", message_id=newer["id"], **about)
    assert (data["me"]["unread_count"], data["me"]["marked_unread"]) == (0, False)
    await bob.do("mark_unread", **about)
    await say(bob, id_, "z")
    assert (await mine(bob, id_))["marked_unread"] is False


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
