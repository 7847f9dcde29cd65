"""What watchers are told of who comes and goes."""

import asyncio
from collections.abc import Callable

import pytest

from backend.gateway import presence as module
from backend.gateway.presence import Presence, Teller
from backend.gateway.registry import Registry
from backend.peers import Peers
from tests.gateway.memory import MemorySocket
from tests.support.looking import until

ALICE, BOB = 1, 2


class Notes:
    """Where it is written down who was here last; each note is settled by hand."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[Callable[[bool], None]] = asyncio.Queue()

    def note(self, user_id: int, when_ms: int, then: Callable[[bool], None]) -> None:
        """Keep what is to be called."""
        self.waiting.put_nowait(then)

    async def settle(self, is_on_disk: bool) -> None:
        """Say how the next note went."""
        (await self.waiting.get())(is_on_disk)


class Pair:
    """Two who watch each other, of whom alice is online."""

    def __init__(self) -> None:
        self.notes = Notes()
        self.registry = Registry()
        self.presence = Presence(self.registry, 0, self.notes.note, Peers("one"))
        self.alice, self.bob = MemorySocket(ALICE), MemorySocket(BOB)
        self.come(self.alice, BOB)

    def come(self, socket: MemorySocket, watcher: int) -> None:
        """Let a socket be there."""
        user = self.presence.came(socket.subscriptions(watchers=(watcher,)))
        self.registry.add(user, socket)

    def go(self, socket: MemorySocket) -> None:
        """Let it be gone."""
        user = self.registry.discard(socket)
        assert user is not None
        self.presence.went(user)

    def told(self) -> list[bool]:
        """Whether bob is online, as alice was told."""
        return [frame["data"]["is_online"] for frame in self.alice.frames()]


async def test_watchers_learn_that_one_comes_and_goes() -> None:
    """That one is gone when it is on disk when one was last here."""
    pair = Pair()
    pair.come(pair.bob, ALICE)
    assert pair.told() == [True]
    pair.go(pair.bob)
    then = await pair.notes.waiting.get()
    assert pair.told() == []
    then(True)
    assert pair.told() == [False]


async def test_what_could_not_be_noted_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again until it is on disk."""
    monkeypatch.setattr(module, "RETRY_SECONDS", 0)
    pair = Pair()
    pair.come(pair.bob, ALICE)
    pair.told()
    pair.go(pair.bob)
    await pair.notes.settle(False)
    assert pair.told() == []
    await pair.notes.settle(True)
    assert pair.told() == [False]


async def test_who_is_back_before_it_is_noted_was_never_gone() -> None:
    """Nobody is told that they went; that they are there, once more."""
    pair = Pair()
    pair.come(pair.bob, ALICE)
    pair.told()
    pair.go(pair.bob)
    then = await pair.notes.waiting.get()
    pair.come(pair.bob, ALICE)
    then(True)
    assert pair.told() == [True]


async def test_a_reconnect_within_the_grace_is_no_news() -> None:
    """The grace begins with the last socket's end, and is over when one comes."""
    pair = Pair()
    pair.come(pair.bob, ALICE)
    pair.told()
    pair.go(pair.bob)
    pair.come(pair.bob, ALICE)
    await asyncio.sleep(0.001)
    assert pair.told() == []
    assert pair.notes.waiting.empty()


async def test_who_hides_goes_and_who_shows_comes() -> None:
    """Each is told once."""
    pair = Pair()
    pair.come(pair.bob, ALICE)
    assert pair.told() == [True]
    told = []
    for hidden in (True, True, False):
        pair.presence.hide(BOB, hidden)
        told.append(pair.told())
    assert told == [[False], [], [True]]


async def test_a_resuming_socket_is_told_what_has_changed_meanwhile() -> None:
    """Between the list in its `resume` and its being live."""
    pair = Pair()
    found = pair.alice.subscriptions(watchers=(BOB,))
    before = pair.presence.online_watchers(found)
    pair.come(pair.bob, ALICE)
    pair.told()
    pair.presence.correct(pair.alice, before, found)
    assert before == ()
    assert pair.told() == [True]


@pytest.mark.parametrize("is_hidden", [False, True])
async def test_who_is_watched_no_more_goes(is_hidden: bool) -> None:
    """As if they hid it, and nobody who did is named; strangers hear nothing of each other."""
    pair = Pair()
    pair.come(pair.bob, ALICE)
    pair.presence.hide(BOB, is_hidden)
    pair.told()
    for _ in range(2):
        pair.presence.part(ALICE, BOB)
        pair.registry.estrange(ALICE, BOB)
    assert pair.told() == ([] if is_hidden else [False])


async def test_when_many_come_who_knows_them_is_told_of_most_in_one_write() -> None:
    """In order, and nothing is left out; so with what comes next."""
    socket, teller = MemorySocket(ALICE), Teller()
    coming = [(f"user{number}", True) for number in range(module.AT_ONCE + 100)]
    for _ in range(2):
        for username, is_online in [*coming, ("user0", False)]:
            teller.tell([socket], username, is_online)
        assert told_by(socket) == coming[: module.AT_ONCE]
        await until(lambda: bool(socket.wire.written))
        assert len(socket.wire.written) == 1
        assert told_by(socket) == [*coming[module.AT_ONCE :], ("user0", False)]


def told_by(socket: MemorySocket) -> list[tuple[str, bool]]:
    """Who came or went, as a socket was told since the last time."""
    told = [frame["data"] for frame in socket.frames()]
    return [(each["username"], each["is_online"]) for each in told]
