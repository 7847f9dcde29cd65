"""Requests about messages."""

from typing import Annotated, ClassVar

from msgspec import Meta

from backend.protocol.base import ClientId, FileIds, Id, Limit, Page, Request, Text
from backend.protocol.models import Message, Thing, User

DUPLICATE = {"duplicate": "true when this `client_id` was sent before; nothing is sent twice"}


class SendMessage(Request, tag="send_message", frozen=True, kw_only=True):
    """Send a message to a conversation; `client_id` makes it safe to send again.

    `conversation_client_id` names one by the `client_id` that one has created it with, or found it
    with, so that both can wait in one queue.
    `files` are the ids of what one uploaded, each for one message; without any there has to be a
    `content`.
    """

    DATA: ClassVar[object] = Message
    REPLY_FIELDS: ClassVar[dict[str, str]] = DUPLICATE
    GOES_TO: ClassVar[str] = "all members"
    conversation_id: Id | None = None
    conversation_client_id: ClientId | None = None
    content: Text = ""
    files: FileIds | None = None
    reply_id: Id | None = None
    client_id: ClientId | None = None


class ForwardMessage(Request, tag="forward_message", frozen=True, kw_only=True):
    """Send text and files of a message one can see to another conversation, as one's own."""

    DATA: ClassVar[object] = Message
    REPLY_FIELDS: ClassVar[dict[str, str]] = DUPLICATE
    GOES_TO: ClassVar[str] = "all members of the other conversation, as `send_message`"
    message_id: Id
    conversation_id: Id
    client_id: ClientId | None = None


class EditMessage(Request, tag="edit_message", frozen=True, kw_only=True):
    """Change the text of one's own message; `files` are those that stay (without it, all)."""

    DATA: ClassVar[object] = Message
    GOES_TO: ClassVar[str] = "all members"
    message_id: Id
    content: Text
    files: FileIds | None = None


class DeleteMessage(Request, tag="delete_message", frozen=True, kw_only=True):
    """Delete a message (its author, an owner or a moderator); a tombstone keeps its place."""

    DATA: ClassVar[object] = Message
    GOES_TO: ClassVar[str] = "all members"
    message_id: Id


class MessagesData(Thing, frozen=True):
    """Messages, newest first, and their authors, once each."""

    conversation_id: int
    messages: tuple[Message, ...]
    users: tuple[User, ...]
    more_before: bool
    more_after: bool


class GetMessages(Request, tag="get_messages", frozen=True, kw_only=True):
    """Read a conversation's messages, newest first: the newest, or those next to a message id.

    `before` and `after` leave that id out, `around` has it in the middle, `ids` names messages, of
    which those are told that one may read; at most one of them.
    Without `limit` 100, or as many as the server allows.
    """

    DATA: ClassVar[object] = MessagesData
    conversation_id: Id
    limit: Page | None = None
    before: Id | None = None
    after: Id | None = None
    around: Id | None = None
    ids: Annotated[list[Id], Meta(min_length=1), Limit("MAX_PAGE")] | None = None
