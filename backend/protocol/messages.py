"""Requests about messages."""

from typing import Annotated, ClassVar

from msgspec import UNSET, Meta, UnsetType

from backend.protocol.base import ClientId, Content, Id, Limit, Page, Request, Seconds, Username
from backend.protocol.models import ConversationMe, Message, Reaction, Thing, User

DUPLICATE = {"duplicate": "true when this `client_id` was sent before; nothing is sent twice"}


class SendMessage(Request, tag="send_message", frozen=True, kw_only=True):
    """Send a message to a conversation; `client_id` makes it safe to send again."""

    DATA: ClassVar[object] = Message
    BESIDE: ClassVar[dict[str, str]] = DUPLICATE
    GOES_TO: ClassVar[str] = "all members"
    conversation_id: Id
    content: Content
    reply_id: Id | None = None
    client_id: ClientId | None = None


class ForwardMessage(Request, tag="forward_message", frozen=True, kw_only=True):
    """Send the text of a message one can see to another conversation, as one's own message."""

    DATA: ClassVar[object] = Message
    BESIDE: ClassVar[dict[str, str]] = DUPLICATE
    GOES_TO: ClassVar[str] = "all members of the other conversation, as `send_message`"
    message_id: Id
    conversation_id: Id
    client_id: ClientId | None = None


class EditMessage(Request, tag="edit_message", frozen=True, kw_only=True):
    """Change the text of one's own message."""

    DATA: ClassVar[object] = Message
    GOES_TO: ClassVar[str] = "all members"
    message_id: Id
    content: Content


class DeleteMessage(Request, tag="delete_message", frozen=True, kw_only=True):
    """Delete a message (its author, an owner or a moderator); a tombstone keeps its place."""

    DATA: ClassVar[object] = Message
    GOES_TO: ClassVar[str] = "all members"
    message_id: Id


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


class MessagesData(Thing, frozen=True):
    """Messages, newest first, and their authors, once each."""

    conversation_id: int
    messages: tuple[Message, ...]
    users: tuple[User, ...]
    more_before: bool
    more_after: bool


class GetMessages(Request, tag="get_messages", frozen=True, kw_only=True):
    """Read a conversation's messages, newest first: the newest, or those next to a message id.

    `before` and `after` leave that id out, `around` has it in the middle; at most one of them.
    Without `limit` 100, or as many as the server allows.
    """

    DATA: ClassVar[object] = MessagesData
    conversation_id: Id
    limit: Page | None = None
    before: Id | None = None
    after: Id | None = None
    around: Id | None = None


class GetPinned(Request, tag="get_pinned", frozen=True, kw_only=True):
    """Read a conversation's pinned messages, newest first."""

    DATA: ClassVar[object] = MessagesData
    conversation_id: Id


class SearchData(Thing, frozen=True):
    """Messages that match, and their authors, once each."""

    messages: tuple[Message, ...]
    users: tuple[User, ...]


class SearchMessages(Request, tag="search_messages", frozen=True, kw_only=True):
    """Find messages that have all the words, in one's own conversations.

    `since` and `until` are Unix seconds. Newest first (`before` is a message id), or with `ranked`
    the best first among the newest thousand; 20 without a `limit`.
    """

    DATA: ClassVar[object] = SearchData
    BESIDE: ClassVar[dict[str, str]] = {
        "more": "whether there are more below",
        "next": "the `before` of the next page, or null",
    }
    query: Annotated[str, Meta(min_length=1, max_length=256)]
    conversation_id: Id | None = None
    sender: Username | None = None
    since: Seconds | None = None
    until: Seconds | None = None
    ranked: bool = False
    before: Id | None = None
    limit: Page | None = None


class ReactionData(Thing, frozen=True):
    """Somebody's reaction, and all the counts of the message as they are now."""

    conversation_id: int
    message_id: int
    username: str
    emoji: str
    reactions: tuple[Reaction, ...]


Emoji = Annotated[str, Meta(min_length=1), Limit("MAX_EMOJI_LENGTH")]


class AddReaction(Request, tag="add_reaction", frozen=True, kw_only=True):
    """React to a message with an emoji or a short word."""

    DATA: ClassVar[object] = ReactionData
    GOES_TO: ClassVar[str] = "all members"
    message_id: Id
    emoji: Emoji


class RemoveReaction(Request, tag="remove_reaction", frozen=True, kw_only=True):
    """Take a reaction back."""

    DATA: ClassVar[object] = ReactionData
    GOES_TO: ClassVar[str] = "all members"
    message_id: Id
    emoji: Emoji


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
