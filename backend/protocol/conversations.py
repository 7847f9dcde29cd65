"""Requests about conversations as a whole."""

from typing import Annotated, ClassVar, Literal

from backend.protocol.base import (
    ClientId,
    Id,
    Limit,
    Name,
    Page,
    Position,
    Request,
    Seconds,
    Usernames,
)
from backend.protocol.models import Conversation, ConversationInfo, ConversationMe, Thing


class CreateConversation(Request, tag="create_conversation", frozen=True, kw_only=True):
    """Start a conversation with `members`; without a `name` it is named after them.

    A `direct` one has exactly one other member, no name of its own, and is one per pair, for ever.
    `history_shown`
    lets who joins a group later see what was said before.
    """

    DATA: ClassVar[object] = Conversation
    REPLY_FIELDS: ClassVar[dict[str, str]] = {
        "status": "`created` or `exists`",
        "duplicate": "true when this `client_id` had created or found it before",
    }
    GOES_TO: ClassVar[str] = "all members; also to who is added later"
    NAMES: ClassVar[str | None] = "members"
    members: Usernames
    name: Name | None = None
    kind: Literal["direct", "group"] = "group"
    history_shown: bool = False
    client_id: ClientId | None = None


class GetConversations(Request, tag="get_conversations", frozen=True, kw_only=True):
    """List one's conversations, the latest activity first; `before` is an `activity`.

    Without `limit` 100, or as many as the server allows.
    """

    DATA: ClassVar[object] = tuple[Conversation, ...]
    REPLY_FIELDS: ClassVar[dict[str, str]] = {
        "more": "whether there are more below",
        "next": "the `before` of the next page, or null",
    }
    limit: Page | None = None
    before: Position | None = None


class GetConversationInfo(Request, tag="get_conversation_info", frozen=True, kw_only=True):
    """Tell about one conversation, by `id` or by the `client_id` one has begun or found it with."""

    DATA: ClassVar[object] = ConversationInfo
    id: Id | None = None
    client_id: ClientId | None = None


class RenamedData(Thing, frozen=True):
    """A conversation's new name; `named` is false when it is made from the members again."""

    conversation_id: int
    name: str
    named: bool


class RenameConversation(Request, tag="rename_conversation", frozen=True, kw_only=True):
    """Give a group a name (owner or moderator)."""

    DATA: ClassVar[object] = RenamedData
    GOES_TO: ClassVar[str] = "all members"
    conversation_id: Id
    name: Name


class TopicData(Thing, frozen=True):
    """A conversation's new topic."""

    conversation_id: int
    topic: str


class SetTopic(Request, tag="set_topic", frozen=True, kw_only=True):
    """Say what a group is about (owner or moderator); empty for nothing."""

    DATA: ClassVar[object] = TopicData
    GOES_TO: ClassVar[str] = "all members"
    conversation_id: Id
    topic: Annotated[str, Limit("MAX_TOPIC_LENGTH")]


class ConversationMeData(Thing, frozen=True):
    """One's own part of a conversation."""

    conversation_id: int
    me: ConversationMe


class MuteConversation(Request, tag="mute_conversation", frozen=True, kw_only=True):
    """Mute a conversation for oneself until a time (Unix seconds; null: not muted)."""

    DATA: ClassVar[object] = ConversationMeData
    GOES_TO: ClassVar[str] = "your sockets"
    conversation_id: Id
    until: Seconds | None = None


class ArchiveConversation(Request, tag="archive_conversation", frozen=True, kw_only=True):
    """Put a conversation into one's own archive, or take it out.

    There it stays when a message comes, which is unread like any other.
    """

    DATA: ClassVar[object] = ConversationMeData
    GOES_TO: ClassVar[str] = "your sockets"
    conversation_id: Id
    archived: bool = True


class TypingData(Thing, frozen=True):
    """Somebody is typing; forget it after `expires_in_ms`, or when their message comes."""

    conversation_id: int
    username: str
    active: bool
    expires_in_ms: int


class Typing(Request, tag="typing", frozen=True, kw_only=True):
    """Say that one is typing (again every few seconds), or has stopped; never stored.

    A few who type in a conversation are told of at a time; the others are when one has stopped.
    """

    DATA: ClassVar[object] = TypingData
    GOES_TO: ClassVar[str] = "the other members who are online; not durable"
    conversation_id: Id
    active: bool = True
