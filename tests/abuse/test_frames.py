"""Frames that are no requests: pings, and messages in endless pieces."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.abuse.attacks import frames
from tests.abuse.siege import Siege

MUCH = 1_000_000


@pytest.mark.parametrize("attack", [frames.pings, frames.continuations])
async def test_control_frames_and_pieces_make_nobody_wait(
    siege: Siege, attack: Callable[..., Awaitable[Any]]
) -> None:
    """Who floods waits for himself, and is closed: forty sockets of one account, at full speed."""
    mallory = await siege.town.person("mallory")
    sent = await siege.bears(siege.attack(attack, token=mallory.token, sockets=40))
    assert sent > MUCH
