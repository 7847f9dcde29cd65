"""Who looks."""

from collections.abc import Mapping
from typing import Protocol

import msgspec


class PresenceView(Protocol):
    """Who is online, as the gateway knows."""

    def is_online(self, user_id: int) -> bool:
        """Whether the user has a socket, or had one a moment ago."""


class Viewer(msgspec.Struct, frozen=True, gc=False):
    """Who asks: the first thing every query is scoped to."""

    id: int
    username: str
    session_id: int
    presence: PresenceView
    limits: Mapping[str, int]
