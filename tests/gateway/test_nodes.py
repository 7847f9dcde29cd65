"""What several nodes know of each other's people, told by notes, without a network."""

import asyncio
from collections.abc import Callable
from typing import cast

import msgspec
import pytest

from backend.cluster import Cluster
from backend.gateway.admission import Admission
from backend.gateway.elsewhere import TOPIC, Here
from backend.gateway.gateway import Gateway
from backend.gateway.hub import Hub
from backend.gateway.presence import Presence
from backend.gateway.rate_limit import RateLimits
from backend.gateway.registry import Registry
from backend.handlers.base import Ephemeral
from backend.peers import Peers, pack
from backend.protocol.close_codes import CloseCode
from backend.store.database import Database
from backend.store.engine.faults import Unavailable
from tests.gateway.memory import EPOCH, MemorySocket
from tests.gateway.test_admission import Guest

ALICE, BOB, CAROL, TEAM = 1, 2, 3, 7


class Typing(msgspec.Struct):
    """An ephemeral push."""

    active: bool


class Away:
    """A database that is not reached."""

    async def beside(self, work: object) -> None:
        """Fail."""
        raise Unavailable("gone")


class Node:
    """A node, but for the database and the network."""

    def __init__(self, name: str) -> None:
        self.peers = Peers(name)
        self.peers.is_open = True
        self.registry = Registry()
        self.presence = Presence(self.registry, 0, self._note, self.peers)
        self.peers.hear(TOPIC, Here, self.presence.heard)
        self.hub = Hub(EPOCH, 0, self.registry, self.presence, self.peers)
        self.gone: asyncio.Queue[Callable[[bool], None]] = asyncio.Queue()

    def join(self, user_id: int, *watchers: int) -> MemorySocket:
        """A socket of a user in the team, who is watched."""
        socket = MemorySocket(user_id)
        self.hub.join(socket, socket.subscriptions(TEAM, watchers=watchers))
        return socket

    async def leave(self, socket: MemorySocket) -> None:
        """Its end, and the end of its user's grace."""
        self.hub.leave(socket)
        (await self.gone.get())(True)

    def _note(self, user_id: int, when_ms: int, then: Callable[[bool], None]) -> None:
        self.gone.put_nowait(then)


def exchange(*nodes: Node) -> None:
    """Let each node hear what the others have to tell."""
    texts = [text for node in nodes for text in pack(node.peers.node, node.peers.take())]
    for node in nodes:
        for text in texts:
            node.peers.heard(text)


def told(socket: MemorySocket) -> list[tuple[str, bool]]:
    """Of whom a socket was told that they are online, or not."""
    frames = [each for each in socket.frames() if each["type"] == "user_status"]
    return [(each["data"]["username"], each["data"]["is_online"]) for each in frames]


async def test_watchers_at_another_node_learn_who_comes_and_goes() -> None:
    one, other = Node("one"), Node("other")
    alice = one.join(ALICE, BOB)
    bob = other.join(BOB, ALICE)
    exchange(one, other)
    assert told(alice) == [("user2", True)]
    assert one.registry.is_online(BOB)
    assert one.presence.online_watchers(alice.subscriptions(watchers=(BOB,))) == ("user2",)
    await other.leave(bob)
    exchange(one, other)
    assert told(alice) == [("user2", False)]
    assert not one.registry.is_online(BOB)


async def test_both_who_come_at_once_learn_of_each_other() -> None:
    """Neither node knew of the other's when they came."""
    one, other = Node("one"), Node("other")
    alice, bob = one.join(ALICE, BOB), other.join(BOB, ALICE)
    exchange(one, other)
    assert (told(alice), told(bob)) == ([("user2", True)], [("user1", True)])


async def test_who_goes_to_another_node_is_no_news() -> None:
    one, other = Node("one"), Node("other")
    alice, bob = one.join(ALICE, BOB), one.join(BOB, ALICE)
    exchange(one, other)
    told(alice)
    elsewhere = other.join(BOB, ALICE)
    exchange(one, other)
    await one.leave(bob)
    exchange(one, other)
    assert told(alice) == []
    await other.leave(elsewhere)
    exchange(one, other)
    assert told(alice) == [("user2", False)]


async def test_who_hides_at_one_node_hides_at_all() -> None:
    """The row of the log says so to each."""
    one, other = Node("one"), Node("other")
    alice = one.join(ALICE, BOB)
    other.join(BOB, ALICE)
    exchange(one, other)
    told(alice)
    for hidden in (True, False):
        for node in (one, other):
            node.presence.hide(BOB, hidden, (ALICE,))
        exchange(one, other)
        assert told(alice) == [("user2", not hidden)]
        assert bool(one.registry.shown(BOB)) is not hidden


async def test_new_friends_learn_of_each_other_over_nodes() -> None:
    one, other = Node("one"), Node("other")
    alice, bob = one.join(ALICE), other.join(BOB)
    exchange(one, other)
    for node in (one, other):
        node.registry.acquaint(ALICE, BOB)
        node.presence.introduce(ALICE, BOB)
    assert (told(alice), told(bob)) == ([("user2", True)], [("user1", True)])
    for node in (one, other):
        node.presence.part(ALICE, BOB)
        node.registry.estrange(ALICE, BOB)
    assert (told(alice), told(bob)) == ([("user2", False)], [("user1", False)])


async def test_who_has_just_come_is_told_of_to_a_new_friend() -> None:
    """Their node tells of their coming with those who watched them then."""
    one, other = Node("one"), Node("other")
    alice = one.join(ALICE)
    other.join(BOB)
    one.registry.acquaint(ALICE, BOB)
    one.presence.introduce(ALICE, BOB)
    exchange(one, other)
    assert told(alice) == [("user2", True)]


async def test_all_of_many_watchers_are_told() -> None:
    """Also those who do not fit into one note."""
    one, other = Node("one"), Node("other")
    first, last = one.join(100, BOB), one.join(5000, BOB)
    other.join(BOB, *range(100, 5001))
    exchange(one, other)
    assert (told(first), told(last)) == ([("user2", True)], [("user2", True)])


async def test_what_is_found_in_the_database_replaces_what_was_heard() -> None:
    """After a while in which nothing was heard; who is here as well is no news."""
    one, other = Node("one"), Node("other")
    alice = one.join(ALICE, BOB, CAROL)
    other.join(BOB, ALICE)
    exchange(one, other)
    told(alice)
    one.presence.found([("third", Here(CAROL, "user3", False, True))])
    assert sorted(told(alice)) == [("user2", False), ("user3", True)]
    one.join(CAROL, ALICE)
    told(alice)
    one.presence.found([])
    assert told(alice) == []


async def test_who_is_heard_to_go_while_all_are_looked_for_stays_gone() -> None:
    """What is found is of a moment before."""
    one, other = Node("one"), Node("other")
    alice = one.join(ALICE, BOB, CAROL)
    bob = other.join(BOB, ALICE)
    exchange(one, other)
    one.presence.seek()
    await other.leave(bob)
    other.join(CAROL, ALICE)
    exchange(one, other)
    told(alice)
    found = [("other", Here(BOB, "user2", False, True))]
    one.presence.found(found)
    assert (told(alice), one.registry.is_online(BOB)) == ([], False)
    assert one.registry.is_online(CAROL)
    one.presence.found(found)  # what was told before is older than what is looked for anew
    assert sorted(told(alice)) == [("user2", True), ("user3", False)]


async def test_who_goes_while_the_database_is_away_is_told_once_it_is_back() -> None:
    """Even if nobody tells of them otherwise; what is newer counts, and typing is over by then."""
    one, other = Node("one"), Node("other")
    alice = one.join(ALICE, BOB, CAROL)
    bob, carol = other.join(BOB, ALICE), other.join(CAROL, ALICE)
    exchange(one, other)
    told(alice)
    await other.leave(bob)
    await other.leave(carol)
    other.hub.ephemeral(BOB, Ephemeral(TEAM, "typing", Typing(True), True))
    gateway = cast(Gateway, None)
    cluster = Cluster(cast(Database, Away()), gateway, other.peers, grace=0)
    with pytest.raises(Unavailable):
        await cluster._tell()
    other.join(CAROL, ALICE)
    exchange(one, other)
    [frame] = alice.frames()
    assert (frame["type"], frame["data"]["username"]) == ("user_status", "user2")
    assert (one.registry.is_online(BOB), one.registry.is_online(CAROL)) == (False, True)


async def test_who_hid_elsewhere_and_comes_back_within_the_grace_is_told_to_go() -> None:
    """The row that says so is no news if it comes later; in another history it never does."""
    node = Node("one")
    alice, bob = node.join(ALICE, BOB), node.join(BOB, ALICE)
    told(alice)
    node.hub.leave(bob)
    node.hub.join(bob, bob.subscriptions(TEAM, watchers=(ALICE,))._replace(hide_presence=True))
    assert told(alice) == [("user2", False)]
    node.presence.hide(BOB, True)
    assert told(alice) == []


@pytest.mark.parametrize("others", [0, 10_000])
async def test_typing_is_seen_at_another_node_but_by_who_is_left_out(others: int) -> None:
    """However many they are."""
    left_out = (*range(100, 100 + others), CAROL)
    one, other = Node("one"), Node("other")
    alice, bob, carol = one.join(ALICE), other.join(BOB), other.join(CAROL)
    for active in (True, False):
        one.hub.ephemeral(ALICE, Ephemeral(TEAM, "typing", Typing(active), active, left_out))
    exchange(one, other)
    assert [each["data"] for each in bob.frames()] == [{"active": False}]
    assert (alice.types(), carol.types()) == ([], [])


async def test_the_oldest_socket_gives_way_at_whichever_node_it_is() -> None:
    one, other = Node("one"), Node("other")
    rooms = [Admission(2, RateLimits(10, 100), each.registry.elsewhere) for each in (one, other)]
    guests = [Guest(ALICE, opened_at) for opened_at in (1, 2, 3)]
    rooms[0].enter(guests[0])
    rooms[1].enter(guests[1])
    other.registry.elsewhere.put("one", Here(ALICE, "alice", False, True, (1,)))
    rooms[1].enter(guests[2])
    one.registry.elsewhere.put("other", Here(ALICE, "alice", False, True, (2, 3)))
    rooms[0].look(ALICE)
    rooms[1].look(ALICE)
    assert [each.closed for each in guests] == [CloseCode.TOO_MANY_SOCKETS, None, None]


def test_what_is_asked_elsewhere_counts_here() -> None:
    limits = RateLimits(0.01, 10)
    limits.of(ALICE).count(8)
    waits = [limits.of(ALICE).take() for _ in range(3)]
    assert waits[:2] == [0, 0]
    assert waits[2] > 0
