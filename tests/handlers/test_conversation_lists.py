"""The list of conversations: its order and pages, what is muted and archived in it."""

from tests.support.acts import (
    direct,
    group,
    heard,
    is_about,
    mine,
    refused,
    say,
)
from tests.support.client import Town


async def test_conversations_are_listed_by_activity(guests: Town) -> None:
    """The latest message first, with that message; renames and marks do not move it."""
    alice, bob = await guests.online("alice", "bob")
    first, second = await group(alice, bob), await group(alice, bob)
    assert [each["id"] for each in await bob.do("get_conversations")] == [second, first]
    message = await say(alice, first, "hi")
    await bob.do("mark_read", conversation_id=first, message_id=message["id"])
    await alice.do("set_topic", conversation_id=second, topic="tea")
    listed = await bob.do("get_conversations")
    assert [each["id"] for each in listed] == [first, second]
    assert listed[0]["last_message"]["content"] == "hi"
    assert listed[1]["last_message"] is None
    assert listed[0]["activity"] > listed[1]["activity"]


async def test_conversations_come_page_by_page(guests: Town) -> None:
    """`limit`, `before` and `next` visit each once; a page of none is refused."""
    alice, bob = await guests.online("alice", "bob")
    made = [await group(alice, bob) for _ in range(5)]
    seen: list[int] = []
    before: dict[str, int] = {}
    sizes = []
    while True:
        page = await bob.ask("get_conversations", limit=2, **before)
        seen += [each["id"] for each in page["data"]]
        sizes.append(len(page["data"]))
        if not page["more"]:
            break
        before = {"before": page["next"]}
    assert (seen, sizes) == (made[::-1], [2, 2, 1])
    assert page["next"] is None
    for limit in (0, -1, 1001):
        assert (await refused(bob, "get_conversations", limit=limit))[0] == "invalid_request"


async def test_muting_and_archiving_are_ones_own(guests: Town) -> None:
    """Own sockets are told with the whole of `me`; the others neither hear nor see it."""
    alice, bob = await guests.online("alice", "bob")
    phone = await guests.people[0].live()
    id_ = await group(alice, bob)
    before = len(bob.received)
    muted = await alice.do("mute_conversation", conversation_id=id_, until=2_000_000_000)
    assert muted["me"]["muted_until"] == 2_000_000_000
    assert (await phone.next("mute_conversation"))["data"] == muted
    archived = await alice.do("archive_conversation", conversation_id=id_)
    assert archived["me"]["archived"] is True
    assert (await phone.next("archive_conversation"))["data"] == archived
    assert (await mine(alice, id_)) == archived["me"]
    assert (await mine(bob, id_))["archived"] is False
    assert (await mine(bob, id_))["muted_until"] is None
    assert await heard(bob, before) == []
    await alice.do("mute_conversation", conversation_id=id_, until=None)
    await alice.do("archive_conversation", conversation_id=id_, archived=False)
    assert (await mine(alice, id_))["archived"] is False
    assert (await mine(alice, id_))["muted_until"] is None


async def test_what_is_archived_stays_so_when_a_message_comes(guests: Town) -> None:
    """It is unread like any other, and who sends takes nothing out of the archive either."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await direct(alice, bob)
    for each in (alice, bob):
        await each.do("archive_conversation", conversation_id=id_)
    await say(bob, id_, f"@{alice.username}")
    for each, unread in ((alice, 1), (bob, 0)):
        me = await mine(each, id_)
        assert (me["archived"], me["unread_count"]) == (True, unread)


async def test_a_conversation_made_while_one_was_away_is_in_the_list(guests: Town) -> None:
    """Who has no socket finds it on coming back."""
    (alice,) = await guests.online("alice")
    bob = await guests.person("bob")
    id_ = (await alice.do("create_conversation", members=[bob.username]))["id"]
    socket = await bob.connect()
    assert [each["id"] for each in await socket.do("get_conversations")] == [id_]
    assert not any(is_about(frame, "create_conversation", id_) for frame in socket.received)


async def test_a_conversation_is_muted_until_a_time_to_come(guests: Town) -> None:
    """Until long ago is no time to be muted until."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    found = await refused(alice, "mute_conversation", conversation_id=id_, until=1)
    assert found[::2] == ("invalid_request", "until")
