"""`demo`: something for a newcomer to look at."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.client import Person, Town, town
from tests.support.server import Server

pytestmark = pytest.mark.process


async def log_in(people: Town, username: str) -> Any:
    """A socket of somebody of the demo."""
    person = Person(people.http, people.url, username)
    await person.login()
    people.people.append(person)
    return await person.connect()


async def test_an_empty_database_is_filled_and_told_about(tmp_path: Path) -> None:
    """It needs nothing before, tells names and passwords, and what to type first."""
    server = Server(tmp_path)
    code, output = await server.command("demo")
    assert code == 0, output
    for word in ("alice", "bob", "charlie", "diana", "'correct horse'", "wscat -c ws://"):
        assert word in output
    assert re.search(r"^  \{\"type\": \"get_conversations\"}$", output, re.MULTILINE)
    assert await server.command("check") == (0, f"{server.where} is in order\n")


async def test_what_there_is_to_see(server: Server, people: Town) -> None:
    """A running server shows all kinds of conversations, and of what can be in them."""
    code, output = await server.command("demo")
    assert code == 0, output
    alice = await log_in(people, "alice")
    assert (await alice.do("get_contacts"))["contacts"] == ["bob", "charlie", "diana"]
    listed = await alice.do("get_conversations")
    assert sorted(each["kind"] for each in listed) == ["direct", "direct", "group", "group"]
    sent = [each["last_message"]["sent_at"] for each in listed]
    assert sent == sorted(sent, reverse=True)
    assert sent[0] - sent[-1] > 3 * 86400
    assert sum(each["me"]["unread_count"] for each in listed) > 2
    assert sum(each["me"]["mention_count"] for each in listed) == 1
    messages = []
    for each in listed:
        found = await alice.do("get_messages", conversation_id=each["id"])
        messages += found["messages"]
    assert any(each["quote"] for each in messages)
    assert any(each["reactions"] for each in messages)
    assert any(each["edited_at"] for each in messages)
    assert any(each["pinned"] for each in messages)
    in_order = sorted(messages, key=lambda each: each["id"])
    assert in_order == sorted(in_order, key=lambda each: each["sent_at"])


async def test_a_database_in_use_is_left_alone(server: Server) -> None:
    """Where anybody is, nothing is added."""
    async with town(server.url) as people:
        await people.person("zoe")
        code, output = await server.command("demo")
        assert code == 1
        assert output.endswith("is in use by people; 'demo' is for an empty database\n")
        (told,) = (await server.do("admin", "users")).splitlines()
        assert told.split("\t")[:4] == ["1", "zoe", "enabled", "Zoe"]
