"""Requests about presence: who is online."""

from typing import Annotated, ClassVar

from msgspec import Meta

from backend.protocol.base import Limit, Request, Username
from backend.protocol.models import Thing


class Presence(Thing, frozen=True):
    """One user's presence; null to those who may not see it, or when there is no such user."""

    username: str
    is_online: bool | None
    last_online: int | None


class PresenceData(Thing, frozen=True):
    """Presence, in the order asked for."""

    presence: tuple[Presence, ...]


class GetPresence(Request, tag="get_presence", frozen=True, kw_only=True):
    """Tell the presence of up to 100 people."""

    DATA: ClassVar[object] = PresenceData
    NAMES: ClassVar[str | None] = "usernames"
    usernames: Annotated[list[Username], Meta(min_length=1), Limit("MAX_PAGE")]


class UserStatus(Thing, frozen=True):
    """Somebody came online or went offline."""

    username: str
    is_online: bool
    last_online: int | None
