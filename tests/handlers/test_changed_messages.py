"""Messages that were sent: edited, deleted."""

from tests.support.acts import direct, group, heard, newest, refused, say, texts
from tests.support.client import Town


async def test_the_author_edits_a_message(guests: Town) -> None:
    """All members get the whole message anew; nobody else may, nor anybody a system message."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(bob, alice)
    message = await say(alice, id_, "helo")
    data = await alice.do("edit_message", message_id=message["id"], content="hello")
    assert (await bob.next("edit_message"))["data"] == data
    assert data["edited_at"] >= data["sent_at"]
    assert {**message, "content": "hello", "edited_at": data["edited_at"]} == data
    assert await texts(bob, id_) == ["hello"]
    assert await refused(bob, "edit_message", message_id=message["id"], content="x") == (
        "forbidden", "only its author may edit a message", "message_id",
    )  # fmt: skip
    await bob.do("rename_conversation", conversation_id=id_, name="x")
    system = (await newest(bob, id_))[0]
    assert system["kind"] == "system"
    for type_, fields in (("edit_message", {"content": "x"}), ("delete_message", {})):
        assert (await refused(bob, type_, message_id=system["id"], **fields))[0] == "forbidden"


async def test_a_deleted_message_leaves_a_tombstone(guests: Town) -> None:
    """Its place stays, its text is gone from reads, quotes, lists, and what is resumed."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    cursor = bob.cursor
    message = await say(alice, id_, "top secret", client_id="m1")
    await say(bob, id_, "reply", reply_id=message["id"])
    await alice.do("edit_message", message_id=message["id"], content="still secret")
    await bob.do("add_reaction", message_id=message["id"], emoji="+1")
    await alice.do("pin_message", message_id=message["id"])
    data = await alice.do("delete_message", message_id=message["id"])
    assert (await bob.next("delete_message"))["data"] == data
    assert (data["content"], data["reactions"], data["pinned"]) == (None, [], False)
    assert (data["id"], data["seq"]) == (message["id"], message["seq"])
    assert data["deleted_at"] >= data["sent_at"]
    back = await guests.people[1].connect(cursor)
    await back.next("resumed")
    read = await back.do("get_messages", conversation_id=id_)
    texts = [each["content"] for each in read["messages"] if each["kind"] == "text"]
    assert texts == ["reply", None]
    await back.do("get_conversations")
    again = await alice.ask("send_message", conversation_id=id_, content="x", client_id="m1")
    assert again["data"]["content"] is None
    assert "secret" not in str(back.received)
    assert [frame["type"] for frame in back.received if "cursor" in frame] == [
        "send_message", "send_message", "edit_message", "add_reaction", "pin_message",
        "delete_message",
    ]  # fmt: skip


async def test_deleting_twice_changes_nothing(guests: Town) -> None:
    """The tombstone is the reply, nobody is told again, and it takes neither edit nor reaction."""
    alice, bob = await guests.online("alice", "bob")
    message = await say(alice, await group(alice, bob), "x")
    first = await alice.do("delete_message", message_id=message["id"])
    assert await alice.do("delete_message", message_id=message["id"]) == first
    assert (await heard(bob)).count("delete_message") == 1
    for type_, fields in (
        ("edit_message", {"content": "x"}),
        ("add_reaction", {"emoji": "+1"}),
        ("pin_message", {}),
    ):
        assert (await refused(alice, type_, message_id=message["id"], **fields))[0] == "forbidden"


async def test_who_may_delete(guests: Town) -> None:
    """The author; in a group also the owner and moderators; nobody else."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    id_, pair = await group(alice, bob, carol), await direct(alice, bob)
    text = "only its author, an owner or a moderator may delete a message"
    hers, theirs = await say(carol, id_, "hers"), await say(bob, pair, "in private")
    assert await refused(bob, "delete_message", message_id=hers["id"]) == (
        "forbidden", text, "message_id",
    )  # fmt: skip
    assert (await refused(alice, "delete_message", message_id=theirs["id"]))[1] == text
    await alice.do("set_role", conversation_id=id_, username=bob.username, role="moderator")
    await bob.do("delete_message", message_id=hers["id"])
    await alice.do("delete_message", message_id=(await say(bob, id_, "his"))["id"])
