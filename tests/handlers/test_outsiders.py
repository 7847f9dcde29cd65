"""What outsiders learn: the same as of what does not exist, and nobody hears that they asked."""

import re
from typing import Any

import pytest

from backend.protocol.base import type_of
from backend.protocol.events import REQUESTS
from tests.support.acts import group, heard, say
from tests.support.client import Socket, Town

NOWHERE = 10**9

# Every request that names a conversation or a message: with C and M in the place of their ids.
ABOUT: list[tuple[str, dict[str, Any]]] = [
    ("get_conversation_info", {"id": "C"}),
    ("rename_conversation", {"conversation_id": "C", "name": "x"}),
    ("set_topic", {"conversation_id": "C", "topic": "x"}),
    ("set_avatar", {"conversation_id": "C", "avatar": None}),
    ("get_files", {"conversation_id": "C"}),
    ("mute_conversation", {"conversation_id": "C"}),
    ("archive_conversation", {"conversation_id": "C"}),
    ("typing", {"conversation_id": "C"}),
    ("add_members", {"conversation_id": "C", "usernames": ["ME"]}),
    ("remove_member", {"conversation_id": "C", "username": "ALICE"}),
    ("leave_conversation", {"conversation_id": "C"}),
    ("set_role", {"conversation_id": "C", "username": "ME", "role": "owner"}),
    ("get_members", {"conversation_id": "C"}),
    ("send_message", {"conversation_id": "C", "content": "x"}),
    ("send_message", {"conversation_id": "OWN", "content": "x", "reply_id": "M"}),
    ("forward_message", {"message_id": "M", "conversation_id": "OWN"}),
    ("forward_message", {"message_id": "THEIRS", "conversation_id": "C"}),
    ("edit_message", {"message_id": "M", "content": "x"}),
    ("delete_message", {"message_id": "M"}),
    ("get_messages", {"conversation_id": "C"}),
    ("get_messages", {"conversation_id": "C", "around": "M"}),
    ("search_messages", {"query": "x", "conversation_id": "C"}),
    ("pin_message", {"message_id": "M"}),
    ("unpin_message", {"message_id": "M"}),
    ("get_pinned", {"conversation_id": "C"}),
    ("add_reaction", {"message_id": "M", "emoji": "+1"}),
    ("remove_reaction", {"message_id": "M", "emoji": "+1"}),
    ("get_reactions", {"message_id": "M"}),
    ("mark_read", {"conversation_id": "C", "message_id": "M"}),
    ("mark_read", {"conversation_id": "OWN", "message_id": "M"}),
    ("mark_delivered", {"conversation_id": "C", "message_id": "M"}),
    ("mark_unread", {"conversation_id": "C"}),
    ("report_message", {"message_id": "M", "reason": "spam"}),
]


def test_every_request_that_names_them_is_tried() -> None:
    """A new request about a conversation or a message has to stand in the list."""
    named = {
        type_of(kind)
        for kind in REQUESTS.values()
        if {"conversation_id", "message_id"} & set(kind.__struct_fields__)
    }
    assert named | {"get_conversation_info"} == {type_ for type_, _ in ABOUT}


@pytest.mark.parametrize("outsider", ["stranger", "removed", "left"])
async def test_an_outsider_learns_nothing(guests: Town, outsider: str) -> None:
    """Each request is answered as if there were no such conversation or message."""
    alice, eve = await guests.online("alice", "eve")
    id_ = await group(alice, eve) if outsider != "stranger" else await group(alice)
    message = await say(alice, id_, "x")
    if outsider == "removed":
        await alice.do("remove_member", conversation_id=id_, username=eve.username)
    if outsider == "left":
        await eve.do("leave_conversation", conversation_id=id_)
    own = await group(eve)
    names = {
        "ME": eve.username, "ALICE": alice.username, "OWN": own,
        "THEIRS": (await say(eve, own, "y"))["id"],
    }  # fmt: skip
    await alice.quiet()
    before = len(alice.received)
    for type_, fields in ABOUT:
        there = await _asked(eve, type_, fields, {**names, "C": id_, "M": message["id"]})
        nowhere = await _asked(eve, type_, fields, {**names, "C": NOWHERE, "M": NOWHERE})
        assert there == nowhere
        assert there[0] == "not_found"
    assert [each["id"] for each in await eve.do("get_conversations")] == [own]
    assert (await eve.do("search_messages", query="x"))["messages"] == []
    assert await heard(alice, before) == []


async def _asked(
    asker: Socket, type_: str, fields: dict[str, Any], names: dict[str, Any]
) -> tuple[str, str, str | None]:
    """How a request is refused, the ids in the text left out."""
    filled = {key: _fill(value, names) for key, value in fields.items()}
    reply = await asker.ask(type_, **filled)
    assert reply["success"] is False, (type_, filled, reply)
    return reply["code"], re.sub(r"\b\d+\b", "…", reply["error"]), reply.get("field")


def _fill(value: Any, names: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_fill(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


async def test_the_documents_error_for_a_conversation_one_is_not_in(guests: Town) -> None:
    """In its words, with the asker's name and the id."""
    alice, eve = await guests.online("alice", "eve")
    id_ = await group(alice)
    for type_, field in (
        ("send_message", "conversation_id"),
        ("get_messages", "conversation_id"),
        ("get_conversation_info", "id"),
    ):
        fields = {"content": "x"} if type_ == "send_message" else {}
        reply = await eve.ask(type_, **{field: id_}, **fields)
        text = f"{eve.username} is not part of any conversation with {id_} id"
        assert (reply["error"], reply["code"], reply["field"]) == (text, "not_found", field)
