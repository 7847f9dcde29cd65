"""ping, self and help."""

import json
import re

from backend.protocol.events import REQUESTS
from backend.reference.structs import pushed
from tests.support.acts import direct, refused, say
from tests.support.client import Town


async def test_ping_answers_pong_with_the_current_cursor(guests: Town) -> None:
    """The document's `pong`, and a cursor and position that follow what happened."""
    alice, bob = await guests.online("alice", "bob")
    before = await alice.ask("ping")
    assert before["data"] == "pong"
    message = await say(bob, await direct(bob, alice), "hi")
    push = await alice.wait_for(lambda frame: frame["data"] == message)
    after = await alice.ask("ping")
    assert after["at"] >= push["at"] > before["at"]
    assert after["cursor"].split("-")[1] == str(after["at"])


async def test_a_reply_echoes_the_ref(guests: Town) -> None:
    """A string or an integer comes back as it was; without one there is none."""
    (alice,) = await guests.online("alice")
    for ref in ("", "x" * 64, 0, -7, 2**53 - 1):
        await alice.send({"type": "ping", "ref": ref})
        reply = await alice.wait_for(lambda frame, ref=ref: frame.get("ref") == ref)  # type: ignore[misc]
        assert type(reply["ref"]) is type(ref)
    await alice.send({"type": "ping"})
    await alice.wait_for(lambda frame: frame["type"] == "ping" and "ref" not in frame)


async def test_self_tells_about_the_connected_user(guests: Town) -> None:
    """With what only they see: email, hide_presence, updated_at."""
    (alice,) = await guests.online("alice")
    data = await alice.do("self")
    assert data["username"] == alice.username
    assert data["fullname"] == alice.username.title()
    assert data["is_online"] is True
    assert data["email"] is None
    assert data["hide_presence"] is False
    assert data["created_at"] <= data["updated_at"]


async def test_help_lists_every_event_with_a_line(guests: Town) -> None:
    """And the limits of this server."""
    (alice,) = await guests.online("alice")
    data = await alice.do("help")
    assert data["types"].keys() == REQUESTS.keys()
    assert all(data["types"].values())
    assert data["limits"]["MAX_MESSAGE_LENGTH"] == 4000
    assert data["fields"] is None


async def test_help_describes_one_event(guests: Town) -> None:
    """Its fields, their types and limits."""
    (alice,) = await guests.online("alice")
    fields = (await alice.do("help", event="send_message"))["fields"]
    conversation = {"conversation_id", "conversation_client_id"}
    assert fields.keys() == {"content", "files", "reply_id", "client_id"} | conversation
    assert "4000" in fields["content"]["limit"]
    assert fields["reply_id"]["required"] is False
    topic = (await alice.do("help", event="set_topic"))["fields"]
    assert topic["conversation_id"]["required"] is True


async def test_help_knows_every_event_and_no_other(guests: Town) -> None:
    """Each type can be asked for; another is not_found."""
    (alice,) = await guests.online("alice")
    for type_ in REQUESTS:
        assert (await alice.do("help", event=type_))["types"].keys() == {type_}
    code, text, field = await refused(alice, "help", event="dance")
    assert (code, field) == ("not_found", "event")
    assert "dance" in text


async def test_help_tells_everything_at_once(guests: Town) -> None:
    """Which requests change something, and the JSON Schema of all that is asked and told."""
    (alice,) = await guests.online("alice")
    data = await alice.do("help", schemas=True)
    assert "send_message" in data["writes"]
    assert not {"get_messages", "ping", "typing"} & set(data["writes"])
    assert data["schemas"]["SendMessage"]["properties"]["type"] == {"enum": ["send_message"]}
    assert data["replies"].keys() == data["types"].keys()
    assert data["pushes"].keys() == pushed().keys()
    message = {"$ref": "#/schemas/Message"}
    assert data["replies"]["forward_message"] == data["pushes"]["send_message"] == message
    status = data["schemas"]["ResumeData"]["properties"]["status"]
    assert status == {"enum": ["ok", "reset", "start"]}
    refs = set(re.findall(r"#/schemas/(\w+)", json.dumps(data)))
    assert refs <= data["schemas"].keys()


async def test_help_tells_the_schemas_of_one_event(guests: Town) -> None:
    """Of what it asks, what it answers and what it pushes; without being asked, none."""
    (alice,) = await guests.online("alice")
    one = await alice.do("help", event="mark_read", schemas=True)
    assert one["writes"] == ["mark_read"]
    assert one["replies"] == one["pushes"] == {"mark_read": {"$ref": "#/schemas/MarkData"}}
    assert one["schemas"].keys() == {"MarkRead", "MarkData", "ConversationMe"}
    assert (await alice.do("help", event="ping", schemas=True))["pushes"] == {}
    plain = await alice.do("help")
    assert plain["schemas"] is plain["replies"] is plain["pushes"] is None
