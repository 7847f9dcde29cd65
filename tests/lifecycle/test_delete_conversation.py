"""The end of a conversation by the operator's hand, beside a running server."""

from backend.protocol.events import REQUESTS
from backend.store.deleted_conversations import ABOUT
from tests.support.client import Town
from tests.support.looking import query
from tests.support.server import Server

SOON = 1.5  # within a second, and what a busy machine takes


async def test_a_deleted_conversation_is_gone_for_everybody(server: Server, people: Town) -> None:
    """Who is there is told at once, who comes back by resuming; others learn nothing."""
    alice, bob, outsider = await people.online("alice", "bob", "carol")
    away = await people.people[1].connect("")
    await away.next("resumed")
    made = await alice.do("create_conversation", members=["bob"], name="plans")
    other = await alice.do("create_conversation", members=["carol"])
    await bob.do("send_message", conversation_id=made["id"], content="xyzzy")
    await away.wait_for(lambda frame: "xyzzy" in str(frame))
    cursor = away.cursor
    await away.close()
    before = len(await outsider.quiet())

    output = await server.do("admin", "delete-conversation", str(made["id"]))
    assert output == f"deleted conversation {made['id']}, which had 2 members\n"
    for socket, username in ((alice, "alice"), (bob, "bob")):
        told = await socket.next("remove_member", within=SOON)
        expected = {"conversation_id": made["id"], "username": username, "by": ""}
        assert told["data"] == {**expected, "member_count": 0}
        listed = await socket.do("get_conversations")
        assert made["id"] not in [each["id"] for each in listed]
        reply = await socket.ask("send_message", conversation_id=made["id"], content="still?")
        assert reply["code"] == "not_found"
    assert len(await outsider.quiet()) == before
    await alice.do("send_message", conversation_id=other["id"], content="we go on")
    again = await people.people[1].connect(cursor)
    await again.next("resumed")
    assert [each["type"] for each in again.received] == ["resume", "remove_member", "resumed"]
    code, output = await server.command("check")
    assert code == 0, output


async def test_nothing_of_a_deleted_conversation_is_replayed(server: Server, people: Town) -> None:
    """Who resumes from before it began gets nothing of what was said, reacted or named."""
    alice, bob = await people.online("alice", "bob")
    start = (await (await people.people[1].connect("")).next("resume"))["data"]["cursor"]
    made = await alice.do("create_conversation", members=["bob"], name="xyzzy plans")
    sent = await alice.do("send_message", conversation_id=made["id"], content="xyzzy @bob")
    await bob.do("add_reaction", message_id=sent["id"], emoji="👍")
    await alice.do("pin_message", message_id=sent["id"])
    await bob.do("mark_read", conversation_id=made["id"], message_id=sent["id"])
    await alice.do("set_topic", conversation_id=made["id"], topic="xyzzy")
    found = await alice.do("search_messages", query="xyzzy")
    assert isinstance(found["messages"], list)
    await server.do("admin", "delete-conversation", str(made["id"]))
    again = await people.people[1].connect(start)
    await again.next("resumed")
    assert "xyzzy" not in str(again.received)
    for table in ("mentions", "reactions", "marks"):
        assert query(server, f"SELECT count(*) FROM {table}") == [(0,)]
    blank = "SELECT seq, content, mentions, pinned_at, action, subjects FROM messages ORDER BY id"
    nothing = (None,) * 5
    assert query(server, blank) == [(0, *nothing), (1, *nothing)]


def test_what_is_told_to_one_alone_about_a_conversation_goes_with_it() -> None:
    """Every push to one's own sockets that names a conversation is looked for."""
    told = {
        name
        for name, kind in REQUESTS.items()
        if "your sockets" in kind.GOES_TO
        and "conversation_id" in getattr(kind.DATA, "__struct_fields__", ())
    }
    assert told | {"create_conversation"} == ABOUT.keys()


async def test_a_direct_conversation_can_begin_anew(server: Server, people: Town) -> None:
    """The pair whose conversation was deleted gets another one."""
    alice, _ = await people.online("alice", "bob")
    first = await alice.do("create_conversation", members=["bob"], kind="direct")
    await server.do("admin", "delete-conversation", str(first["id"]))
    second = await alice.ask("create_conversation", members=["bob"], kind="direct")
    assert second["status"] == "created"
    assert second["data"]["id"] != first["id"]


async def test_a_conversation_that_is_not(shared: Server) -> None:
    """It is said in one line."""
    code, output = await shared.command("admin", "delete-conversation", "4711")
    assert (code, output) == (1, "parley: there is no conversation 4711\n")
