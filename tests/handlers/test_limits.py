"""What a client can make grow is bounded, by a setting; one more is refused, and says so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.acts import group, refused, say
from tests.support.client import Town, town
from tests.support.server import Server

pytestmark = pytest.mark.process

SMALL = {
    "MAX_CONTACTS": "1", "MAX_BLOCKS": "1", "MAX_CONVERSATIONS": "3", "MAX_MEMBERS": "3",
    "MAX_PINS": "1", "MAX_REACTIONS": "1", "MAX_MENTIONS": "1", "MAX_FRAME_BYTES": "1000",
    "MAX_PAGE": "2", "RATE_LIMIT": "0",
}  # fmt: skip


@pytest.fixture
async def people(tmp_path: Path) -> AsyncIterator[Town]:
    """People on a server with small limits."""
    server = Server(tmp_path, SMALL)
    await server.start()
    async with town(server.url) as here:
        yield here
    await server.stop()


async def test_lists_of_people_are_bounded(people: Town) -> None:
    """Contacts, on either side of a new one; blocks."""
    alice, bob, carol = await people.online("alice", "bob", "carol")
    await alice.do("add_contact", contact_username="bob")
    full = ("too_large", "a contact list has at most 1 contacts", None)
    assert await refused(alice, "add_contact", contact_username="carol") == full
    assert await refused(carol, "add_contact", contact_username="bob") == full
    assert (await bob.do("get_contacts"))["contacts"] == ["alice"]
    await alice.do("block_user", username="carol")
    assert await refused(alice, "block_user", username="bob") == (
        "too_large", "at most 1 people can be blocked", "username",
    )  # fmt: skip


async def test_groups_are_bounded(people: Town) -> None:
    """In members, made or added to; and everybody in conversations."""
    alice, bob, carol, _ = await people.online("alice", "bob", "carol", "dave")
    full = ("too_large", "a group has at most 3 members")
    everybody = ["bob", "carol", "dave"]
    assert await refused(alice, "create_conversation", members=everybody) == (*full, "members")
    id_ = await group(alice, bob, carol)
    assert await refused(alice, "add_members", conversation_id=id_, usernames=["dave"]) == (
        *full, "usernames",
    )  # fmt: skip
    for _ in range(2):
        await group(bob)
    crowded = ("too_large", "a user can be in at most 3 groups", None)
    assert await refused(alice, "create_conversation", members=["bob"]) == crowded
    own = await group(alice)
    assert await refused(alice, "add_members", conversation_id=own, usernames=["bob"]) == crowded
    await bob.do("leave_conversation", conversation_id=id_)
    await alice.do("add_members", conversation_id=own, usernames=["bob"])


async def test_what_others_do_leaves_room_for_what_one_does_oneself(people: Town) -> None:
    """Who was put into as many groups as can be begins some, and can be written to."""
    alice, bob, carol = await people.online("alice", "bob", "carol")
    for _ in range(3):
        await group(alice, bob)
    assert (await refused(carol, "create_conversation", members=["bob"]))[1] == (
        "a user can be in at most 3 groups"
    )
    await carol.do("create_conversation", members=["bob"], kind="direct")
    for _ in range(3):
        await group(bob)
    full = ("too_large", "a user can begin at most 3 conversations", None)
    assert await refused(bob, "create_conversation", members=[]) == full
    assert await refused(bob, "create_conversation", members=["alice"], kind="direct") == full


async def test_a_group_that_is_left_to_one_alone_takes_no_room(people: Town) -> None:
    """Handed over by who began it and left."""
    alice, bob, carol = await people.online("alice", "bob", "carol")
    for _ in range(3):
        id_ = await group(alice, bob)
        await alice.do("leave_conversation", conversation_id=id_)
    await group(carol, bob)
    for _ in range(3):
        await group(bob)


async def test_others_are_put_into_so_many_groups_an_hour(tmp_path: Path) -> None:
    """Begun with them or added to; once more into the same is nothing new, nor are groups alone."""
    server = Server(tmp_path, {"MAX_GROUPS_PER_HOUR": "2"})
    await server.start()
    async with town(server.url) as here:
        alice, bob, _ = await here.online("alice", "bob", "carol")
        first, second = await group(alice, bob), await group(alice)
        await alice.do("add_members", conversation_id=second, usernames=["bob"])
        third = await group(alice)
        for type_, fields in (
            ("create_conversation", {"members": ["bob"]}),
            ("add_members", {"conversation_id": third, "usernames": ["bob"]}),
        ):
            answer = await alice.ask(type_, **fields)
            assert answer["code"] == "rate_limited"
            assert 3_500_000 < answer["retry_after_ms"] <= 3_600_000
        for each in (first, second):
            await alice.do("add_members", conversation_id=each, usernames=["carol"])
        await alice.do("create_conversation", members=["bob"], kind="direct")
        await group(bob, alice)
    await server.stop()


async def test_what_hangs_on_messages_is_bounded(people: Town) -> None:
    """Pins, different reactions, mentions, pages."""
    alice, bob = await people.online("alice", "bob")
    id_ = await group(alice, bob)
    first = await say(alice, id_, "@alice @bob")
    assert first["mentions"] == ["alice"]
    second = await say(alice, id_, "x")
    await alice.do("pin_message", message_id=first["id"])
    assert await refused(alice, "pin_message", message_id=second["id"]) == (
        "too_large", "a conversation has at most 1 pinned messages", "message_id",
    )  # fmt: skip
    await alice.do("add_reaction", message_id=first["id"], emoji="+1")
    assert (await refused(bob, "add_reaction", message_id=first["id"], emoji="-1"))[0] == (
        "too_large"
    )
    assert await refused(alice, "get_messages", conversation_id=id_, limit=3) == (
        "invalid_request", "limit: expected at most 2", "limit",
    )  # fmt: skip


async def test_a_default_page_is_within_the_limit_too(people: Town) -> None:
    """Not asking for a size is not a way around it."""
    alice, bob = await people.online("alice", "bob")
    id_ = await group(alice, bob)
    for number in range(3):
        await say(alice, id_, str(number))
    assert len((await alice.do("get_messages", conversation_id=id_))["messages"]) == 2
    assert len((await alice.do("get_members", conversation_id=id_))["members"]) == 2
    assert len((await alice.do("search_users", prefix="a"))["users"]) == 1


async def test_a_frame_is_bounded(people: Town) -> None:
    """One byte over MAX_FRAME_BYTES closes the socket with 1009."""
    (alice,) = await people.online("alice")
    await alice.send('{"type":"ping"}' + " " * 985)
    await alice.next("ping")
    await alice.send('{"type":"ping"}' + " " * 986)
    assert (await alice.wait_closed()).code == 1009


async def test_help_tells_the_limits_of_this_server(people: Town) -> None:
    """The numbers that are set."""
    (alice,) = await people.online("alice")
    limits = (await alice.do("help"))["limits"]
    assert {name: str(limits[name]) for name in SMALL if name in limits} == {
        name: value for name, value in SMALL.items() if name.startswith(("MAX_", "RATE_"))
    }
