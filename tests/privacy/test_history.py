"""Who may not read a message gets no row that bears it or names it, live or replayed."""

from typing import Any

import pytest

from tests.support.acts import group, say
from tests.support.client import PASSWORD, Frame, Person, Socket
from tests.support.shared import SharedTown

WORD = "before-your-time"
ACTS = ("edit_message", "pin_message", "unpin_message", "add_reaction", "remove_reaction",
        "delete_message")  # fmt: skip


async def act_on(owner: Socket, message_id: int) -> None:
    """Do everything with a message that others are told of."""
    await owner.do("edit_message", message_id=message_id, content=f"{WORD} edited")
    await owner.do("pin_message", message_id=message_id)
    await owner.do("unpin_message", message_id=message_id)
    await owner.do("add_reaction", message_id=message_id, emoji="👍")
    await owner.do("remove_reaction", message_id=message_id, emoji="👍")
    await owner.do("delete_message", message_id=message_id)


def about(frames: list[Frame], message_id: int) -> list[str]:
    """The types of the frames that bear or name a message."""
    found = []
    for frame in frames:
        data: Any = frame.get("data")
        named = isinstance(data, dict) and message_id in (data.get("id"), data.get("message_id"))
        if frame["type"] in ACTS and named:
            found.append(frame["type"])
    return found


async def cursor_of(person: Person) -> str:
    """Where a person would resume from now."""
    socket = await person.connect("")
    await socket.next("resumed")
    cursor = socket.cursor
    await socket.close()
    return cursor


async def replayed(person: Person, cursor: str) -> list[Frame]:
    """What a person gets who comes back."""
    socket = await person.connect(cursor)
    assert (await socket.next("resume"))["data"]["status"] == "ok"
    await socket.next("resumed")
    return socket.received


async def test_who_joined_later_is_told_nothing_of_what_was_before(guests: SharedTown) -> None:
    """Live and replayed; who was there gets all of it, and so does the actor."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    id_ = await group(alice, bob)
    sent = await say(alice, id_, WORD)
    await alice.do("add_members", conversation_id=id_, usernames=[carol.username])
    cursors = [await cursor_of(person) for person in guests.people]
    await act_on(alice, sent["id"])
    for socket, expected in ((alice, []), (bob, list(ACTS)), (carol, [])):
        unasked = [frame for frame in await socket.quiet() if "ref" not in frame]
        assert about(unasked, sent["id"]) == expected
    lived = [await replayed(*each) for each in zip(guests.people, cursors, strict=True)]
    assert [about(frames, sent["id"]) for frames in lived] == [list(ACTS), list(ACTS), []]
    assert WORD not in str(carol.received) + str(lived[2])


async def test_who_came_back_is_told_nothing_of_what_was_sent_meanwhile(guests: SharedTown) -> None:
    """What was sent before, and is still theirs to read, reaches them as ever."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    mine = await say(alice, id_, "while you were here")
    await alice.do("remove_member", conversation_id=id_, username=bob.username)
    theirs = await say(alice, id_, WORD)
    await alice.do("add_members", conversation_id=id_, usernames=[bob.username])
    cursor = await cursor_of(guests.people[1])
    for message in (mine, theirs):
        await act_on(alice, message["id"])
    for frames in (await bob.quiet(), await replayed(guests.people[1], cursor)):
        assert about(frames, mine["id"]) == list(ACTS)
        assert about(frames, theirs["id"]) == []


async def test_with_history_shown_everything_reaches_who_joins(guests: SharedTown) -> None:
    """That is what it says."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, history_shown=True)
    sent = await say(alice, id_, "for all to see")
    await alice.do("add_members", conversation_id=id_, usernames=[bob.username])
    await act_on(alice, sent["id"])
    assert about(await bob.quiet(), sent["id"]) == list(ACTS)


@pytest.mark.parametrize("stays", [True, False])
async def test_words_edited_away_reach_no_member(guests: SharedTown, stays: bool) -> None:
    """A member is told the message as it is now; who has left, as it was then, nothing later."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    cursor = await cursor_of(guests.people[1])
    sent = await say(alice, id_, "words of before")
    if not stays:
        await alice.do("remove_member", conversation_id=id_, username=bob.username)
    await alice.do("edit_message", message_id=sent["id"], content="words of now")
    frames = await replayed(guests.people[1], cursor)
    texts = [frame["data"]["content"] for frame in frames if frame["type"] == "send_message"
             and frame["data"]["id"] == sent["id"]]  # fmt: skip
    assert texts == ["words of now" if stays else "words of before"]
    assert ("words of now" in str(frames)) is stays


async def test_the_export_of_who_left_knows_no_later_name(guests: SharedTown) -> None:
    """It tells what one could see at the end of one's membership."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob, name="Tea")
    await alice.do("remove_member", conversation_id=id_, username=bob.username)
    await alice.do("rename_conversation", conversation_id=id_, name="Tea without Bob")
    person = guests.people[1]
    url = f"{person.url}/auth/export"
    async with person.http.post(url, json={"password": PASSWORD}, headers=person.headers) as answer:
        assert answer.status == 200
        exported = await answer.text()
    assert '"name":"Tea"' in exported
    assert "without Bob" not in exported
