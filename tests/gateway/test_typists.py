"""Only a few are told to be typing in a conversation."""

from backend.gateway.typists import MOST, Typists

ROOM, OTHER = 1, 2
LASTS = 6.0


def told(typists: Typists, user: int, now: float, room: int = ROOM, *, active: bool = True) -> bool:
    return typists.is_told(room, user, now, active=active)


def full() -> Typists:
    """As many type in a conversation as are told of, since second 0, 1, …"""
    typists = Typists(LASTS)
    assert all(told(typists, user, user) for user in range(MOST))
    return typists


def test_a_few_are_told_and_the_others_are_not() -> None:
    """Who is told goes on being told; other conversations have their own."""
    typists = full()
    assert not told(typists, 99, MOST)
    assert told(typists, 1, MOST)
    assert told(typists, 99, MOST, OTHER)


def test_who_stops_makes_room_for_one() -> None:
    """That they have stopped is told once, and never of who was not told to type."""
    typists = full()
    assert not told(typists, 99, MOST, active=False)
    assert told(typists, 1, MOST, active=False)
    assert not told(typists, 1, MOST, active=False)
    assert [told(typists, user, MOST) for user in (98, 99)] == [True, False]


def test_who_is_not_heard_of_makes_room_too() -> None:
    """From when clients forget them; who says it again stays."""
    typists = full()
    assert told(typists, 0, LASTS - 1)
    assert not told(typists, 99, LASTS + 1 - 0.1)
    assert told(typists, 99, LASTS + 1)


def test_nothing_is_kept_of_who_stopped() -> None:
    typists = full()
    told(typists, 99, 1000, OTHER)
    told(typists, 99, 1000, OTHER, active=False)
    assert (len(typists._until), len(typists._counts)) == (0, 0)
