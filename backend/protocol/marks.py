"""Requests about how far one has received and read."""

from typing import ClassVar

from msgspec import UNSET, UnsetType

from backend.protocol.base import Id, Request
from backend.protocol.conversations import ConversationMeData
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


class MarkUnread(Request, tag="mark_unread", frozen=True, kw_only=True):
    """Keep a conversation marked as unread for oneself, to come back to it, or take the mark off.

    `me.marked_unread` says so until one reads (`mark_read`, be it of what was read already) or
    sends something there. The counts stay as they are, and nobody else learns of it.
    """

    DATA: ClassVar[object] = ConversationMeData
    GOES_TO: ClassVar[str] = "your sockets"
    conversation_id: Id
    marked: bool = True
