"""Faults that are planned: one's own requests are refused, so often, and nobody else's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.acts import group, say
from tests.support.client import Person, Town, town
from tests.support.server import Server


@pytest.fixture
async def people(tmp_path: Path) -> AsyncIterator[Town]:
    """People on a server where faults can be planned."""
    server = Server(tmp_path, {"DEV": "1"})
    await server.start()
    async with town(server.url) as here:
        yield here
    await server.stop()


async def plan(person: Person, **fields: str) -> tuple[int, str]:
    """Ask for faults; gives the status and the text."""
    url = f"{person.url}/dev/faults"
    async with person.http.post(url, json=fields, headers=person.headers) as answer:
        return answer.status, await answer.text()


@pytest.mark.process
async def test_the_next_requests_are_refused(people: Town) -> None:
    """As many as are asked for, of a type if one is named; then it is as ever."""
    alice, bob = await people.online("alice", "bob")
    room = await group(alice, bob)
    told = await plan(people.people[0], code="unavailable", times="2", type="send_message")
    assert told == (200, "the next 2 are refused with unavailable")
    codes = []
    for _ in range(3):
        assert (await alice.ask("self"))["success"]
        reply = await alice.ask("send_message", conversation_id=room, content="Hello")
        codes.append(reply.get("code"))
    assert codes == ["unavailable", "unavailable", None]
    await say(bob, room, "Nobody refused me")


@pytest.mark.process
async def test_a_fault_of_the_servers_is_told_as_one(people: Town) -> None:
    """With internal_error there is a reference; neighbours in the same batch are carried out."""
    alice, bob = await people.online("alice", "bob")
    room = await group(alice, bob)
    await plan(people.people[0], code="internal_error")
    await bob.send({"type": "send_message", "conversation_id": room, "content": "beside", "ref": 1})
    reply = await alice.ask("send_message", conversation_id=room, content="Hello")
    assert (reply["code"], "reference" in reply["error"]) == ("internal_error", True)
    assert (await bob.wait_for(lambda frame: frame.get("ref") == 1))["success"]
    assert (await alice.ask("send_message", conversation_id=room, content="Hello"))["success"]


@pytest.mark.process
async def test_what_cannot_be_planned_is_refused(people: Town) -> None:
    """No such code, no number, too many; and nobody plans for somebody else."""
    alice = await people.person("alice")
    assert await plan(alice, code="bad_luck") == (400, "code should be one of an error")
    for times in ("many", "-1", "1001", "99999"):
        assert (await plan(alice, code="conflict", times=times))[0] == 400
    alice.token = ""
    assert (await plan(alice, code="conflict"))[0] == 401


async def test_without_dev_there_are_none(guests: Town) -> None:
    """There is no such path."""
    alice = await guests.person("alice")
    assert (await plan(alice, code="unavailable"))[0] == 404
