"""Who belongs to a group, as what, and what they see of the time they were not in it."""

import pytest

from tests.support.acts import (
    assert_tells,
    direct,
    group,
    heard,
    is_about,
    mine,
    newest,
    refused,
    say,
    texts,
)
from tests.support.client import Town


async def test_who_is_added_gets_the_conversation_and_the_others_hear_of_it(guests: Town) -> None:
    """Also on their other sockets; the timeline says so, and nothing counts as unread before."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    id_ = await group(alice, bob)
    await say(alice, id_, "before")
    data = await alice.do("add_members", conversation_id=id_, usernames=[carol.username])
    assert data == {"conversation_id": id_, "usernames": [carol.username], "member_count": 3}
    assert (await bob.next("add_members"))["data"] == data
    got = (await carol.next("create_conversation"))["data"]
    assert got["members"] == [alice.username, bob.username, carol.username]
    assert got["me"]["role"] == "member"
    assert got["me"]["unread_count"] == 0
    note = await carol.next("send_message")
    assert_tells(note["data"], "added", alice, carol)
    assert note["data"]["content"] == f"{alice.username} added {carol.username}"
    assert await heard(carol) == ["create_conversation", "add_members", "send_message"]
    assert (await mine(carol, id_))["unread_count"] == 0


@pytest.mark.parametrize("shown", [True, False])
async def test_history_is_shown_to_who_comes_later_or_not(guests: Town, shown: bool) -> None:
    """By the group's setting; in reads, in quotes, and to a mark."""
    alice, carol = await guests.online("alice", "carol")
    id_ = await group(alice, history_shown=shown)
    old = await say(alice, id_, "before")
    await alice.do("add_members", conversation_id=id_, usernames=[carol.username])
    await say(alice, id_, "after", reply_id=old["id"])
    assert await texts(carol, id_) == (["after", "before"] if shown else ["after"])
    reply = (await newest(carol, id_))[0]
    assert reply["quote"]["content"] == ("before" if shown else None)
    assert reply["quote"]["sender_username"] == (alice.username if shown else None)
    for type_, fields in (
        ("add_reaction", {"message_id": old["id"], "emoji": "+1"}),
        ("mark_read", {"message_id": old["id"], "conversation_id": id_}),
        ("send_message", {"reply_id": old["id"], "conversation_id": id_, "content": "x"}),
        ("forward_message", {"message_id": old["id"], "conversation_id": id_}),
    ):
        reply = await carol.ask(type_, **fields)
        assert reply["success"] is shown
        assert reply.get("code") == (None if shown else "not_found")
    found = await newest(carol, id_, around=old["id"])
    assert (old["id"] in [message["id"] for message in found]) is shown


async def test_who_is_removed_is_told_and_hears_nothing_after(guests: Town) -> None:
    """The removal is the last thing; the others see it and the note in the timeline."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    id_ = await group(alice, bob, carol)
    before = len(bob.received)
    data = await alice.do("remove_member", conversation_id=id_, username=bob.username)
    assert data == {
        "conversation_id": id_, "username": bob.username, "by": alice.username, "member_count": 2,
    }  # fmt: skip
    await say(alice, id_, "without bob")
    await alice.do("rename_conversation", conversation_id=id_, name="Without")
    await alice.do("typing", conversation_id=id_)
    assert await heard(bob, before) == ["remove_member"]
    assert (await bob.next("remove_member"))["data"] == data
    assert (await carol.next("remove_member"))["data"] == data
    note = f"{alice.username} removed {bob.username}"
    assert note in [message["content"] for message in await newest(carol, id_)]
    assert await bob.do("get_conversations") == []


async def test_who_was_removed_resumes_to_the_removal_and_no_further(guests: Town) -> None:
    """Also an edit made after it, of a message from before, is not theirs to read."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    cursor = bob.cursor
    message = await say(alice, id_, "while bob is here")
    await bob.drop()
    await alice.do("remove_member", conversation_id=id_, username=bob.username)
    await alice.do("edit_message", message_id=message["id"], content="bob must not see this")
    await alice.do("pin_message", message_id=message["id"])
    await say(alice, id_, "nor this")
    back = await guests.people[1].connect(cursor)
    await back.next("resumed")
    told = [(f["type"], f["data"]) for f in back.received if "cursor" in f]
    assert [type_ for type_, _ in told] == ["send_message", "remove_member"]
    assert told[0][1] == message


async def test_removed_and_added_again_has_a_hole(guests: Town) -> None:
    """What was said in between is not there: not live, not in reads, pages, quotes or by resume."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    first = await say(alice, id_, "first stay")
    await alice.do("remove_member", conversation_id=id_, username=bob.username)
    hidden = await say(alice, id_, "hole", client_id="hole")
    cursor = (await bob.ask("ping"))["cursor"]
    await say(alice, id_, "hole again")
    await alice.do("add_members", conversation_id=id_, usernames=[bob.username])
    last = await say(alice, id_, "second stay", reply_id=hidden["id"])
    assert await texts(bob, id_) == ["second stay", "first stay"]
    assert await texts(bob, id_, before=last["id"]) == ["first stay"]
    assert await texts(bob, id_, after=first["id"]) == ["second stay"]
    around = await bob.do("get_messages", conversation_id=id_, around=hidden["id"], limit=2)
    assert "hole" not in str(around)
    reply = (await newest(bob, id_))[0]
    assert reply["quote"] == {
        "id": hidden["id"], "sender_id": None, "sender_username": None, "content": None,
    }  # fmt: skip
    assert (await refused(bob, "edit_message", message_id=hidden["id"], content="x"))[0] == (
        "not_found"
    )
    back = await guests.people[1].connect(cursor)
    await back.next("resumed")
    said = [f["data"]["content"] for f in back.received if f["type"] == "send_message"]
    assert said == [f"{alice.username} added {bob.username}", "second stay"]
    assert "hole" not in str(bob.received)


async def test_what_the_system_tells_counts_for_nothing(guests: Town) -> None:
    """It moves neither `activity` nor what is unread; `seq` goes on with what people write."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    id_ = await group(alice, bob)
    first = await say(alice, id_, "one")
    before = (await bob.do("get_conversations"))[0]
    await alice.do("add_members", conversation_id=id_, usernames=[carol.username])
    await alice.do("rename_conversation", conversation_id=id_, name="Tea")
    after = (await bob.do("get_conversations"))[0]
    for field in ("activity", "last_message", "me"):
        assert after[field] == before[field]
    assert (await carol.do("get_conversations"))[0]["last_message"] is None
    note = (await newest(bob, id_))[0]
    assert note["seq"] == first["seq"]
    data = await bob.do("mark_read", conversation_id=id_, message_id=note["id"])
    assert (data["me"]["unread_count"], data["me"]["last_read_id"]) == (0, note["id"])
    second = await say(alice, id_, "two")
    assert second["seq"] == first["seq"] + 1
    me = await mine(bob, id_)
    assert (me["unread_count"], me["first_unread_id"]) == (1, second["id"])


async def test_leaving_is_told_to_all_and_ends_it_for_oneself(guests: Town) -> None:
    """Own other sockets hear it too; a direct conversation cannot be left."""
    alice, bob = await guests.online("alice", "bob")
    phone = await guests.people[1].live()
    id_ = await group(alice, bob)
    data = await bob.do("leave_conversation", conversation_id=id_)
    assert data == {
        "conversation_id": id_, "username": bob.username, "by": bob.username, "member_count": 1,
    }  # fmt: skip
    assert (await phone.next("leave_conversation"))["data"] == data
    assert (await alice.next("leave_conversation"))["data"] == data
    note = (await newest(alice, id_))[0]
    assert_tells(note, "left", bob)
    assert note["content"] == f"{bob.username} left"
    told = [frame["data"] for frame in await bob.quiet() if is_about(frame, "send_message", id_)]
    assert [message["action"] for message in told] == ["created"]
    pair = await direct(alice, bob)
    assert (await refused(alice, "leave_conversation", conversation_id=pair))[0] == "forbidden"


async def test_an_owner_who_leaves_hands_over(guests: Town) -> None:
    """To the oldest moderator, or else to the oldest member; everybody is told."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    id_ = await group(alice, bob, carol)
    await alice.do("set_role", conversation_id=id_, username=carol.username, role="moderator")
    await carol.next("set_role")
    await alice.do("leave_conversation", conversation_id=id_)
    data = (await carol.next("set_role"))["data"]
    assert data == {"conversation_id": id_, "username": carol.username, "role": "owner"}
    await carol.do("leave_conversation", conversation_id=id_)
    assert (await mine(bob, id_))["role"] == "owner"
    await heard(alice)
    assert not any(is_about(f, "set_role", id_) and "ref" not in f for f in alice.received)


async def test_the_last_one_who_leaves_closes_it(guests: Town) -> None:
    """Nobody is a member, and nobody can come back in."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    await bob.do("leave_conversation", conversation_id=id_)
    data = await alice.do("leave_conversation", conversation_id=id_)
    assert data["member_count"] == 0
    for each in (alice, bob):
        code, _, _ = await refused(
            each, "add_members", conversation_id=id_, usernames=[each.username]
        )
        assert code == "not_found"


async def test_roles_are_set_by_the_owner(guests: Town) -> None:
    """Everybody hears it; handing over makes the owner a moderator."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    id_ = await group(alice, bob, carol)
    data = await alice.do("set_role", conversation_id=id_, username=bob.username, role="moderator")
    assert data == {"conversation_id": id_, "username": bob.username, "role": "moderator"}
    assert (await carol.next("set_role"))["data"] == data
    about = {"conversation_id": id_, "role": "moderator"}
    assert await refused(bob, "set_role", username=carol.username, **about) == (
        "forbidden", "only the owner may set roles", "conversation_id",
    )  # fmt: skip
    assert (await refused(carol, "set_role", username=bob.username, **about))[0] == "forbidden"
    assert (await refused(alice, "set_role", username=alice.username, **about))[0] == (
        "invalid_request"
    )
    assert await refused(alice, "set_role", username="nobody-here", **about) == (
        "not_found", "'nobody-here' is not a member of the conversation", "username",
    )  # fmt: skip
    note = (await newest(carol, id_))[0]
    assert_tells(note, "role", alice, bob)
    assert note["text"] == "moderator"
    await alice.do("set_role", conversation_id=id_, username=bob.username, role="owner")
    assert [(await mine(each, id_))["role"] for each in (alice, bob)] == ["moderator", "owner"]


async def test_who_may_add_and_remove(guests: Town) -> None:
    """A member may not; a moderator may, but removes members only."""
    alice, bob, carol, dave = await guests.online("alice", "bob", "carol", "dave")
    id_ = await group(alice, bob, carol)
    about = {"conversation_id": id_}
    add = {**about, "usernames": [dave.username]}
    assert (await refused(bob, "add_members", **add))[0] == "forbidden"
    assert (await refused(bob, "remove_member", username=carol.username, **about))[0] == (
        "forbidden"
    )
    for each in (bob, carol):
        await alice.do("set_role", username=each.username, role="moderator", **about)
    await bob.do("add_members", **add)
    for each in (carol, alice):
        assert await refused(bob, "remove_member", username=each.username, **about) == (
            "forbidden", "a moderator may remove members only", "username",
        )  # fmt: skip
    await bob.do("remove_member", username=dave.username, **about)
    assert await refused(bob, "remove_member", username=dave.username, **about) == (
        "not_found", f"'{dave.username}' is not a member of the conversation", "username",
    )  # fmt: skip
    code, _, _ = await refused(bob, "remove_member", username=bob.username, **about)
    assert code == "invalid_request"


async def test_who_cannot_be_added(guests: Town) -> None:
    """Who is there already, who does not exist; to a direct conversation nobody."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    id_, pair = await group(alice, bob), await direct(alice, bob)
    assert await refused(alice, "add_members", conversation_id=id_, usernames=[bob.username]) == (
        "already_exists", "usernames: expected somebody new", "usernames",
    )  # fmt: skip
    assert await refused(
        alice, "add_members", conversation_id=id_, usernames=[carol.username, "nobody-here"]
    ) == ("not_found", "'nobody-here' is not a valid username", "usernames")
    code, _, _ = await refused(
        alice, "add_members", conversation_id=pair, usernames=[carol.username]
    )
    assert code == "forbidden"
    assert await heard(carol) == []
    both = [bob.username, carol.username]
    data = await alice.do("add_members", conversation_id=id_, usernames=both)
    assert data["usernames"] == [carol.username]


async def test_members_come_page_by_page_with_their_roles(guests: Town) -> None:
    """Each once, by user id; who has left is not among them."""
    people = await guests.online("alice", "bob", "carol", "dave", "eve")
    alice, *others = people
    id_ = await group(alice, *others)
    await others[1].do("leave_conversation", conversation_id=id_)
    seen = []
    after: dict[str, int] = {}
    while True:
        page = await alice.ask("get_members", conversation_id=id_, limit=2, **after)
        seen += page["data"]["members"]
        if not page["more"]:
            break
        after = {"after": page["next"]}
    names = [each.username for each in people if each is not others[1]]
    assert [each["username"] for each in seen] == names
    assert [each["role"] for each in seen] == ["owner", "member", "member", "member"]
    assert page["next"] is None
