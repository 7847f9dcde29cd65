"""Conversations as a whole: made, told about, renamed."""

import asyncio

import pytest

from tests.support.acts import (
    assert_tells,
    direct,
    group,
    heard,
    newest,
    refused,
    say,
)
from tests.support.client import Town


async def test_all_members_get_the_new_conversation(guests: Town) -> None:
    """The creator as the reply, everybody else and their tabs as a push; each with their `me`."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    phone = await guests.people[1].live()
    members = [bob.username, carol.username]
    reply = await alice.ask("create_conversation", members=members)
    data = reply["data"]
    assert reply["status"] == "created"
    assert data["kind"] == "group"
    assert data["name"] == ", ".join([alice.username, *members])
    assert data["named"] is False
    assert data["members"] == [alice.username, *members]
    assert [user["username"] for user in data["participants"]] == data["members"]
    assert data["me"]["role"] == "owner"
    push = (await bob.next("create_conversation"))["data"]
    assert [user["is_online"] for user in data["participants"]] == [True, None, None]
    for user in data["participants"]:  # what many get tells nobody's presence
        user |= {"is_online": None, "last_online": None}
    assert push == {**data, "me": {**data["me"], "role": "member"}}
    assert push == (await carol.next("create_conversation"))["data"]
    assert push == (await phone.next("create_conversation"))["data"]


async def test_the_first_message_of_a_group_says_who_made_it(guests: Town) -> None:
    """It is the system's: nothing is unread by it, and the list of conversations stays as it is."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    id_ = await group(alice, bob, carol)
    (message,) = await newest(bob, id_)
    assert_tells(message, "created", alice, bob, carol)
    assert (message["seq"], message["text"]) == (0, None)
    for each in (alice, bob):
        info = await each.do("get_conversation_info", id=id_)
        assert info["last_message"] is None
        assert (info["me"]["unread_count"], info["me"]["first_unread_id"]) == (0, None)
    assert await newest(alice, await direct(alice, bob)) == []


async def test_own_other_sockets_get_it_with_what_is_ones_own(guests: Town) -> None:
    """What a phone gets of a conversation made on the laptop has `me`."""
    alice, bob, stranger = await guests.online("alice", "bob", "eve")
    phone = await guests.people[0].live()
    data = await alice.do("create_conversation", members=[bob.username], name="Tea")
    assert (data["name"], data["named"]) == ("Tea", True)
    assert (await phone.next("create_conversation"))["data"] == data
    assert await heard(stranger) == []


async def test_naming_oneself_or_somebody_twice_makes_no_difference(guests: Town) -> None:
    """Nor does the case of a name; alone is a group of one."""
    alice, bob = await guests.online("alice", "bob")
    names = [alice.username, bob.username, bob.username.upper()]
    data = await alice.do("create_conversation", members=names)
    assert data["members"] == [alice.username, bob.username]
    alone = await alice.do("create_conversation", members=[])
    assert (alone["kind"], alone["members"]) == ("group", [alice.username])


async def test_a_member_who_does_not_exist_is_named(guests: Town) -> None:
    """In the document's words; nothing is created and nobody is told."""
    alice, bob = await guests.online("alice", "bob")
    assert await refused(alice, "create_conversation", members=[bob.username, "nobody-here"]) == (
        "not_found",
        "'nobody-here' is not a valid username",
        "members",
    )
    assert await heard(bob) == []
    assert await alice.do("get_conversations") == []


async def test_a_direct_conversation_is_one_per_pair(guests: Town) -> None:
    """Whoever asks again is told the one that exists; nobody is sent anything twice."""
    alice, bob = await guests.online("alice", "bob")
    first = await alice.ask("create_conversation", members=[bob.username], kind="direct")
    assert first["status"] == "created"
    assert first["data"]["me"]["role"] == "member"
    again = await bob.ask("create_conversation", members=[alice.username], kind="direct")
    assert again["status"] == "exists"
    assert again["data"]["id"] == first["data"]["id"]
    assert len(bob.of_type("create_conversation")) == 2  # the push, and his own reply
    for members in ([], [alice.username], [bob.username, "x"]):
        code, _, field = await refused(alice, "create_conversation", members=members, kind="direct")
        assert (code, field) in {("invalid_request", "members"), ("not_found", "members")}


async def test_two_who_begin_at_once_get_one_conversation(guests: Town) -> None:
    """Twenty requests from both sides in flight together: one is created, the others exist."""
    alice, bob = await guests.online("alice", "bob")
    asked = [
        one.ask("create_conversation", members=[other.username], kind="direct")
        for _ in range(10)
        for one, other in ((alice, bob), (bob, alice))
    ]
    replies = await asyncio.gather(*asked)
    assert len({reply["data"]["id"] for reply in replies}) == 1
    assert [reply["status"] for reply in replies].count("created") == 1


async def test_a_group_is_created_once_per_client_id(guests: Town) -> None:
    """Sending it again, from any device, gives the same one and tells nobody."""
    alice, bob = await guests.online("alice", "bob")
    phone = await guests.people[0].connect()
    fields = {"members": [bob.username], "client_id": "c1"}
    first = await alice.ask("create_conversation", **fields)
    again = await phone.ask("create_conversation", **fields)
    assert (again["duplicate"], again["status"]) == (True, "exists")
    assert again["data"]["id"] == first["data"]["id"]
    assert await heard(bob) == ["create_conversation", "send_message"]
    theirs = await bob.ask("create_conversation", members=[], client_id="c1")
    assert theirs["status"] == "created"


async def test_who_is_gone_learns_nothing_by_creating_again(guests: Town) -> None:
    """The `client_id` of a group one has left tells that it was made, not what became of it."""
    alice, bob = await guests.online("alice", "bob")
    fields = {"members": [bob.username], "name": "before", "client_id": "c1"}
    id_ = (await alice.do("create_conversation", **fields))["id"]
    await alice.do("leave_conversation", conversation_id=id_)
    await bob.do("rename_conversation", conversation_id=id_, name="after")
    await bob.do("set_topic", conversation_id=id_, topic="secret")
    again = await alice.ask("create_conversation", **fields)
    data = again["data"]
    assert again["duplicate"] is True
    assert data["id"] == id_
    assert "me" not in data
    assert (data["name"], data["topic"], data["members"], data["member_count"]) == ("", "", [], 0)
    assert data["activity"] == 0
    assert data["updated_at"] == data["created_at"]


async def test_info_tells_members_and_how_far_they_are(guests: Town) -> None:
    """Receipts per member, and what all have received and read."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await direct(alice, bob)
    first, second = await say(alice, id_, "one"), await say(alice, id_, "two")
    await bob.do("mark_delivered", conversation_id=id_, message_id=second["id"])
    await bob.do("mark_read", conversation_id=id_, message_id=first["id"])
    info = await alice.do("get_conversation_info", id=id_)
    assert info["members"] == [alice.username, bob.username]
    assert {each["username"]: each for each in info["receipts"]} == {
        alice.username: {
            "username": alice.username, "delivered_id": second["id"], "read_id": second["id"],
        },
        bob.username: {
            "username": bob.username, "delivered_id": second["id"], "read_id": first["id"],
        },
    }  # fmt: skip
    assert info["delivered_to_all_id"] == second["id"]
    assert info["read_by_all_id"] == first["id"]


async def test_a_group_is_renamed_and_its_timeline_says_so(guests: Town) -> None:
    """All members are told; `named` is true from then on."""
    alice, bob, stranger = await guests.online("alice", "bob", "eve")
    id_ = await group(alice, bob)
    data = await alice.do("rename_conversation", conversation_id=id_, name="Tea")
    assert data == {"conversation_id": id_, "name": "Tea", "named": True}
    assert (await bob.next("rename_conversation"))["data"] == data
    message = (await newest(bob, id_))[0]
    assert_tells(message, "renamed", alice)
    assert message["text"] == "Tea"
    assert message["content"] == f"{alice.username} named the conversation Tea"
    info = await bob.do("get_conversation_info", id=id_)
    assert (info["name"], info["named"]) == ("Tea", True)
    assert await heard(stranger) == []


async def test_a_topic_is_set_and_taken_away(guests: Town) -> None:
    """Empty is for nothing."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    for topic in ("of the day", ""):
        data = await alice.do("set_topic", conversation_id=id_, topic=topic)
        assert data == {"conversation_id": id_, "topic": topic}
        assert (await bob.next("set_topic"))["data"] == data
        assert (await bob.do("get_conversation_info", id=id_))["topic"] == topic


async def test_only_those_who_run_a_group_may_change_it(guests: Town) -> None:
    """A member may not, nobody may in a direct conversation, a moderator may."""
    alice, bob = await guests.online("alice", "bob")
    id_, pair = await group(alice, bob), await direct(alice, bob)
    changes = [("rename_conversation", {"name": "x"}), ("set_topic", {"topic": "x"})]
    for type_, fields in changes:
        assert await refused(bob, type_, conversation_id=id_, **fields) == (
            "forbidden", "only an owner or a moderator may do that", "conversation_id",
        )  # fmt: skip
        assert (await refused(alice, type_, conversation_id=pair, **fields))[0] == "forbidden"
    await alice.do("set_role", conversation_id=id_, username=bob.username, role="moderator")
    for type_, fields in changes:
        await bob.do(type_, conversation_id=id_, **fields)


async def test_a_direct_conversation_takes_no_name(guests: Town) -> None:
    """Neither of the two can name it for both."""
    alice, bob = await guests.online("alice", "bob")
    named = {"kind": "direct", "members": [bob.username], "name": "mine"}
    assert (await refused(alice, "create_conversation", **named))[::2] == (
        "invalid_request", "name",
    )  # fmt: skip
    made = await alice.do("create_conversation", kind="direct", members=[bob.username])
    assert (made["named"], made["name"]) == (False, f"{alice.username}, {bob.username}")


@pytest.mark.parametrize("name", ["two\nlines", "\u202eturned", "\u3164", " ", "\u2800\u200d"])
async def test_a_name_is_one_line_that_shows_something(guests: Town, name: str) -> None:
    """That of a group, given or changed, and a full name."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    for type_, fields in (
        ("create_conversation", {"members": [], "name": name}),
        ("rename_conversation", {"conversation_id": id_, "name": name}),
        ("update_profile", {"fullname": name}),
    ):
        assert (await refused(alice, type_, **fields))[0] == "invalid_request"
