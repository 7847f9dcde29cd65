"""Requests about reactions."""

from typing import Annotated, ClassVar

from msgspec import Meta

from backend.protocol.base import Id, Limit, Request
from backend.protocol.models import Reaction, Thing


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
