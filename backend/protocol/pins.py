"""Requests about pinned messages."""

from typing import ClassVar

from backend.protocol.base import Id, Request
from backend.protocol.messages import MessagesData
from backend.protocol.models import Message


class PinMessage(Request, tag="pin_message", frozen=True, kw_only=True):
    """Pin a message (in a group: owner or moderator)."""

    DATA: ClassVar[object] = Message
    GOES_TO: ClassVar[str] = "all members"
    message_id: Id


class UnpinMessage(Request, tag="unpin_message", frozen=True, kw_only=True):
    """Take a pin off (in a group: owner or moderator)."""

    DATA: ClassVar[object] = Message
    GOES_TO: ClassVar[str] = "all members"
    message_id: Id


class GetPinned(Request, tag="get_pinned", frozen=True, kw_only=True):
    """Read a conversation's pinned messages, newest first."""

    DATA: ClassVar[object] = MessagesData
    conversation_id: Id
