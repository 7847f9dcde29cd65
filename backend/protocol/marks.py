"""Requests about how far one has received and read."""

from typing import ClassVar

from msgspec import UNSET, UnsetType

from backend.protocol.base import Id, Request
from backend.protocol.models import ConversationMe, Thing


class MarkData(Thing, frozen=True):
    """How far somebody has got; `me` only for their own sockets."""

    conversation_id: int
    username: str
    message_id: int
    me: ConversationMe | UnsetType = UNSET


class MarkDelivered(Request, tag="mark_delivered", frozen=True, kw_only=True):
    """Say that everything up to a message has arrived (direct conversations)."""

    DATA: ClassVar[object] = MarkData
    GOES_TO: ClassVar[str] = "the other member, and your sockets; at most once a second"
    conversation_id: Id
    message_id: Id


class MarkRead(Request, tag="mark_read", frozen=True, kw_only=True):
    """Say that everything up to a message has been read; an older id changes nothing."""

    DATA: ClassVar[object] = MarkData
    GOES_TO: ClassVar[str] = "all members (up to 100), and your sockets; at most once a second"
    conversation_id: Id
    message_id: Id
