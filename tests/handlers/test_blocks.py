"""Blocks: their list, and what they end between two people."""

from tests.support.acts import direct, group, heard, mine, refused, say, sees, texts
from tests.support.client import Town


async def test_blocking_and_unblocking_is_told_to_own_sockets_only(guests: Town) -> None:
    """The list of blocked people follows; the other hears nothing."""
    alice, bob = await guests.online("alice", "bob")
    phone = await guests.people[0].live()
    assert await alice.do("block_user", username=bob.username) == {"username": bob.username}
    await phone.next("block_user")
    assert (await alice.do("get_blocked"))["usernames"] == [bob.username]
    assert (await bob.do("get_blocked"))["usernames"] == []
    await alice.do("unblock_user", username=bob.username)
    await phone.next("unblock_user")
    assert (await alice.do("get_blocked"))["usernames"] == []
    assert await heard(bob) == []


async def test_who_cannot_be_blocked(guests: Town) -> None:
    """Nobody, oneself, somebody twice; and who is not blocked cannot be unblocked."""
    alice, bob = await guests.online("alice", "bob")
    for name in ("nobody-here", alice.username):
        assert await refused(alice, "block_user", username=name) == (
            "not_found", f"no such user '{name}' exists", "username",
        )  # fmt: skip
    await alice.do("block_user", username=bob.username)
    assert await refused(alice, "block_user", username=bob.username) == (
        "already_exists", f"'{bob.username}' is already blocked", "username",
    )  # fmt: skip
    assert await refused(bob, "unblock_user", username=alice.username) == (
        "not_found", f"'{alice.username}' is not blocked", "username",
    )  # fmt: skip


async def test_a_block_ends_the_contact_and_the_presence(guests: Town) -> None:
    """Both are off each other's list; neither sees whether the other is online."""
    alice, bob = await guests.online("alice", "bob")
    await alice.do("add_contact", contact_username=bob.username)
    await alice.do("block_user", username=bob.username)
    await sees(bob, alice.username, False)
    assert await heard(bob) == ["add_contact", "user_status", "remove_contact", "user_status"]
    for one, other in ((alice, bob), (bob, alice)):
        assert (await one.do("get_contacts"))["contacts"] == []
        seen = await one.do("get_user", username=other.username)
        assert (seen["is_online"], seen["last_online"]) == (None, None)
        presence = (await one.do("get_presence", usernames=[other.username]))["presence"]
        assert presence[0]["is_online"] is None


async def test_a_direct_conversation_is_shut_by_a_block(guests: Town) -> None:
    """Nothing the blocked one does there reaches the other, in either direction; it reopens."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await direct(alice, bob)
    theirs = await say(alice, id_, "from alice")
    own = await say(bob, id_, "from bob")
    await alice.do("block_user", username=bob.username)
    await alice.quiet()
    before = len(alice.received)
    shut = "the other member of this conversation cannot be reached"
    about = {"conversation_id": id_}
    requests = [
        ("send_message", {**about, "content": "psst"}, "conversation_id"),
        ("forward_message", {**about, "message_id": own["id"]}, "conversation_id"),
        ("add_reaction", {"message_id": theirs["id"], "emoji": "x"}, "message_id"),
        ("pin_message", {"message_id": theirs["id"]}, "message_id"),
    ]
    for type_, fields, field in requests:
        assert await refused(bob, type_, **fields) == ("forbidden", shut, field)
    code, _, _ = await refused(bob, "edit_message", message_id=own["id"], content="psst")
    assert code == "forbidden"
    await bob.do("typing", **about)
    await bob.do("mark_read", message_id=theirs["id"], **about)
    assert await heard(alice, before) == []
    assert (await refused(alice, "send_message", content="and you", **about))[1] == shut
    await alice.do("unblock_user", username=bob.username)
    await say(bob, id_, "again")
    assert (await texts(alice, id_))[0] == "again"


async def test_the_blocked_one_does_not_see_how_far_the_other_reads(guests: Town) -> None:
    """An account that is gone reads nothing either."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await direct(alice, bob)
    message = await say(bob, id_, "from bob")
    await alice.do("block_user", username=bob.username)
    await sees(bob, alice.username, False)
    before = len(bob.received)
    await alice.do("mark_read", conversation_id=id_, message_id=message["id"])
    assert (await mine(alice, id_))["unread_count"] == 0
    info = await bob.do("get_conversation_info", id=id_)
    assert info["receipts"] == []
    assert info["read_by_all_id"] is None
    assert info["delivered_to_all_id"] is None
    assert await heard(bob, before) == []


async def test_a_block_on_both_sides_needs_both_to_end(guests: Town) -> None:
    """While one of the two stands, the direct conversation stays shut."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await direct(alice, bob)
    await alice.do("block_user", username=bob.username)
    await bob.do("block_user", username=alice.username)
    await alice.do("unblock_user", username=bob.username)
    assert (await refused(alice, "send_message", conversation_id=id_, content="x"))[0] == (
        "forbidden"
    )
    await bob.do("unblock_user", username=alice.username)
    await say(alice, id_, "x")


async def test_shared_groups_are_unaffected_by_a_block(guests: Town) -> None:
    """They read each other there, but see no presence of each other."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    await alice.do("block_user", username=bob.username)
    await say(bob, id_, "hello all")
    assert await texts(alice, id_) == ["hello all"]
    info = await bob.do("get_conversation_info", id=id_)
    online = {user["username"]: user["is_online"] for user in info["participants"]}
    assert online == {alice.username: None, bob.username: True}
