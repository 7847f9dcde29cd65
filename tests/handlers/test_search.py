"""Search, over real sockets: found by words, and only by who may read them."""

import asyncio

from tests.support.acts import group
from tests.support.client import Frame, Socket, Town


async def found(socket: Socket, query: str, **fields: object) -> list[Frame]:
    """The messages that are found, once the index has caught up with the log."""
    async with asyncio.timeout(10):
        while True:
            messages: list[Frame] = (await socket.do("search_messages", query=query, **fields))[
                "messages"
            ]
            if messages:
                return messages
            await asyncio.sleep(0.05)


async def test_a_message_is_found_by_its_words(people: Town) -> None:
    """Members find it, in any case, filtered by sender; its author comes along."""
    alice, bob = await people.online("alice", "bob")
    id_ = await group(alice, bob)
    await alice.do("send_message", conversation_id=id_, content="The Kettle is on, 今日は暑い")
    await bob.do("send_message", conversation_id=id_, content="which kettle?")
    assert len(await found(bob, "kettle which")) == 1
    assert [each["content"] for each in await found(bob, "KETTLE", sender=alice.username)] == [
        "The Kettle is on, 今日は暑い"
    ]
    assert len(await found(bob, "暑い", conversation_id=id_)) == 1


async def test_a_stranger_finds_nothing(people: Town) -> None:
    """Somebody outside the conversation gets the answer of an empty database."""
    alice, bob, eve = await people.online("alice", "bob", "eve")
    id_ = await group(alice, bob)
    await alice.do("send_message", conversation_id=id_, content="secretplan")
    assert len(await found(bob, "secretplan")) == 1
    reply = await eve.ask("search_messages", query="secretplan")
    assert (reply["data"], reply["more"]) == ({"messages": [], "users": []}, False)
    reply = await eve.ask("search_messages", query="secretplan", conversation_id=id_)
    absent = await eve.ask("search_messages", query="secretplan", conversation_id=2**50)
    assert reply["code"] == absent["code"] == "not_found"


async def test_a_deleted_message_is_found_no_more(people: Town) -> None:
    """At once, also before the index has followed."""
    alice, bob = await people.online("alice", "bob")
    id_ = await group(alice, bob)
    sent = await alice.do("send_message", conversation_id=id_, content="oops")
    assert len(await found(bob, "oops")) == 1
    await alice.do("delete_message", message_id=sent["id"])
    assert (await bob.do("search_messages", query="oops"))["messages"] == []


async def test_no_query_is_an_error_of_a_language(people: Town) -> None:
    """Operators are words like others; a query without a word says what was expected."""
    (alice,) = await people.online("alice")
    for query in ['"', "a AND", "NEAR(a b", "text:x", "^a*", "-a OR (b"]:
        assert (await alice.ask("search_messages", query=query)).get("code") in {
            None, "invalid_request",
        }  # fmt: skip
    reply = await alice.ask("search_messages", query="!?")
    assert (reply["code"], reply["field"]) == ("invalid_request", "query")
    reply = await alice.ask("search_messages", query="w " * 11)
    assert (reply["code"], reply["field"]) == ("invalid_request", "query")


async def test_a_words_beginning_and_an_emoji_find_it(guests: Town) -> None:
    """Three characters are enough of a beginning; an emoji is found whatever its tone."""
    (alice,) = await guests.online("alice")
    id_ = await group(alice)
    await alice.do("send_message", conversation_id=id_, content="edited the list 👍🏽")
    for query in ("edit", "edited", "👍", "lis"):
        assert len(await found(alice, query)) == 1
    assert (await alice.do("search_messages", query="li"))["messages"] == []
