"""From rows of the log to sockets."""

import asyncio

import msgspec

from backend.gateway.hub import MANY, MOMENT_SECONDS, Hub
from backend.gateway.presence import Presence
from backend.gateway.registry import Registry
from backend.gateway.typists import MOST
from backend.handlers.base import Ephemeral
from backend.peers import Peers
from backend.protocol.close_codes import CloseCode
from backend.protocol.conversations import TypingData
from backend.store.batch import Commit, Done, Settled
from backend.store.log import Audience, Effect, LogRow
from tests.gateway.memory import EPOCH, MemorySocket

ALICE, BOB, CAROL = 1, 2, 3
ROOM = 7


def row(
    at: int,
    target: int = ROOM,
    audience: Audience = Audience.CONVERSATION,
    effect: Effect | None = None,
    skip_user: int | None = None,
) -> LogRow:
    """A row of the log."""
    stored = None if effect is None else msgspec.json.encode(effect)
    return LogRow(at, int(audience), target, skip_user, "ping", b"%d" % at, stored)


class House:
    """A hub, alice and bob in one conversation, carol in none."""

    def __init__(self) -> None:
        self.registry = Registry()
        peers = Peers("one")
        presence = Presence(self.registry, 60, lambda user_id, when, then: then(True), peers)
        self.hub = Hub(EPOCH, 0, self.registry, presence, peers)
        self.alice, self.bob, self.carol = (MemorySocket(each) for each in (ALICE, BOB, CAROL))
        self.hub.join(self.alice, self.alice.subscriptions(ROOM))
        self.hub.join(self.bob, self.bob.subscriptions(ROOM))
        self.hub.join(self.carol, self.carol.subscriptions())

    def commit(self, *rows: LogRow) -> None:
        """Let rows be new that nobody here waits for."""
        self.hub.committed(Commit([], list(rows), rows[-1].id))

    def got(self) -> list[list[int]]:
        """The places in the log of what alice, bob and carol were sent."""
        sockets = (self.alice, self.bob, self.carol)
        return [[frame["at"] for frame in each.frames() if "at" in frame] for each in sockets]


async def test_a_row_goes_to_its_audience() -> None:
    """A conversation's members but who is left out, a user, nobody."""
    house = House()
    house.commit(
        row(1), row(2, skip_user=BOB), row(3, CAROL, Audience.USER), row(4, 0, Audience.SERVER),
        row(5, 99), row(6, 99, Audience.USER),
    )  # fmt: skip
    assert house.got() == [[1, 2], [1], [3]]
    assert house.hub.position == 6


async def test_who_joins_gets_the_row_and_who_leaves_too() -> None:
    """Joining comes before the row is delivered, leaving after it."""
    house = House()
    house.commit(
        row(1, effect=Effect(join=(CAROL,))), row(2), row(3, effect=Effect(leave=(BOB,))), row(4)
    )
    assert house.got() == [[1, 2, 3, 4], [1, 2, 3], [1, 2, 3, 4]]


async def test_watchers_are_those_of_the_rows_before() -> None:
    """The row that makes them watch each other is the last they get as strangers."""
    house = House()
    house.commit(
        row(1, ALICE, Audience.WATCHERS),
        row(2, ALICE, Audience.USER, Effect(watchers=(ALICE, BOB))),
        row(3, ALICE, Audience.WATCHERS),
        row(4, ALICE, Audience.USER, Effect(strangers=(ALICE, BOB))),
        row(5, ALICE, Audience.WATCHERS),
    )
    assert house.got() == [[2, 4], [3], []]


async def test_who_waits_for_a_row_gets_it_in_its_place_and_others_after_what_there_was() -> None:
    """Whatever a write came to, it is told between the rows before it and those after."""
    house = House()
    order: list[tuple[str, object]] = []

    def named(name: str) -> Done[object]:
        def done(settled: Settled[object], told: bytes | None) -> None:
            order.append((name, None if told is None else told.decode()))
            order.extend(("row", frame["at"]) for frame in house.alice.frames())

        return done

    house.hub.committed(
        Commit(
            [
                (named("reply"), Settled(None, None, 2, 2)),
                (named("no row"), Settled(None, None, 3)),
                (named("refused"), Settled(None, ValueError(), 3)),
                (named("vanished"), Settled(None, None, 5, 5)),
            ],
            [row(1), row(2), row(3), row(6)],
            6,
        )
    )
    assert order == [
        ("reply", '"data":2,"at":2,"cursor":"e1-2-'), ("row", 1),
        ("no row", None), ("row", 2), ("row", 3),
        ("refused", None),
        ("vanished", None),
    ]  # fmt: skip
    assert [frame["at"] for frame in house.alice.frames()] == [6]


async def test_what_a_socket_has_seen_it_does_not_get_again() -> None:
    """Its subscriptions may be ahead of the hub when it joins."""
    house = House()
    house.alice.sequencer.skip(2)
    house.commit(row(1), row(2), row(3))
    assert house.got() == [[3], [1, 2, 3], []]


async def test_rows_are_held_back_while_a_socket_reads() -> None:
    """The other sockets are not concerned."""
    house = House()
    house.alice.replies.begin_read()
    house.commit(row(1), row(2))
    assert house.got() == [[], [1, 2], []]
    house.alice.replies.end_read(1, None)
    assert house.got() == [[1, 2], [], []]


async def test_a_session_that_ends_closes_its_sockets_and_a_renewed_one_goes_on() -> None:
    """All sessions of a user, but one that is kept."""
    house = House()
    other = MemorySocket(ALICE, session_id=2)
    house.hub.join(other, other.subscriptions(ROOM))
    house.commit(row(1, 0, Audience.SERVER, Effect(user=ALICE, session=2, expires_at=5)))
    assert (house.alice.identity.expires_at, other.identity.expires_at) == (2_000_000_000, 5)
    house.commit(row(2, 0, Audience.SERVER, Effect(user=ALICE, keep=2)))
    assert house.alice.closed is CloseCode.SESSION_ENDED
    assert other.closed is None
    assert house.bob.closed is None


async def test_who_waits_for_a_position_goes_on_when_it_is_reached() -> None:
    """Not before; at once when it is passed already."""
    house = House()
    waiting = asyncio.create_task(house.hub.reached(2))
    house.commit(row(1))
    await asyncio.sleep(0)
    assert not waiting.done()
    house.commit(row(2))
    await waiting
    await house.hub.reached(1)


async def test_what_is_ephemeral_goes_to_the_others() -> None:
    """To no socket of its sender, and to nobody outside."""
    house = House()
    data = TypingData(conversation_id=ROOM, username="user1", active=True, expires_in_ms=1)
    house.hub.ephemeral(ALICE, Ephemeral(ROOM, "typing", data, True))
    sockets = (house.alice, house.bob, house.carol)
    assert [each.types() for each in sockets] == [[], ["typing"], []]


async def test_when_many_type_a_few_are_told() -> None:
    """So many cost a large group no more than what one of them writes."""
    house = House()
    for typist in range(10, 110):
        data = TypingData(
            conversation_id=ROOM, username=f"user{typist}", active=True, expires_in_ms=6000
        )
        house.hub.ephemeral(typist, Ephemeral(ROOM, "typing", data, True))
    names = [frame["data"]["username"] for frame in house.alice.frames()]
    assert names == [f"user{typist}" for typist in range(10, 10 + MOST)]


async def test_to_many_what_is_said_within_a_moment_is_written_at_once() -> None:
    """To each what they are to know, and before whatever is written in the conversation."""
    house = House()
    for user_id in range(1000, 1000 + MANY):
        socket = MemorySocket(user_id)
        house.hub.join(socket, socket.subscriptions(ROOM))
    slow = MemorySocket(999)
    slow.wire.writing_paused = True
    slow.outbox.durable(b"")
    slow.outbox.flush()
    house.hub.join(slow, slow.subscriptions(ROOM))
    for typist in (ALICE, 10, 11):
        data = TypingData(
            conversation_id=ROOM, username=f"user{typist}", active=True, expires_in_ms=6000
        )
        house.hub.ephemeral(typist, Ephemeral(ROOM, "typing", data, True, (BOB,) * (typist == 10)))
    assert (house.alice.types(), socket.types()) == ([], [])
    house.commit(row(1))
    told = ["typing", "typing", "ping"]
    assert house.alice.types() == told
    assert (house.bob.types(), socket.types()) == (told, ["typing", *told])
    house.hub.ephemeral(10, Ephemeral(ROOM, "typing", data, False))
    while not (types := socket.types()):  # noqa: ASYNC110  (nobody tells of a write)
        await asyncio.sleep(MOMENT_SECONDS / 10)
    assert types == ["typing"]
    slow.wire.written.clear()
    slow.wire.resume()
    await slow.outbox.room()
    assert slow.types() == ["ping", *["typing"] * 3]
