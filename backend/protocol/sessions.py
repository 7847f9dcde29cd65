"""Requests about one's sessions: where one is logged in."""

from typing import ClassVar

from backend.protocol.base import Id, Request
from backend.protocol.models import Thing


class Session(Thing, frozen=True):
    """One login; `current` is the one that asks."""

    id: int
    device: str
    address: str
    created_at: int
    last_seen: int
    expires_at: int
    current: bool


class SessionsData(Thing, frozen=True):
    """Sessions, the newest first."""

    sessions: tuple[Session, ...]


class GetSessions(Request, tag="get_sessions", frozen=True, kw_only=True):
    """List where one is logged in."""

    DATA: ClassVar[object] = SessionsData


class SessionEndedData(Thing, frozen=True):
    """The session that ended."""

    id: int


class EndSession(Request, tag="end_session", frozen=True, kw_only=True):
    """End one of one's sessions; its sockets close."""

    DATA: ClassVar[object] = SessionEndedData
    GOES_TO: ClassVar[str] = "your sockets"
    id: Id
