"""What each side of a block sees: the blocked one what strangers to a contacts-only person do."""

from typing import Any

from tests.privacy.coming_back import back
from tests.support.acts import direct, group, heard, newest, refused, say, texts
from tests.support.client import Socket, Town

TARGET = "TARGET"


async def answered(asker: Socket, target: Socket, type_: str, fields: dict[str, Any]) -> Any:
    """What a request about somebody is answered, but for what tells people apart; and how far `at`
    went on, which everybody sees."""
    before = (await asker.ask("ping"))["at"]
    reply = await asker.ask(type_, **_replaced(fields, TARGET, target.username))
    rows = (await asker.ask("ping"))["at"] - before
    return _replaced(reply, target.username, TARGET), rows


def _replaced(value: Any, name: str, other: str) -> Any:
    """The same with another name in it, and without ids and times."""
    if isinstance(value, dict):
        telling = {"ref", "at", "cursor", "id", "fullname", "created_at"}
        return {
            key: _replaced(each, name, other) for key, each in value.items() if key not in telling
        }
    if isinstance(value, list):
        return [_replaced(each, name, other) for each in value]
    return value.replace(name, other) if isinstance(value, str) else value


async def test_the_blocked_one_meets_what_any_stranger_of_a_contacts_only_person_does(
    guests: Town,
) -> None:
    """Whatever they ask for, again and again; neither of the two asked hears of the block."""
    alice, carol, bob, friend = await guests.online("alice", "carol", "bob", "friend")
    id_ = await group(bob, friend)
    await alice.do("block_user", username=bob.username)
    for each in (alice, carol):
        await each.do("update_profile", reachable_by="contacts")
    silent = len(await alice.quiet())
    about = {"contact_username": TARGET}
    requests: list[tuple[str, dict[str, Any]]] = [
        ("create_conversation", {"members": [TARGET]}),
        ("create_conversation", {"members": [TARGET], "kind": "direct"}),
        ("create_conversation", {"members": [friend.username, TARGET]}),
        ("add_members", {"conversation_id": id_, "usernames": [TARGET]}),
        ("get_user", {"username": TARGET}),
        ("get_presence", {"usernames": [TARGET]}),
        ("add_contact", about),
        ("add_contact", about),
        ("get_user", {"username": TARGET}),
        ("create_conversation", {"members": [TARGET], "kind": "direct"}),
        ("remove_contact", about),
        ("remove_contact", about),
        ("add_contact", about),
    ]
    for type_, fields in requests:
        blocked = await answered(bob, alice, type_, fields)
        assert blocked == await answered(bob, carol, type_, fields), type_
    assert "contact_request" in await heard(carol)  # so alice could have heard it too
    assert await heard(alice, silent) == []
    assert (await alice.do("get_contact_requests"))["users"] == []


async def test_what_the_blocked_one_is_told(guests: Town) -> None:
    """The documented words, though everybody else can reach the one who blocks."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    await alice.do("block_user", username=bob.username)
    text = f"'{alice.username}' cannot be reached"
    for kind in ("direct", "group"):
        assert await refused(bob, "create_conversation", members=[alice.username], kind=kind) == (
            "forbidden", text, "members",
        )  # fmt: skip
    id_ = await group(bob)
    assert await refused(bob, "add_members", conversation_id=id_, usernames=[alice.username]) == (
        "forbidden", text, "usernames",
    )  # fmt: skip
    reply = await bob.ask("add_contact", contact_username=alice.username)
    assert reply["status"] == "requested"
    assert reply["data"]["message"] == f"'{alice.username}' has been asked"
    await direct(carol, alice)


async def test_what_was_asked_during_a_block_reaches_nobody(guests: Town) -> None:
    """Not when it ends, nor by resuming; a new request does."""
    alice, bob = await guests.online("alice", "bob")
    await alice.do("update_profile", reachable_by="contacts")
    await alice.do("block_user", username=bob.username)
    cursor = (await alice.ask("ping"))["cursor"]
    await bob.do("add_contact", contact_username=alice.username)
    await alice.do("unblock_user", username=bob.username)
    assert (await alice.do("get_contact_requests"))["users"] == []
    resumed = await back(guests.people[0], cursor)
    assert await heard(resumed) == ["resume", "unblock_user", "resumed"]
    await bob.do("add_contact", contact_username=alice.username)
    await alice.next("contact_request")


async def test_a_request_is_hidden_by_a_block_and_ones_own_withdrawn(guests: Town) -> None:
    """Who is blocked keeps the one they sent, unseen; the one they got is gone."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    for each in (alice, carol):
        await each.do("update_profile", reachable_by="contacts")
    await bob.do("add_contact", contact_username=alice.username)
    await alice.do("add_contact", contact_username=carol.username)
    await carol.next("contact_request")
    for other in (bob, carol):
        await alice.do("block_user", username=other.username)
    assert (await carol.next("remove_contact"))["data"] == {"username": alice.username}
    for each in (alice, carol):
        assert (await each.do("get_contact_requests"))["users"] == []
    assert await refused(alice, "remove_contact", contact_username=bob.username) == (
        "not_found", f"'{bob.username}' is not a contact", "contact_username",
    )  # fmt: skip
    assert await heard(bob) == []


async def test_who_blocks_is_told_that_it_is_their_block(guests: Town) -> None:
    """Whatever they begin with whom they have blocked."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice)
    await alice.do("block_user", username=bob.username)
    text, names = f"you have blocked '{bob.username}'", [bob.username]
    for type_, fields, field in (
        ("add_contact", {"contact_username": bob.username}, "contact_username"),
        ("create_conversation", {"members": names}, "members"),
        ("create_conversation", {"members": names, "kind": "direct"}, "members"),
        ("add_members", {"conversation_id": id_, "usernames": names}, "usernames"),
    ):
        assert await refused(alice, type_, **fields) == ("forbidden", text, field)


async def test_both_can_open_and_read_the_old_direct_conversation(guests: Town) -> None:
    """It is there for each, for reading; neither can write until the block ends."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await direct(alice, bob)
    await say(bob, id_, "before")
    await alice.do("block_user", username=bob.username)
    for one, other in ((alice, bob), (bob, alice)):
        names = [other.username]
        reply = await one.ask("create_conversation", members=names, kind="direct")
        assert (reply["status"], reply["data"]["id"]) == ("exists", id_)
        assert await texts(one, id_) == ["before"]
        assert await refused(one, "send_message", conversation_id=id_, content="x") == (
            "forbidden",
            "the other member of this conversation cannot be reached",
            "conversation_id",
        )
    await alice.do("unblock_user", username=bob.username)
    await say(bob, id_, "after")
    assert (await newest(alice, id_))[0]["content"] == "after"


async def test_neither_sees_the_other_type_nor_come_and_go_in_a_shared_group(
    guests: Town,
) -> None:
    """Others do, and messages come as ever."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    id_ = await group(alice, bob, carol)
    await alice.do("block_user", username=bob.username)
    before = {each: len(each.received) for each in (alice, bob)}
    for one, other in ((alice, bob), (bob, alice)):
        await one.do("typing", conversation_id=id_)
        assert (await carol.next("typing"))["data"]["username"] == one.username
        await say(one, id_, "hello")
        await other.next("send_message")
    for each, since in before.items():
        told = [type_ for type_ in await heard(each, since) if type_ != "send_message"]
        assert told == []
    await alice.do("unblock_user", username=bob.username)
    await bob.do("typing", conversation_id=id_)
    assert (await alice.next("typing"))["data"]["username"] == bob.username
