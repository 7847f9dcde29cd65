"""Passwords, whose checking is the most expensive thing a stranger can ask for."""

from tests.abuse.attacks import passwords
from tests.abuse.siege import Siege


async def test_logging_in_without_end_makes_nobody_wait(siege: Siege) -> None:
    """Eight accounts at one address, ten at a time: others still log in, and are not refused."""
    statuses = await siege.bears(siege.attack(passwords.logins, people=8, at_once=10))
    assert statuses["202"] > 10
    assert set(statuses) == {"202", "429"}


async def test_guessing_at_once_is_no_way_around(siege: Siege) -> None:
    """Of a hundred wrong guesses at one moment from one address, as many count as one by one."""
    statuses = await siege.bears(siege.attack(passwords.guesses, at_once=100))
    assert statuses == {"401": 10, "429": 90}
