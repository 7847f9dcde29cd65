"""Requests about one's sessions: where one is logged in."""

from typing import ClassVar

from backend.protocol.base import Id, Request
from backend.protocol.things import Thing


class Session(Thing):
    """One login; `current` is the one that asks."""

    id: int
    device: str
    address: str
    created_at: int
    last_seen: int
    expires_at: int
    current: bool


class SessionsData(Thing):
    """Sessions, the newest first."""

    sessions: tuple[Session, ...]


class GetSessions(Request, tag="get_sessions", kw_only=True):
    """List where one is logged in."""

    DATA: ClassVar[object] = SessionsData


class SessionEndedData(Thing):
    """The session that ended."""

    id: int


class EndSession(Request, tag="end_session", kw_only=True):
    """End one of one's sessions; its sockets close."""

    DATA: ClassVar[object] = SessionEndedData
    GOES_TO: ClassVar[str] = "your sockets"
    id: Id
