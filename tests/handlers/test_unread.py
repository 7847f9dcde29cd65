"""What is unread: counted, on every device, and kept by a mark of one's own."""

from tests.support.acts import direct, group, heard, is_about, mine, say
from tests.support.client import Socket, Town


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


async def test_own_sockets_get_the_counts_and_members_do_not(guests: Town) -> None:
    """To members who and how far; to one's phone also `me`."""
    alice, bob = await guests.online("alice", "bob")
    phone = await guests.people[1].live()
    id_ = await group(alice, bob)
    message = await say(alice, id_, "x")
    data = await bob.do("mark_read", conversation_id=id_, message_id=message["id"])
    assert (await phone.next("mark_read"))["data"] == data
    told = {key: value for key, value in data.items() if key != "me"}
    assert (await alice.next("mark_read"))["data"] == told


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
    phone = await guests.people[1].live()
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
    phone = await guests.people[1].live()
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
