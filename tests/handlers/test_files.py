"""Files in messages: sent, forwarded, taken out, listed, found; and avatars."""

from typing import Any

import pytest

from tests.files.pictures import picture
from tests.files.uploading import ask, uploaded
from tests.guarantees.waiting import eventually
from tests.support.acts import direct, group, newest, refused
from tests.support.client import Person, Socket
from tests.support.shared import SharedTown


async def online(guests: SharedTown, *names: str) -> list[tuple[Person, Socket]]:
    """People with a socket each."""
    found = []
    for name in names:
        person = await guests.person(name)
        socket = await person.live()
        found.append((person, socket))
    return found


async def send(socket: Socket, conversation_id: int, *files: Any, **fields: Any) -> Any:
    """A message with these attachments."""
    ids = [each["id"] for each in files]
    return await socket.do("send_message", conversation_id=conversation_id, files=ids, **fields)


async def statuses(path: str, *people: Person) -> list[int]:
    """What each is answered for that path."""
    return [(await ask(person, "GET", path)).status for person in people]


async def test_a_message_with_files(guests: SharedTown) -> None:
    """The reply, the push, a replay and a read have them, and whoever reads it may load them."""
    (alice, a), (bob, b), (carol, _) = await online(guests, "alice", "bob", "carol")
    id_ = await direct(a, b)
    cursor = b.cursor
    cat = await uploaded(alice, picture(), "cat.png")
    text = await uploaded(alice, b"words", "words.txt")
    sent = await send(a, id_, text, cat)
    assert sent["attachments"] == [text, cat]
    assert sent["content"] == ""
    assert (await b.next("send_message"))["data"] == sent
    again = await bob.connect(cursor)
    assert (await again.next("send_message"))["data"] == sent
    assert (await newest(b, id_))[0]["attachments"] == [text, cat]
    assert await statuses(cat["url"], alice, bob, carol) == [200, 200, 404]
    assert await statuses(cat["thumbnail"], alice, bob, carol) == [200, 200, 404]


async def test_a_file_is_sent_once_and_by_its_owner(guests: SharedTown) -> None:
    """Not twice, not by somebody else, and a message needs something in it."""
    (alice, a), (_, b) = await online(guests, "alice", "bob")
    id_ = await direct(a, b)
    file = await uploaded(alice, b"words", "words.txt")
    fields = {"conversation_id": id_, "files": [file["id"]]}
    assert (await refused(b, "send_message", **fields))[0] == "not_found"
    assert (await refused(a, "send_message", **fields | {"files": [file["id"]] * 2}))[2] == "files"
    first = await a.do("send_message", **fields, client_id="one")
    assert (await a.do("send_message", **fields, client_id="one"))["id"] == first["id"]
    assert (await refused(a, "send_message", **fields))[0] == "not_found"
    empty = await refused(a, "send_message", conversation_id=id_)
    assert empty == (
        "invalid_request", "content: expected at least 1 character, or files", "content",
    )  # fmt: skip
    many = await refused(a, "send_message", conversation_id=id_, files=list(range(1, 12)))
    assert (many[0], many[2]) == ("invalid_request", "files")


async def test_a_removed_member_keeps_what_was_theirs_to_read(guests: SharedTown) -> None:
    """The files of their time, not those of before or after."""
    (alice, a), (_, b), (carol, c) = await online(guests, "alice", "bob", "carol")
    id_ = await group(a, b)
    before, during, after = [
        await uploaded(alice, name.encode(), name) for name in ("before", "during", "after")
    ]
    await send(a, id_, before)
    await a.do("add_members", conversation_id=id_, usernames=[c.username])
    await send(a, id_, during)
    assert await statuses(during["url"], carol) == [200]
    await a.do("remove_member", conversation_id=id_, username=c.username)
    await send(a, id_, after)
    urls = [before["url"], during["url"], after["url"]]
    assert [(await statuses(url, carol))[0] for url in urls] == [404, 200, 404]
    assert (await refused(c, "get_files", conversation_id=id_))[0] == "not_found"


async def test_who_is_blocked_reads_what_was_sent_before(guests: SharedTown) -> None:
    """As with the messages themselves; nothing new reaches either."""
    (alice, a), (bob, b) = await online(guests, "alice", "bob")
    id_ = await direct(a, b)
    file = await uploaded(alice, b"words", "words.txt")
    await send(a, id_, file)
    await a.do("block_user", username=b.username)
    assert await statuses(file["url"], bob) == [200]
    late = await uploaded(bob, b"late", "late.txt")
    found = await refused(b, "send_message", conversation_id=id_, files=[late["id"]])
    assert found[0] == "forbidden"
    assert await statuses(late["url"], alice, bob) == [404, 200]


async def test_forwarding_gives_a_reference_of_its_own(guests: SharedTown) -> None:
    """Deleting one message leaves the other with its file."""
    (alice, a), (bob, b), (carol, c) = await online(guests, "alice", "bob", "carol")
    first, second = await direct(a, b), await direct(b, c)
    file = await uploaded(alice, picture(), "cat.png")
    sent = await send(a, first, file, content="look")
    forwarded = await b.do("forward_message", message_id=sent["id"], conversation_id=second)
    (copy,) = forwarded["attachments"]
    assert copy["id"] != file["id"]
    assert forwarded["content"] == "look"
    assert await statuses(copy["url"], alice, bob, carol) == [404, 200, 200]
    await a.do("delete_message", message_id=sent["id"])
    assert await statuses(file["url"], alice, bob) == [404, 404]
    assert await statuses(copy["url"], bob, carol) == [200, 200]


async def test_editing_may_take_files_out(guests: SharedTown) -> None:
    """Those named stay; without naming any, all; and not all of a message without text."""
    (alice, a), (bob, b) = await online(guests, "alice", "bob")
    id_ = await direct(a, b)
    one, two = await uploaded(alice, b"1", "1.txt"), await uploaded(alice, b"2", "2.txt")
    sent = await send(a, id_, one, two)
    edited = await a.do("edit_message", message_id=sent["id"], content="now with text")
    assert edited["attachments"] == [one, two]
    edited = await a.do("edit_message", message_id=sent["id"], content="", files=[two["id"]])
    assert edited["attachments"] == [two]
    assert (await b.wait_for(lambda frame: frame.get("data") == edited))["type"] == "edit_message"
    assert await statuses(one["url"], alice, bob) == [404, 404]
    nothing = await refused(a, "edit_message", message_id=sent["id"], content="", files=[])
    assert nothing[2] == "content"
    other = await refused(a, "edit_message", message_id=sent["id"], content="", files=[one["id"]])
    assert other[2] == "files"
    assert await statuses(two["url"], bob) == [200]


async def test_a_conversations_files_are_listed(guests: SharedTown) -> None:
    """By kind, newest message first, page by page, none of which parts a message's files."""
    (alice, a), (_, b) = await online(guests, "alice", "bob")
    id_ = await direct(a, b)
    texts = [await uploaded(alice, name.encode(), name) for name in ("1", "2", "3")]
    cat = await uploaded(alice, picture(), "cat.png")
    await send(a, id_, texts[2])
    message = await send(a, id_, *texts[:2], cat)
    reply = await b.ask("get_files", conversation_id=id_, kind="file", limit=1)
    assert [each["name"] for each in reply["data"]["files"]] == ["1", "2"]
    assert reply["more"]
    rest = await b.ask("get_files", conversation_id=id_, kind="file", before=reply["next"])
    assert [each["name"] for each in rest["data"]["files"]] == ["3"]
    assert (rest["more"], rest["next"]) == (False, None)
    (found,) = (await b.do("get_files", conversation_id=id_, kind="picture"))["files"]
    sender = {"message_id": message["id"], "sender_id": message["sender_id"]}
    assert found == {**cat, **sender}
    assert len((await b.do("get_files", conversation_id=id_))["files"]) == 4


async def test_files_are_found_by_name(guests: SharedTown) -> None:
    """In the search of messages, until they are taken out."""
    (alice, a), (_, b) = await online(guests, "alice", "bob")
    id_ = await direct(a, b)
    file = await uploaded(alice, b"words", "quarterly report.txt")
    sent = await send(a, id_, file, content="see below")

    async def is_found() -> bool:
        data = await b.do("search_messages", query="quarterly")
        return [each["id"] for each in data["messages"]] == [sent["id"]]

    await eventually(is_found)
    await a.do("edit_message", message_id=sent["id"], content="see below", files=[])

    async def is_lost() -> bool:
        return not await is_found()

    await eventually(is_lost)


async def test_an_avatar_of_ones_own(guests: SharedTown) -> None:
    """Pushed like any change of a profile; anybody logged in may see it; the old one goes."""
    (alice, a), (bob, b) = await online(guests, "alice", "bob")
    await a.do("add_contact", contact_username=b.username)
    paths = []
    for format_ in ("PNG", "JPEG"):
        file = await uploaded(alice, picture(format_), "me")
        mine = await a.do("update_profile", avatar=file["id"])
        paths.append(mine["avatar"])
        pushed = await b.next("update_profile")
        assert pushed["data"]["avatar"] == f"/avatars/{file['id']}/512"
        small = paths[-1].replace("512", "96")
        assert await statuses(small, alice, bob) == [200, 200]
    assert await statuses(paths[0], alice, bob) == [404, 404]
    assert (await ask(bob, "GET", paths[1])).headers["Content-Type"] == "image/webp"
    assert (await a.do("update_profile", avatar=0))["avatar"] is None
    assert await statuses(paths[1], alice, bob) == [404, 404]


@pytest.mark.parametrize("content", [b"words", b"\x89PNG\r\n\x1a\n broken"])
async def test_an_avatar_is_a_picture_of_ones_own(guests: SharedTown, content: bytes) -> None:
    """Not a text, not a broken picture, not somebody else's."""
    (alice, a), (_, b) = await online(guests, "alice", "bob")
    file = await uploaded(alice, content, "me.png")
    assert (await refused(a, "update_profile", avatar=file["id"]))[2] == "avatar"
    good = await uploaded(alice, picture(), "me.png")
    assert (await refused(b, "update_profile", avatar=good["id"]))[0] == "not_found"


async def test_a_groups_avatar(guests: SharedTown) -> None:
    """An owner or a moderator gives it; everybody is told, and who comes later sees it."""
    (alice, a), (bob, b) = await online(guests, "alice", "bob")
    id_ = await group(a, b)
    file = await uploaded(alice, picture(), "us.png")
    theirs = await uploaded(bob, picture("GIF"), "us.gif")
    fields = {"conversation_id": id_, "avatar": theirs["id"]}
    assert (await refused(b, "set_avatar", **fields))[0] == "forbidden"
    data = await a.do("set_avatar", conversation_id=id_, avatar=file["id"])
    assert data == {"conversation_id": id_, "avatar": f"/avatars/{file['id']}/512"}
    assert (await b.wait_for(lambda frame: frame.get("data") == data))["type"] == "set_avatar"
    assert (await b.do("get_conversation_info", id=id_))["avatar"] == data["avatar"]
    assert await statuses(data["avatar"], bob) == [200]
    taken = await a.do("set_avatar", conversation_id=id_, avatar=None)
    assert taken["avatar"] is None
    assert await statuses(data["avatar"], bob) == [404]
