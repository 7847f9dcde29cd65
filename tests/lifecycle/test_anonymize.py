"""The name of an account that was deleted, in what is told afterwards."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.client import PASSWORD, Person, Socket, Town, town
from tests.support.looking import holders, query, until
from tests.support.server import Server

pytestmark = pytest.mark.process

NAME = "Zaphod.B"
BIO = "two heads, three arms"


async def delete(person: Person) -> None:
    """Delete the account."""
    body, url = {"password": PASSWORD}, f"{person.url}/auth/delete"
    async with person.http.post(url, json=body, headers=person.headers) as answer:
        assert answer.status == 200, await answer.text()


async def erased(server: Server) -> None:
    """Wait until no name is waiting to be taken out."""
    await until(lambda: query(server, "SELECT count(*) FROM erasures") == [(0,)])


async def leave_traces(zaphod: Socket, ford: Socket) -> tuple[int, int]:
    """Do with one account, and about it, whatever puts its name into the log."""
    await zaphod.do("update_profile", bio=BIO, fullname=f"{NAME} Beeblebrox")
    await ford.do("add_contact", contact_username=NAME)
    await zaphod.do("remove_contact", contact_username="ford")
    await zaphod.do("add_contact", contact_username="ford")
    await ford.do("block_user", username=NAME)
    await ford.do("unblock_user", username=NAME)
    direct = (await ford.do("create_conversation", kind="direct", members=[NAME]))["id"]
    await zaphod.do("send_message", conversation_id=direct, content="hello ford")
    group = (await zaphod.do("create_conversation", members=["ford"]))["id"]
    await zaphod.do("add_members", conversation_id=group, usernames=["arthur", "trillian"])
    await zaphod.do("remove_member", conversation_id=group, username="trillian")
    sent = await ford.do("send_message", conversation_id=group, content=f"hey @{NAME}")
    await zaphod.do("mark_read", conversation_id=group, message_id=sent["id"])
    await zaphod.do("add_reaction", message_id=sent["id"], emoji="👍")
    await zaphod.do("remove_reaction", message_id=sent["id"], emoji="👍")
    await zaphod.do("pin_message", message_id=sent["id"])
    await zaphod.do("rename_conversation", conversation_id=group, name="the ship")
    await zaphod.do("set_role", conversation_id=group, username="ford", role="owner")
    await ford.do("remove_member", conversation_id=group, username=NAME)
    await ford.do("add_members", conversation_id=group, usernames=[NAME])
    return direct, group


async def replayed(person: Person, cursor: str) -> str:
    """What somebody gets who resumes from a cursor, but for what was written by people."""
    socket = await person.connect(cursor)
    assert (await socket.next("resume"))["data"]["status"] == "ok"
    await socket.next("resumed")
    return without_free_text(socket.received)


def without_free_text(frames: list[dict[str, Any]]) -> str:
    """The frames as text, but for what somebody wrote themselves."""
    for frame in frames:
        data = frame.get("data")
        if isinstance(data, dict) and data.get("kind") == "text":
            data["content"] = ""
    return json.dumps(frames, ensure_ascii=False).casefold()


async def test_nothing_replayed_carries_the_name_of_a_deleted_account(
    server: Server, people: Town
) -> None:
    """Who resumes from before learns that somebody was there, and no longer who."""
    ford, _, _ = await people.online("ford", "arthur", "trillian")
    (zaphod,) = await people.online(NAME)
    watchers = people.people[:3]
    cursors = [(await (await person.connect("")).next("resume"))["data"] for person in watchers]
    direct, group = await leave_traces(zaphod, ford)
    user_id = (await zaphod.do("self"))["id"]
    for person, start in zip(watchers, cursors, strict=True):
        assert NAME.casefold() in await replayed(person, start["cursor"])

    await delete(people.people[3])
    await erased(server)
    for person, start in zip(watchers, cursors, strict=True):
        text = await replayed(person, start["cursor"])
        assert NAME.casefold() not in text
        assert BIO not in text
        assert f"deleted-{user_id}" in text
    await sees_a_deleted_user(watchers[0], direct, group, user_id)


async def sees_a_deleted_user(ford: Person, direct: int, group: int, user_id: int) -> None:
    """What is read afterwards agrees with what was replayed."""
    socket = await ford.connect()
    found = await socket.do("get_messages", conversation_id=direct)
    assert [each["content"] for each in found["messages"]] == ["hello ford"]
    assert found["messages"][0]["sender_username"] == f"deleted-{user_id}"
    assert found["messages"][0]["sender_fullname"] == "deleted user"
    shown = f"deleted-{user_id}"
    said = (await socket.do("get_messages", conversation_id=group))["messages"]
    texts = [each["content"] for each in reversed(said) if each["kind"] == "system"]
    assert texts == [
        f"{shown} created the conversation with ford",
        f"{shown} added arthur, trillian",
        f"{shown} removed trillian",
        f"{shown} named the conversation the ship",
        f"{shown} made ford the owner",
        f"ford removed {shown}",
        f"ford added {shown}",
        f"{shown} left",
    ]
    assert all(each["mentions"] == [] for each in said)
    everything = without_free_text([{"data": each} for each in said])
    assert NAME.casefold() not in everything


async def test_a_made_name_is_made_anew_and_told(server: Server, people: Town) -> None:
    """A conversation named after its members is renamed in the table, the log and live."""
    ford, zaphod, arthur = await people.online("ford", NAME, "arthur")
    made = await ford.do("create_conversation", members=[NAME, "arthur"])
    user_id = (await zaphod.do("self"))["id"]
    await delete(people.people[1])
    expected = f"ford, deleted-{user_id}, arthur"
    told = await arthur.next("rename_conversation")
    assert told["data"] == {"conversation_id": made["id"], "name": expected, "named": False}
    assert (await ford.do("get_conversation_info", id=made["id"]))["name"] == expected


@pytest.fixture
async def eager(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that is purged often and lets one send fast."""
    server = Server(tmp_path, {"PURGE_INTERVAL": "0.5", "RATE_LIMIT": "0"})
    await server.start()
    yield server
    await server.stop()


async def test_an_erasure_survives_a_crash(eager: Server) -> None:
    """What a killed server had not done yet, the next one does."""
    async with town(eager.url) as people:
        ford, zaphod = await people.online("ford", NAME)
        id_ = (await ford.do("create_conversation", members=[NAME]))["id"]
        for number in range(1200):
            message = {"type": "send_message", "conversation_id": id_, "content": str(number)}
            await zaphod.send(message)
        await zaphod.quiet()
        await delete(people.people[1])
        await eager.kill()
        assert query(eager, "SELECT count(*) FROM erasures") == [(1,)]
        await eager.start()
        await erased(eager)
    named = "SELECT count(*) FROM log WHERE instr(lower(CAST(body AS TEXT)), ?)"
    assert query(eager, named, NAME.casefold()) == [(0,)]


async def test_the_name_leaves_the_files(eager: Server) -> None:
    """After the next purge only the key that keeps the name from being given out is left."""
    async with town(eager.url) as people:
        ford, zaphod = await people.online("ford", NAME)
        made = await zaphod.do("create_conversation", members=["ford"])
        await ford.do("add_contact", contact_username=NAME)
        await zaphod.do("send_message", conversation_id=made["id"], content="hello")
        assert holders(eager, NAME)
        await delete(people.people[1])
        await until(lambda: not holders(eager, NAME), within=20)
