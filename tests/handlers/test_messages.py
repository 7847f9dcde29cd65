"""Messages: sent, retried, forwarded, read."""

import asyncio

from tests.support.acts import direct, group, heard, newest, refused, say, texts
from tests.support.client import Town


async def test_a_message_reaches_every_socket_of_every_member(guests: Town) -> None:
    """All members get the same event, the sender as the reply, their other sockets as a push."""
    alice, bob, stranger = await guests.online("alice", "bob", "eve")
    id_ = await group(alice, bob)
    phone = await guests.people[0].live()
    reply = await alice.ask("send_message", conversation_id=id_, content="hi")
    push = await bob.next("send_message")
    assert push["data"] == reply["data"] == (await phone.next("send_message"))["data"]
    assert "ref" not in push
    assert (push["at"], push["cursor"][:-8]) == (reply["at"], reply["cursor"][:-8])
    data = reply["data"]
    assert (data["content"], data["sender_username"]) == ("hi", alice.username)
    assert (data["seq"], data["kind"], data["reply_id"]) == (1, "text", None)
    assert await heard(stranger) == []


async def test_content_arrives_as_it_was_sent(guests: Town) -> None:
    """Any script, up to 4,000 code points; white space and quotes too."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    for content in ("👩‍👩‍👧" * 800, " \n\tx \n\t", '"\\', "العربية", "\u2028x", "𝒳" * 4000):
        assert (await say(alice, id_, content))["content"] == content
        assert (await bob.next("send_message"))["data"]["content"] == content


async def test_messages_sent_at_once_have_one_order(guests: Town) -> None:
    """`seq` is dense, ids grow, and everybody sees the same."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await direct(alice, bob)
    await asyncio.gather(*(say(each, id_, str(n)) for n in range(20) for each in (alice, bob)))
    await alice.quiet()
    await bob.quiet()
    seen = [[f["data"]["id"] for f in each.of_type("send_message")] for each in (alice, bob)]
    assert seen[0] == seen[1] == sorted(seen[0])
    found = await newest(alice, id_)
    assert [message["seq"] for message in found] == list(range(40, 0, -1))
    assert [message["id"] for message in found] == seen[0][::-1]


async def test_a_retry_is_not_a_second_message(guests: Town) -> None:
    """The same `client_id` gives the message as it is now, also from another device."""
    alice, bob = await guests.online("alice", "bob")
    phone = await guests.people[0].connect()
    id_, other = await group(alice, bob), await group(alice, bob)
    message = await say(alice, id_, "once", client_id="m1")
    await alice.do("edit_message", message_id=message["id"], content="edited")
    again = await phone.ask("send_message", conversation_id=id_, content="x", client_id="m1")
    assert again["duplicate"] is True
    assert again["data"]["id"] == message["id"]
    assert again["data"]["content"] == "edited"
    assert not {"cursor", "at"} & again.keys()
    assert await texts(bob, id_) == ["edited"]
    assert await refused(
        alice, "send_message", conversation_id=other, content="x", client_id="m1"
    ) == ("conflict", "client_id: it was used in another conversation", "client_id")
    assert (await say(bob, id_, "bob's own m1", client_id="m1"))["id"] != message["id"]


async def test_a_retry_of_who_was_removed_tells_nothing_new(guests: Town) -> None:
    """It is no second message, and what others did with it since stays theirs."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    message = await say(bob, id_, "mine", client_id="m1")
    await alice.do("remove_member", conversation_id=id_, username=bob.username)
    await alice.do("add_reaction", message_id=message["id"], emoji="+1")
    await alice.do("pin_message", message_id=message["id"])
    again = await bob.ask("send_message", conversation_id=id_, content="x", client_id="m1")
    assert again["duplicate"] is True
    assert again["data"] == message


async def test_a_reply_quotes_the_original_in_reads(guests: Town) -> None:
    """Live it has `reply_id` only; a long original is cut; an edit shows, a deletion blanks it."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    original = await say(alice, id_, "x" * 200)
    reply = await say(bob, id_, "yes", reply_id=original["id"])
    assert (reply["reply_id"], reply["quote"]) == (original["id"], None)
    quote = (await newest(alice, id_))[0]["quote"]
    assert quote["content"] == "x" * 139 + "…"
    assert (quote["sender_id"], quote["sender_username"]) == (
        original["sender_id"], alice.username,
    )  # fmt: skip
    await alice.do("edit_message", message_id=original["id"], content="short")
    assert (await newest(bob, id_))[0]["quote"]["content"] == "short"
    await alice.do("delete_message", message_id=original["id"])
    assert (await newest(bob, id_))[0]["quote"]["content"] is None


async def test_only_messages_of_the_conversation_can_be_replied_to(guests: Town) -> None:
    """One of another conversation is as good as none."""
    alice, bob = await guests.online("alice", "bob")
    id_, other = await group(alice, bob), await group(alice)
    elsewhere = await say(alice, other, "elsewhere")
    for reply_id in (elsewhere["id"], 10**9):
        assert await refused(
            alice, "send_message", conversation_id=id_, content="x", reply_id=reply_id
        ) == ("not_found", "reply_id: expected a message of the same conversation", "reply_id")


async def test_pages_of_messages(guests: Town) -> None:
    """Newest first: the newest, those before, those next after, those around; with what is more."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await direct(alice, bob)
    ids = [(await say(alice, id_, str(n)))["id"] for n in range(10)]

    async def page(**fields: int) -> tuple[list[int], bool, bool]:
        data = await bob.do("get_messages", conversation_id=id_, **fields)
        at = [ids.index(message["id"]) for message in data["messages"]]
        return at, data["more_before"], data["more_after"]

    assert await page() == (list(range(9, -1, -1)), False, False)
    assert await page(limit=3) == ([9, 8, 7], True, False)
    assert await page(limit=3, before=ids[7]) == ([6, 5, 4], True, True)
    assert await page(limit=3, before=ids[3]) == ([2, 1, 0], False, True)
    assert await page(limit=3, after=ids[0]) == ([3, 2, 1], True, True)
    assert await page(limit=3, after=ids[6]) == ([9, 8, 7], True, False)
    assert await page(limit=5, around=ids[5]) == ([7, 6, 5, 4, 3], True, True)
    assert await page(limit=4, around=ids[9]) == ([9, 8, 7, 6], True, False)
    assert await page(limit=4, around=ids[0]) == ([2, 1, 0], False, True)
    assert await page(limit=1, around=ids[5]) == ([5], True, True)
    assert await page(limit=3, after=ids[9]) == ([], True, False)
    assert await page(limit=3, before=ids[0]) == ([], False, True)


async def test_a_page_has_at_most_a_hundred_messages_and_their_authors(guests: Town) -> None:
    """Without `limit` a hundred; each author once, in full."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    await asyncio.gather(*(say(alice, id_, str(n)) for n in range(100)))
    await say(bob, id_, "last")
    data = await alice.do("get_messages", conversation_id=id_)
    assert len(data["messages"]) == 100
    assert data["more_before"] is True
    names = [user["username"] for user in data["users"]]
    assert sorted(names) == sorted([alice.username, bob.username])
    assert (await refused(alice, "get_messages", conversation_id=id_, limit=101))[0] == (
        "invalid_request"
    )
    code, _, field = await refused(alice, "get_messages", conversation_id=id_, before=1, after=1)
    assert (code, field) == ("invalid_request", "after")


async def test_an_empty_conversation_has_an_empty_page(guests: Town) -> None:
    """Nothing, and nothing more."""
    alice, bob = await guests.online("alice", "bob")
    data = await alice.do("get_messages", conversation_id=await direct(alice, bob))
    assert (data["messages"], data["more_before"], data["more_after"]) == ([], False, False)


async def test_a_message_is_forwarded_as_ones_own(guests: Town) -> None:
    """The other conversation gets a `send_message`; deleting the original leaves the copy."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    source, target = await group(alice, bob), await group(bob, carol)
    original = await say(alice, source, "pass it on")
    fields = {"message_id": original["id"], "conversation_id": target, "client_id": "f1"}
    data = await bob.do("forward_message", **fields)
    assert (data["content"], data["sender_username"]) == ("pass it on", bob.username)
    assert data["conversation_id"] == target
    assert (await carol.next("send_message"))["data"] == data
    assert "forward_message" not in await heard(carol)
    again = await bob.ask("forward_message", **fields)
    assert (again["duplicate"], again["data"]) == (True, data)
    await alice.do("delete_message", message_id=original["id"])
    assert await texts(carol, target) == ["pass it on"]
    assert (await refused(bob, "forward_message", **{**fields, "client_id": "f2"}))[0] == (
        "invalid_request"
    )


async def test_forwarding_needs_both_ends(guests: Town) -> None:
    """A message one can see, and a conversation one is in."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    source, target = await group(alice, bob), await group(carol)
    message = await say(alice, source, "x")
    assert await refused(
        carol, "forward_message", message_id=message["id"], conversation_id=target
    ) == ("not_found", f"no such message {message['id']} exists", "message_id")
    assert await refused(
        bob, "forward_message", message_id=message["id"], conversation_id=target
    ) == (
        "not_found",
        f"{bob.username} is not part of any conversation with {target} id",
        "conversation_id",
    )


async def test_mentions_name_members_only(guests: Town) -> None:
    """Each once, in any case; neither strangers nor parts of addresses; an edit changes them."""
    alice, bob, stranger = await guests.online("alice", "bob", "eve")
    id_ = await group(alice, bob)
    name = bob.username
    text = f"@{name} @{name.upper()}, (@{alice.username}) @{stranger.username} me@{name} @nobody."
    message = await say(alice, id_, text)
    assert message["mentions"] == [alice.username, bob.username]
    edited = await alice.do("edit_message", message_id=message["id"], content=f"@{name}.")
    assert edited["mentions"] == [bob.username]
    assert (await newest(bob, id_))[0]["mentions"] == [bob.username]


async def test_messages_are_read_by_their_ids(guests: Town) -> None:
    """Those one may read, of that conversation, newest first; others are as if they were not."""
    alice, bob = await guests.online("alice", "bob")
    id_, other = await direct(alice, bob), await group(alice)
    one, two = [await say(alice, id_, text) for text in ("one", "two")]
    hidden = await say(alice, other, "not here")
    ids = [one["id"], two["id"], hidden["id"], 2**50]
    data = await bob.do("get_messages", conversation_id=id_, ids=ids)
    assert [each["content"] for each in data["messages"]] == ["two", "one"]
    assert (data["more_before"], data["more_after"]) == (False, False)
    code, _, field = await refused(bob, "get_messages", conversation_id=id_, ids=[1], before=5)
    assert (code, field) == ("invalid_request", "ids")


async def test_a_message_shows_something(guests: Town) -> None:
    """Nothing but spaces, fillers and joiners is no text; among others they are fine."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    sent = await say(alice, id_, "\n می\u200cخواهم 👨\u200d👩\u200d👧 ")
    for blank in (" ", "\n\t", "\u200b\u2060", "\u3164", "\u2800", "\ufe0f"):
        about = {"content": blank}
        found = await refused(alice, "send_message", conversation_id=id_, **about)
        assert found[::2] == ("invalid_request", "content")
        found = await refused(alice, "edit_message", message_id=sent["id"], **about)
        assert found[::2] == ("invalid_request", "content")
