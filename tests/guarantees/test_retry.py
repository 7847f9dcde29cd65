"""A retry is not a second message."""

import asyncio
import contextlib

from backend.store.engine.connection import open_database
from tests.guarantees.conftest import Serve
from tests.guarantees.device import Device
from tests.guarantees.waiting import eventually
from tests.support.client import Frame, Socket, Town


async def pair(people: Town) -> tuple[Socket, Socket, int]:
    """Alice and Bob in a group of Alice's."""
    alice, bob = await people.online("alice", "bob")
    id_ = (await alice.do("create_conversation", members=["bob"]))["id"]
    await bob.next("create_conversation")
    return alice, bob, id_


def messages(socket: Socket) -> list[Frame]:
    """What a socket has got of what people wrote."""
    told = socket.of_type("send_message")
    return [frame for frame in told if frame["data"]["kind"] == "text"]


async def test_the_same_client_id_is_one_message(serve: Serve) -> None:
    """Sent again, a message is answered as it is now, and nobody is sent it twice."""
    _, people = await serve()
    alice, bob, id_ = await pair(people)
    fields = {"conversation_id": id_, "content": "hi", "client_id": "c1"}
    first = await alice.ask("send_message", **fields)
    await alice.do("edit_message", message_id=first["data"]["id"], content="hello")
    again = await alice.ask("send_message", **fields)
    assert again["duplicate"] is True
    assert (again["data"]["id"], again["data"]["content"]) == (first["data"]["id"], "hello")
    assert "cursor" not in again
    await bob.quiet()
    assert len(messages(bob)) == 1
    assert len(messages(alice)) == 2


async def test_twice_in_one_batch_is_one_message(serve: Serve) -> None:
    """Requests that arrive in one packet, and so are committed together, are told apart as well."""
    _, people = await serve()
    alice, bob, id_ = await pair(people)
    fields = {"conversation_id": id_, "content": "hi", "client_id": "c1"}
    replies = await asyncio.gather(*(alice.ask("send_message", **fields) for _ in range(20)))
    assert len({reply["data"]["id"] for reply in replies}) == 1
    assert [reply.get("duplicate", False) for reply in replies] == [False] + [True] * 19
    await bob.quiet()
    assert len(messages(bob)) == 1


async def test_a_retry_may_come_from_another_device(serve: Serve) -> None:
    """A `client_id` belongs to the sender, not to the socket; another sender's is another."""
    _, people = await serve()
    alice, bob, id_ = await pair(people)
    phone = await people.people[0].connect()
    fields = {"conversation_id": id_, "content": "hi", "client_id": "c1"}
    first = await alice.ask("send_message", **fields)
    again = await phone.ask("send_message", **fields)
    other = await bob.ask("send_message", **fields)
    assert (again["duplicate"], again["data"]["id"]) == (True, first["data"]["id"])
    assert "duplicate" not in other
    assert other["data"]["id"] != first["data"]["id"]


async def test_a_retry_after_being_removed_is_answered(serve: Serve) -> None:
    """Who was removed since learns that the message was sent; a new one is refused."""
    _, people = await serve()
    alice, bob, id_ = await pair(people)
    fields = {"conversation_id": id_, "content": "hi"}
    first = await bob.ask("send_message", client_id="c1", **fields)
    await alice.do("remove_member", conversation_id=id_, username="bob")
    again = await bob.ask("send_message", client_id="c1", **fields)
    assert (again["duplicate"], again["data"]["id"]) == (True, first["data"]["id"])
    refused = await bob.ask("send_message", client_id="c2", **fields)
    assert refused["code"] == "not_found"


async def test_a_client_id_used_elsewhere_is_a_conflict(serve: Serve) -> None:
    """The same `client_id` in another conversation is a mistake of the client's, and told so."""
    _, people = await serve()
    alice, _, id_ = await pair(people)
    other = (await alice.do("create_conversation", members=[]))["id"]
    await alice.do("send_message", conversation_id=id_, content="hi", client_id="c1")
    refused = await alice.ask("send_message", conversation_id=other, content="hi", client_id="c1")
    assert (refused["code"], refused["field"]) == ("conflict", "client_id")


async def test_a_refused_message_leaves_its_client_id_free(serve: Serve) -> None:
    """A send that failed was not sent: the same `client_id` may try again."""
    _, people = await serve()
    alice, bob, id_ = await pair(people)
    await alice.do("remove_member", conversation_id=id_, username="bob")
    fields = {"conversation_id": id_, "content": "hi", "client_id": "c1"}
    assert (await bob.ask("send_message", **fields))["code"] == "not_found"
    await alice.do("add_members", conversation_id=id_, usernames=["bob"])
    assert "duplicate" not in await bob.ask("send_message", **fields)


async def test_a_conversation_is_created_once(serve: Serve) -> None:
    """`create_conversation` with the same `client_id` finds what it made before."""
    _, people = await serve()
    alice, bob = await people.online("alice", "bob")
    fields = {"members": ["bob"], "name": "Trip", "client_id": "c1"}
    replies = await asyncio.gather(*(alice.ask("create_conversation", **fields) for _ in range(5)))
    assert len({reply["data"]["id"] for reply in replies}) == 1
    assert [reply["status"] for reply in replies] == ["created"] + ["exists"] * 4
    await bob.quiet()
    assert len(bob.of_type("create_conversation")) == 1


async def test_a_direct_conversation_is_one_also_when_both_begin(serve: Serve) -> None:
    """Two people who write to each other at the same moment find themselves in one conversation."""
    _, people = await serve()
    alice, bob = await people.online("alice", "bob")
    replies = await asyncio.gather(
        alice.ask("create_conversation", members=["bob"], kind="direct"),
        bob.ask("create_conversation", members=["alice"], kind="direct"),
    )
    assert replies[0]["data"]["id"] == replies[1]["data"]["id"]
    assert sorted(reply["status"] for reply in replies) == ["created", "exists"]


async def test_a_queue_that_begins_with_its_conversation_is_there_once(serve: Serve) -> None:
    """Created and written to in one go, and all of it again, also from another device."""
    _, people = await serve()
    alice, bob = await people.online("alice", "bob")
    phone = await people.people[0].connect()
    create: Frame = {"members": ["bob"], "client_id": "trip"}
    sends = [
        {"conversation_client_id": "trip", "content": text, "client_id": text}
        for text in ("one", "two")
    ]
    ids: set[int] = set()
    for socket in (alice, alice, phone):
        made, *sent = await asyncio.gather(
            socket.ask("create_conversation", **create),
            *(socket.ask("send_message", **fields) for fields in sends),
        )
        assert {reply["data"]["conversation_id"] for reply in sent} == {made["data"]["id"]}
        assert {reply.get("duplicate", False) for reply in (made, *sent)} == {len(ids) > 0}
        ids.add(made["data"]["id"])
    assert len(ids) == 1
    await bob.quiet()
    assert [frame["data"]["content"] for frame in messages(bob)] == ["one", "two"]
    assert len(bob.of_type("create_conversation")) == 1


async def test_two_who_begin_a_direct_conversation_offline_find_the_same(serve: Serve) -> None:
    """Each by a `client_id` of their own, on any of their devices."""
    _, people = await serve()
    alice, bob = await people.online("alice", "bob")
    tablet = await people.people[1].connect()
    ids = set()
    for socket, other, name in ((alice, "bob", "a"), (bob, "alice", "b"), (tablet, "alice", "t")):
        fields = {"members": [other], "kind": "direct", "client_id": name}
        for _ in range(2):
            ids.add((await socket.do("create_conversation", **fields))["id"])
        sent = await socket.do("send_message", conversation_client_id=name, content=name)
        ids.add(sent["conversation_id"])
    assert len(ids) == 1


async def test_a_direct_conversation_is_found_also_when_its_client_id_was_let_go(
    serve: Serve,
) -> None:
    """After 90 days a queue from long ago goes where it would have gone; a group's is kept."""
    server, people = await serve(PURGE_INTERVAL="0.1")
    alice, _ = await people.online("alice", "bob")
    direct: Frame = {"members": ["bob"], "kind": "direct"}
    id_ = (await alice.do("create_conversation", **direct, client_id="first"))["id"]
    await alice.do("create_conversation", **direct, client_id="found")
    group = (await alice.do("create_conversation", members=["bob"], client_id="group"))["id"]
    day = 86_400_000
    with contextlib.closing(open_database(server.database)) as db:
        sql = "UPDATE conversation_client_ids SET expires_at = expires_at - ? WHERE client_id = ?"
        with db.transaction():
            db.execute(sql, (89 * day, "first"))
            db.execute(sql, (90 * day, "found"))
            db.execute(sql, (90 * day, "group"))

    async def is_let_go() -> bool:
        return "code" in await alice.ask("get_conversation_info", client_id="found")

    await eventually(is_let_go)
    for name, known in (("first", id_), ("group", group)):
        assert (await alice.do("get_conversation_info", client_id=name))["id"] == known
    again = await alice.ask("create_conversation", **direct, client_id="found")
    assert (again["data"]["id"], again["status"], again.get("duplicate")) == (id_, "exists", None)
    sent = await alice.do("send_message", conversation_client_id="found", content="hi")
    assert sent["conversation_id"] == id_


async def test_a_conversation_is_named_by_its_creators_client_id_alone(serve: Serve) -> None:
    """To everybody else there is none, and to who has left there is none any more."""
    _, people = await serve()
    alice, bob = await people.online("alice", "bob")
    id_ = (await alice.do("create_conversation", members=["bob"], client_id="c1"))["id"]
    await alice.do("send_message", conversation_client_id="c1", content="hi")
    assert (await alice.do("get_conversation_info", client_id="c1"))["id"] == id_
    await alice.do("leave_conversation", conversation_id=id_)
    for socket, client_id in ((bob, "c1"), (bob, "nothing"), (alice, "nothing"), (alice, "c1")):
        fields = {"conversation_client_id": client_id, "content": "hi"}
        refused = await socket.ask("send_message", **fields)
        assert (refused["code"], refused["field"]) == ("not_found", "conversation_client_id")
        refused = await socket.ask("get_conversation_info", client_id=client_id)
        assert (refused["code"], refused["field"]) == ("not_found", "client_id")


async def test_a_killed_server_makes_no_second_conversation(serve: Serve) -> None:
    """The queue is cut anywhere, and sent whole again: one conversation, each message once."""
    server, people = await serve()
    person = await people.person("alice")
    for round_ in range(5):
        name = f"c{round_}"
        create: Frame = {"members": [], "name": name, "client_id": name}
        sends: list[Frame] = [
            {"conversation_client_id": name, "content": f"{number}", "client_id": f"{name}{number}"}
            for number in range(20)
        ]
        cut = await person.connect()
        await cut.send({"type": "create_conversation", **create})
        for fields in sends:
            await cut.send({"type": "send_message", **fields})
        await asyncio.sleep(0.002 * round_)  # another moment each time
        await server.kill()
        await server.start()
        again = await person.connect()
        made, *_ = await asyncio.gather(
            again.ask("create_conversation", **create),
            *(again.ask("send_message", **fields) for fields in sends),
        )
        page = await again.do("get_messages", conversation_id=made["data"]["id"])
        told = [each["content"] for each in page["messages"] if each["kind"] == "text"]
        assert told == [f"{number}" for number in reversed(range(20))]
    listed = await again.do("get_conversations")
    assert sorted(each["name"] for each in listed) == [f"c{number}" for number in range(5)]


async def test_a_retry_after_a_restart_is_the_same_message(serve: Serve) -> None:
    """A `client_id` is remembered in the database, for ever."""
    server, people = await serve()
    alice = Device(await people.person("alice"))
    await alice.connect()
    id_ = (await alice.do("create_conversation", members=[]))["id"]
    fields = {"conversation_id": id_, "content": "hi", "client_id": "c1"}
    first = await alice.do("send_message", **fields)
    await server.stop()
    await alice.drop()
    await server.start()
    await alice.connect()
    again = await alice.ask("send_message", **fields)
    assert (again["duplicate"], again["data"]["id"]) == (True, first["id"])
