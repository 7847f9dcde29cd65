"""Requests about reactions."""

from typing import Annotated, ClassVar

from msgspec import Meta

from backend.protocol.base import Id, Limit, Page, Request
from backend.protocol.models import Reaction, Thing, User


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


class Reactor(Thing, frozen=True):
    """Somebody who reacted to a message, and with what."""

    user: User
    emojis: tuple[str, ...]


class ReactorsData(Thing, frozen=True):
    """Who reacted to a message."""

    conversation_id: int
    message_id: int
    reactors: tuple[Reactor, ...]


class GetReactions(Request, tag="get_reactions", frozen=True, kw_only=True):
    """Tell who reacted to a message, by user id; with `emoji` only who gave that one.

    `after` is the last user id of the page before. Without `limit` 100, or as many as the server
    allows.
    """

    DATA: ClassVar[object] = ReactorsData
    REPLY_FIELDS: ClassVar[dict[str, str]] = {
        "more": "whether there are more",
        "next": "the `after` of the next page, or null",
    }
    message_id: Id
    emoji: Emoji | None = None
    limit: Page | None = None
    after: Id | None = None
