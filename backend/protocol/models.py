"""The things that are told: users, conversations, messages. Every field is always there.

Times (`*_at`, `last_online`) are integer Unix seconds. `me` holds what differs per viewer and
stands only in replies and in pushes to one's own sockets.
"""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from backend.protocol.actions import Action

Role = Literal["owner", "moderator", "member"]
ReachableBy = Literal["everyone", "contacts"]


class Thing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of what stands in `data`."""


class User(Thing, frozen=True):
    """A person; presence is null to those who may not see it.

    `avatar` is the path of a square of 512 px; with `/96` for `/512` at its end, of 96 px. It
    changes with the picture, and is answered to anybody logged in.
    """

    id: int
    username: str
    fullname: str
    bio: str
    avatar: str | None
    is_online: bool | None
    last_online: int | None
    created_at: int


class SelfUser(User, frozen=True):
    """The connected user, with what only they see."""

    email: str | None
    hide_presence: bool
    reachable_by: ReachableBy
    updated_at: int


class UsernameData(Thing, frozen=True):
    """The user it was about."""

    username: str


class Quote(Thing, frozen=True):
    """The start of the message that is replied to; `content` is null if it is deleted or unseen."""

    id: int
    sender_id: int | None
    sender_username: str | None
    content: str | None


class Reaction(Thing, frozen=True):
    """How many reacted to a message with this emoji."""

    emoji: str
    count: int


class MessageMe(Thing, frozen=True):
    """The viewer's part of a message."""

    reactions: tuple[str, ...]


class Attachment(Thing, frozen=True):
    """A file. `width` and `height` are pixels as a picture is seen; null where there are none.

    `url` and `thumbnail` are paths, answered to whoever may read the message. `waveform` is how
    loud a recording is over its time, 0 to 100.
    """

    id: int
    name: str
    mime_type: str
    size: int
    width: int | None
    height: int | None
    duration_ms: int | None
    waveform: tuple[int, ...] | None
    thumbnail: str | None
    url: str
    created_at: int


class Message(Thing, frozen=True, kw_only=True):
    """A message; `content` is null once it is deleted. `quote` is resolved in reads only.

    `seq` counts what people wrote in the conversation. A `system` message tells what `actor` did
    to `subjects` (usernames), with `text` (the new name, the new role); its `content` is that as an
    English sentence and its `seq` that of the last message before it that somebody wrote.
    """

    id: int
    seq: int
    conversation_id: int
    kind: Literal["text", "system"]
    sender_id: int
    sender_username: str
    sender_fullname: str
    content: str | None
    action: Action | None = None
    actor: str | None = None
    subjects: tuple[str, ...] = ()
    text: str | None = None
    attachments: tuple[Attachment, ...] = ()
    mentions: tuple[str, ...] = ()
    reply_id: int | None = None
    quote: Quote | None = None
    client_id: str | None = None
    sent_at: int
    edited_at: int | None = None
    deleted_at: int | None = None
    reactions: tuple[Reaction, ...] = ()
    pinned: bool = False
    me: MessageMe | UnsetType = UNSET


class ConversationMe(Thing, frozen=True):
    """The viewer's part of a conversation; `muted_until` is Unix seconds.

    `marked_unread` is the viewer's own mark (`mark_unread`), whatever there is to read.
    """

    unread_count: int
    mention_count: int
    first_unread_id: int | None
    last_read_id: int
    role: Role
    muted_until: int | None
    archived: bool
    marked_unread: bool


class Conversation(Thing, frozen=True, kw_only=True):
    """A conversation. `activity` is the `at` of the last message somebody wrote in it, or of its
    beginning; lists are ordered by it. `last_message` is that message, null if the viewer may not
    read it.

    `members` are usernames, at most 100; `participants` at most 10 of them in full, in a direct
    conversation both. `delivered_to_all_id` and `read_by_all_id` are message ids, null in groups
    over 100 members and in a direct conversation whose other member cannot be reached.
    """

    id: int
    kind: Literal["direct", "group"]
    name: str
    named: bool
    topic: str
    avatar: str | None
    history_shown: bool
    created_at: int
    updated_at: int
    activity: int
    member_count: int
    members: tuple[str, ...]
    participants: tuple[User, ...]
    last_message: Message | None
    delivered_to_all_id: int | None
    read_by_all_id: int | None
    me: ConversationMe | UnsetType = UNSET


class Receipt(Thing, frozen=True):
    """How far one member has got in a conversation, by message ids; 0 is not at all."""

    username: str
    delivered_id: int
    read_id: int


class ConversationInfo(Conversation, frozen=True, kw_only=True):
    """One conversation, with how far its first 100 members have read (empty above 100)."""

    receipts: tuple[Receipt, ...]
