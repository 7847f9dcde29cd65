"""Pins."""

from tests.support.acts import direct, group, heard, refused, say
from tests.support.client import Town


async def test_pins_are_kept_by_those_who_run_the_group(guests: Town) -> None:
    """All members get the message with `pinned`, and can list the pins, newest first."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    first, second = await say(bob, id_, "one"), await say(bob, id_, "two")
    for message in (second, first):
        data = await alice.do("pin_message", message_id=message["id"])
        assert data == {**message, "pinned": True}
        assert (await bob.next("pin_message"))["data"] == data
    await alice.do("pin_message", message_id=first["id"])
    assert (await heard(bob)).count("pin_message") == 2
    pinned = await bob.do("get_pinned", conversation_id=id_)
    assert [message["id"] for message in pinned["messages"]] == [second["id"], first["id"]]
    for type_ in ("pin_message", "unpin_message"):
        assert await refused(bob, type_, message_id=first["id"]) == (
            "forbidden", "only an owner or a moderator may pin", "message_id",
        )  # fmt: skip
    await alice.do("unpin_message", message_id=first["id"])
    await bob.wait_for(lambda frame: frame["type"] == "unpin_message" and frame["success"])
    await alice.do("unpin_message", message_id=first["id"])
    pinned = await bob.do("get_pinned", conversation_id=id_)
    assert [message["id"] for message in pinned["messages"]] == [second["id"]]


async def test_in_a_direct_conversation_both_may_pin(guests: Town) -> None:
    """There is nobody to ask."""
    alice, bob = await guests.online("alice", "bob")
    message = await say(alice, await direct(alice, bob), "x")
    assert (await bob.do("pin_message", message_id=message["id"]))["pinned"] is True


async def test_pins_from_before_one_came_are_not_shown(guests: Town) -> None:
    """The list of pins is read like any other page."""
    alice, carol = await guests.online("alice", "carol")
    id_ = await group(alice)
    message = await say(alice, id_, "x")
    await alice.do("pin_message", message_id=message["id"])
    await alice.do("add_members", conversation_id=id_, usernames=[carol.username])
    assert (await carol.do("get_pinned", conversation_id=id_))["messages"] == []
