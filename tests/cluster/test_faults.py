"""What may befall PostgreSQL: it is told clearly, /ready says so, and all comes back by itself."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.cluster.conftest import migrate
from tests.guarantees.waiting import eventually
from tests.support.client import Frame, Socket, Town, town
from tests.support.nodes import Node, nodes
from tests.support.postgres import Cluster, Postgres

pytestmark = pytest.mark.process

BACK_SECONDS = 20.0  # of which most is how busy the machine is
LINES = 120  # that a node may log in one of these tests

SPELLS = (  # what each room says of it, once
    ("housekeeping has to wait", "housekeeping goes on"),
    ("the database cannot be read", "the database can be read again"),
    ("the search index cannot be filled", "the search index is filled again"),
    ("the other nodes are not reached", "the other nodes are reached again"),
)


class House:
    """Alice at one node and Bob at another, in a conversation, on a PostgreSQL that may break."""

    def __init__(self, found: list[Node], people: Town, mortal: Cluster, where: str) -> None:
        self.nodes = found
        self.people = people
        self.mortal = mortal
        self.name = Postgres.name(where)
        self.sent: list[str] = []

    async def settle(self) -> None:
        """Let them come, and say something."""
        self.alice, self.bob = await self.people.online("alice", "bob")
        await self.bob.close()
        self.people.people[1].url = self.nodes[1].url
        self.bob = await self.people.people[1].connect("")
        made = await self.alice.do("create_conversation", members=["bob"], kind="direct")
        self.id = made["id"]
        await self.say("before")
        await self.bob.next("send_message")
        self.cursor = self.bob.cursor

    def do(self, *statements: str) -> None:
        """Run statements as who may do all, each by itself."""
        with psycopg.connect(self.mortal.admin, autocommit=True) as db:
            for each in statements:
                db.execute(each.encode())

    async def is_read_only(self) -> bool:
        """Whether whoever connects now may only read."""
        with psycopg.connect(self.mortal.admin, autocommit=True) as db:
            return db.execute("SHOW default_transaction_read_only").fetchone() == ("on",)

    def disconnect(self) -> None:
        """End all connections of the nodes."""
        self.do(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'"
        )

    async def try_to_say(self, text: str, by: Socket | None = None) -> Frame:
        """Send a message under its text; gives the answer."""
        return await (by or self.alice).ask(
            "send_message", conversation_id=self.id, content=text, client_id=text[:40]
        )

    async def say(self, text: str) -> None:
        """Send a message that is taken."""
        answer = await self.try_to_say(text)
        assert answer["success"], answer
        self.sent.append(text)

    async def is_refused(self, text: str = "failed") -> None:
        """Writes are told to be unavailable, and both nodes say that they are not ready."""
        sockets = (self.alice, self.bob)
        answers = await asyncio.gather(*(self.try_to_say(text, each) for each in sockets))
        assert [each.get("code") for each in answers] == ["unavailable"] * 2, answers
        assert await self.readiness() == [503, 503]

    async def readiness(self) -> list[int]:
        """What /ready says at each."""

        async def status(node: Node) -> int:
            async with self.people.http.get(f"{node.url}/ready") as answer:
                return answer.status

        return await asyncio.gather(*map(status, self.nodes))

    async def texts(self, socket: Socket) -> list[str]:
        """The newest of the conversation as they are read, oldest first."""
        page = await socket.do("get_messages", conversation_id=self.id, limit=50)
        return [each["content"] for each in reversed(page["messages"])]

    async def is_well_again(self) -> None:
        """What was refused is taken, by the same names; all is there once, in order, for all."""

        async def ready() -> bool:
            return await self.readiness() == [200, 200]

        await eventually(ready, within=BACK_SECONDS)
        for text in ("failed", "after"):
            await self.say(text)
        await self.bob.wait_for(lambda frame: _content(frame) == "after")
        for each in (self.alice, self.bob):
            assert await self.texts(each) == self.sent[-50:]
            assert each.closed is None, "no socket is lost to it"
        assert [each for each in map(_content, self.bob.received) if each] == self.sent
        self.people.people[1].url = self.nodes[0].url
        phone = await self.people.people[1].connect(self.cursor)
        await phone.wait_for(lambda frame: frame["type"] == "resumed")
        assert [each for each in map(_content, phone.received) if each] == self.sent[1:]
        for node in self.nodes:
            for word in ("Traceback", "ignored", "Warning"):
                assert word not in node.output
            assert len(node.output.splitlines()) < LINES


def _content(frame: Frame) -> Any:
    """What a message says that was taken."""
    return (
        frame["data"]["content"] if frame["type"] == "send_message" and frame["success"] else None
    )


@pytest.fixture
async def house(tmp_path: Path, mortal: Cluster) -> AsyncIterator[House]:
    """Two nodes on a PostgreSQL of their own."""
    with contextlib.closing(Postgres(mortal.admin, "parley")) as databases:
        where = databases.create()
    migrate(where)
    async with (
        nodes(tmp_path, where, 2, RATE_LIMIT="0") as found,
        town(found[0].url) as people,
    ):
        house = House(found, people, mortal, where)
        await house.settle()
        yield house


async def test_postgres_that_is_gone_for_long(house: House) -> None:
    """Longer than anybody waits for an answer."""
    house.mortal.kill()
    await house.is_refused()
    assert (await house.bob.ask("get_conversations"))["code"] == "unavailable"
    house.mortal.start()
    await house.is_well_again()
    for node in house.nodes:
        for begun, over in SPELLS:

            async def is_over() -> bool:
                return node.output.count(begun) == node.output.count(over)  # noqa: B023

            await eventually(is_over)
            assert node.output.count(begun) <= 1
        assert SPELLS[0][0] in node.output


async def test_too_many_connections(house: House) -> None:
    """Others have taken nearly all of them, and then all."""
    house.do(f"ALTER DATABASE {house.name} CONNECTION LIMIT 1")
    house.disconnect()
    await house.try_to_say("failed")  # by whoever has the one that is left
    house.do(f"ALTER DATABASE {house.name} CONNECTION LIMIT 0")
    house.disconnect()
    await house.is_refused()
    house.do(f"ALTER DATABASE {house.name} CONNECTION LIMIT -1")
    await house.is_well_again()


async def test_a_database_that_takes_no_writes(house: House) -> None:
    """As when whoever runs it has made it read-only, say because its disk is nearly full."""
    house.do("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    await eventually(house.is_read_only)
    await house.is_refused()
    assert await house.texts(house.bob) == ["before"]
    house.do(
        "SET default_transaction_read_only = off",
        "ALTER SYSTEM RESET default_transaction_read_only",
        "SELECT pg_reload_conf()",
    )
    await house.is_well_again()


async def test_a_full_disk(house: House) -> None:
    """Its tables may not grow: what there is room for is taken, and then no more."""
    with house.mortal.full():
        is_full = False
        while not is_full:
            texts = [f"{number} {secrets.token_hex(1990)}" for number in range(25)]
            answers = await asyncio.gather(*map(house.try_to_say, texts))
            is_full = not all(each["success"] for each in answers)
            taken = zip(texts, answers, strict=True)
            house.sent += [text for text, answer in taken if answer["success"]]
        await house.is_refused(f"{secrets.token_hex(1990)}")
        assert await house.texts(house.bob) == house.sent[-50:]
    await house.is_well_again()
