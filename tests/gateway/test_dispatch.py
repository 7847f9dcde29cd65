"""From a frame to its handler, and to the one exit; time passes for the database when we say so."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import pytest

from backend.gateway.dispatch import Dispatch
from backend.gateway.hub import Hub
from backend.gateway.presence import Presence
from backend.gateway.rate_limit import RateLimiter
from backend.gateway.registry import Registry
from backend.gateway.sequencer import MAX_WRITES
from backend.handlers.base import Answer, Ephemeral, Instant, Read, Table, Write
from backend.peers import Peers
from backend.protocol.close_codes import CloseCode
from backend.protocol.codec import Codec
from backend.protocol.connection import Ping, Self
from backend.protocol.contacts import GetContacts
from backend.protocol.conversations import Typing, TypingData
from backend.protocol.errors import Code, Refused
from backend.protocol.messages import SendMessage
from backend.settings import Settings, limits_of
from backend.store import log
from backend.store.batch import Commit, Done, Outcome, Work, commit_batch
from backend.store.engine.batch import nothing
from backend.store.engine.db import Db, OpenDb
from backend.store.engine.rows import Asked
from backend.store.log import Audience
from backend.views.viewer import Viewer
from tests.gateway.memory import EPOCH, MemorySocket

T = TypeVar("T")
ALICE, BOB, ROOM = 1, 2, 7


def say(db: Db, me: Viewer, request: SendMessage) -> Answer:
    """A row for everybody, or whatever its content asks for."""
    if request.content == "again":
        return Answer("there already", extras={"duplicate": True})
    if request.content == "no":
        raise Refused(Code.FORBIDDEN, "no")
    if request.content == "fault":
        raise ZeroDivisionError
    body = json.dumps(request.content).encode()
    return Answer(log_id=log.append(db, Audience.CONVERSATION, ROOM, "send_message", body))


def refuse(db: Db, me: Viewer, request: GetContacts) -> Answer:
    """No."""
    raise Refused(Code.NOT_FOUND, "no")


def typing(db: Db, me: Viewer, request: Typing) -> Answer:
    """An ephemeral push to the others."""
    data = TypingData(conversation_id=ROOM, username="user1", active=True, expires_in_ms=1)
    return Answer("typing", ephemeral=Ephemeral(ROOM, "typing", data, True))


TABLE: Table = {
    Ping: Instant(lambda me, request: Answer("pong", with_cursor=True)),
    Self: Read(lambda db, me, request: Answer(log.head(db))),
    GetContacts: Read(refuse),
    Typing: Read(typing),
    SendMessage: Write(say),
}


class House:
    """A database that commits and reads when it is told to, and the sockets of alice and bob."""

    def __init__(self, db: OpenDb) -> None:
        self.db = db
        self.writer = self
        registry, peers = Registry(), Peers("one")
        presence = Presence(registry, 60, _noted, peers)
        self.hub = Hub(EPOCH, 0, registry, presence, peers)
        self.alice, self.bob = MemorySocket(ALICE), MemorySocket(BOB)
        for socket in (self.alice, self.bob):
            self.hub.join(socket, socket.subscriptions(ROOM))
        self.dispatch = Dispatch(Codec(limits_of(Settings())), TABLE, self, self.hub)
        self.may_read = asyncio.Event()
        self._writes: list[tuple[Work[Any], Done[Any]]] = []

    def submit(
        self, work: Work[T], done: Done[T], ahead: Callable[[], Iterable[Asked]] = nothing
    ) -> None:
        """Keep a write."""
        self._writes.append((work, done))

    async def read_for(self, user_id: int, work: Callable[[Db], T]) -> T:
        """Read when we may."""
        await self.may_read.wait()
        return work(self.db)

    def commit(self) -> None:
        """Commit what has been submitted, and deliver it."""
        writes, self._writes = self._writes, []
        self.hub.committed(commit_batch(self.db, writes, self.hub.position))

    def committed(self, work: Work[int]) -> Commit:
        """Commit something that is still to be delivered."""
        return commit_batch(self.db, [(work, _settled)], self.hub.position)

    def ask(self, type_: str, ref: int, **fields: object) -> Awaitable[None] | None:
        """Hand alice's frame on."""
        frame = json.dumps({"type": type_, "ref": ref, **fields}).encode()
        return self.dispatch.handle(self.alice, frame)

    def send(self, ref: int, content: str) -> Awaitable[None] | None:
        """Hand on a message of alice's."""
        return self.ask("send_message", ref, conversation_id=ROOM, content=content)


def bob_says(db: Db) -> Outcome[int]:
    """A row that nobody here waits for."""
    return Outcome(log.append(db, Audience.CONVERSATION, ROOM, "send_message", b"0"))


def _settled(settled: object, told: object) -> None:
    """Nobody waits for it."""


def _noted(user_id: int, when_ms: int, then: object) -> None:
    """Nobody goes here."""


@pytest.fixture
async def house(db: OpenDb) -> House:
    """The house on an empty log."""
    return House(db)


async def test_writes_are_under_way_together_and_replied_to_in_order(house: House) -> None:
    """Whatever they come to: a row, none, a refusal, a fault of ours."""
    contents = ["one", "again", "no", "fault", "two"]
    assert [house.send(ref, content) for ref, content in enumerate(contents)] == [None] * 5
    house.commit()
    replies = house.alice.frames()
    assert [frame["ref"] for frame in replies] == [0, 1, 2, 3, 4]
    assert [frame.get("at") for frame in replies] == [1, None, None, None, 2]
    codes = [frame.get("code") for frame in replies]
    assert codes == [None, None, "forbidden", "internal_error", None]
    assert replies[1]["duplicate"]
    pushes = house.bob.frames()
    assert [(frame["data"], frame["at"]) for frame in pushes] == [("one", 1), ("two", 2)]
    assert not any("ref" in frame for frame in pushes)


@pytest.mark.parametrize("asked", ["ping", "self", "get_contacts", "nonsense"])
async def test_whatever_is_no_write_waits_for_the_writes_before_it(
    house: House, asked: str
) -> None:
    """An error too: replies come in the order of the requests."""
    house.may_read.set()
    house.send(0, "one")
    waiting = house.ask(asked, 1)
    assert waiting is not None
    answered = asyncio.ensure_future(waiting)
    await asyncio.sleep(0)
    assert house.alice.frames() == []
    house.commit()
    await answered
    assert [frame["ref"] for frame in house.alice.frames()] == [0, 1]


async def test_a_read_is_answered_between_the_rows_it_saw_and_those_after(house: House) -> None:
    """Its reply waits until what it saw has been delivered; the rows above wait for the reply."""
    waiting = house.ask("self", 0)
    assert waiting is not None
    answered = asyncio.ensure_future(waiting)
    await asyncio.sleep(0)
    for _ in range(2):
        house.submit(bob_says, _settled)
        house.may_read.set()
        house.commit()
    await answered
    assert [frame["at"] for frame in house.alice.frames()] == [1, 2, 2]


async def test_a_read_ahead_of_the_hub_waits_for_what_it_saw(house: House) -> None:
    """Its reply would else say of rows that they are contained in it, and they came after."""
    house.may_read.set()
    commit = house.committed(bob_says)
    answered = asyncio.ensure_future(house.ask("self", 0) or asyncio.sleep(0))
    await asyncio.sleep(0)
    assert not answered.done()
    house.hub.committed(commit)
    await answered
    assert [(frame["type"], frame["at"]) for frame in house.alice.frames()] == [
        ("send_message", 1), ("self", 1)
    ]  # fmt: skip


async def test_too_many_writes_have_to_wait(house: House) -> None:
    """Until half of them are settled."""
    waiting = [house.send(ref, "again") for ref in range(MAX_WRITES)]
    assert waiting[:-1] == [None] * (MAX_WRITES - 1)
    assert waiting[-1] is not None
    room = asyncio.ensure_future(waiting[-1])
    await asyncio.sleep(0)
    while not room.done():  # a batch ends by time as well
        house.commit()
        await asyncio.sleep(0)
    assert house.send(0, "again") is None


async def test_who_is_too_fast_is_refused_in_turn_and_then_closed(house: House) -> None:
    """A frame that is none counts too."""
    house.alice.rate_limiter = RateLimiter(0.001, 2)
    for ref in range(5):
        waiting = house.ask("ping" if ref != 2 else "nonsense", ref)
        assert waiting is not None
        await waiting
    codes = [frame.get("code") for frame in house.alice.frames()]
    assert codes == [None, None, *["rate_limited"] * 3]
    assert house.alice.closed is CloseCode.TOO_FAST


async def test_an_ephemeral_push_goes_to_the_others_after_the_reply(house: House) -> None:
    """The asker gets the reply only."""
    house.may_read.set()
    waiting = house.ask("typing", 0, conversation_id=ROOM)
    assert waiting is not None
    await waiting
    assert [frame["ref"] for frame in house.alice.frames()] == [0]
    assert house.bob.types() == ["typing"]


async def test_a_fault_is_logged_by_the_request_it_befell(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The asker is told a reference, and nothing else."""
    with caplog.at_level(logging.ERROR):
        house.send(0, "fault")
        house.commit()
    (reply,) = house.alice.frames()
    assert "ZeroDivision" not in reply["error"]
    assert caplog.messages == [f"send_message failed, reference {reply['error'].split()[-1]}"]
