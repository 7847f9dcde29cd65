"""Who is connected, and to what."""

from backend.gateway.registry import Registry
from tests.gateway.memory import MemorySocket


def connected(registry: Registry, socket: MemorySocket, *conversations: int) -> None:
    """Let a socket of a user be known who is in these conversations."""
    registry.add(registry.enter(socket.subscriptions(*conversations)), socket)


async def test_every_socket_of_a_user_is_in_their_conversations() -> None:
    """From when it comes until it goes; the other one stays."""
    registry, one, other = Registry(), MemorySocket(1, 1), MemorySocket(1, 2)
    connected(registry, one, 7)
    connected(registry, other, 7)
    assert set(registry.of_conversation(7)) == set(registry.sockets()) == {one, other}
    registry.discard(one)
    assert list(registry.of_conversation(7)) == list(registry.of_user(1)) == [other]
    assert registry.discard(one) is None


async def test_members_join_and_part() -> None:
    """Whether they are connected or not; who parts is in the other conversations still."""
    registry, alice = Registry(), MemorySocket(1)
    connected(registry, alice, 7)
    for user_id in (1, 2):
        registry.join(8, user_id)
        registry.join(8, user_id)
        registry.part(7, user_id)
    assert list(registry.of_conversation(8)) == [alice]
    assert not registry.of_conversation(7)
    registry.part(8, 1)
    assert not registry.of_conversation(8)


async def test_who_comes_back_within_the_grace_is_in_what_the_database_says_now() -> None:
    """The history may be another one; who has a socket still is where the rows put them."""
    registry = Registry()
    first, again, third = (MemorySocket(1, number) for number in (1, 2, 3))
    connected(registry, first, 7)
    registry.acquaint(1, 2)
    registry.discard(first)
    registry.join(7, 1)
    connected(registry, again, 8)
    assert registry.users[1].watchers.tolist() == []
    connected(registry, third, 9)
    assert set(registry.of_conversation(8)) == {again, third}
    assert not registry.of_conversation(7)
    assert not registry.of_conversation(9)


async def test_watchers_are_told_of_one() -> None:
    """Of who is not online those are told of whom it is said."""
    registry, alice, bob = Registry(), MemorySocket(1), MemorySocket(2)
    connected(registry, alice)
    registry.acquaint(1, 2)
    assert registry.of_watchers(2, (1, 3)) == [alice]
    registry.add(registry.enter(bob.subscriptions(watchers=(1,))), bob)
    assert registry.of_watchers(2, ()) == [alice]
    assert registry.of_watchers(1, ()) == [bob]
    registry.estrange(2, 1)
    assert registry.of_watchers(1, ()) == registry.of_watchers(2, ()) == []


async def test_a_user_is_online_until_they_exit() -> None:
    """Not only until their last socket goes: presence knows a grace."""
    registry, alice = Registry(), MemorySocket(1)
    assert not registry.is_online(1)
    connected(registry, alice)
    user = registry.discard(alice)
    assert user is not None
    assert registry.is_online(1)
    registry.exit(user)
    assert not registry.is_online(1)
