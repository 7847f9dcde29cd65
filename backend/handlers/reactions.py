"""Reactions and pins."""

import re

from backend.handlers.base import Answer, Viewer, publish
from backend.handlers.messages import change, refuse_closed, visible_message
from backend.protocol.errors import Code, Refused
from backend.protocol.messages import (
    AddReaction,
    PinMessage,
    ReactionData,
    RemoveReaction,
    UnpinMessage,
)
from backend.protocol.models import Reaction
from backend.store import messages, reactions
from backend.store.conversations import Membership
from backend.store.engine.db import Db
from backend.store.log import Audience, now_ms
from backend.store.messages import MessageRow
from backend.views.message import as_it_is

# White space and control characters; the joiners and tags that emojis are made with are fine.
NOT_A_WORD = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


def add_reaction(db: Db, me: Viewer, request: AddReaction) -> Answer:
    """React to a message; doing so twice changes nothing."""
    if NOT_A_WORD.search(request.emoji):
        text = "emoji: expected one emoji or a short word"
        raise Refused(Code.INVALID_REQUEST, text, "emoji")
    row, membership = visible_message(db, me, request.message_id)
    refuse_closed(membership, "message_id")
    if row.deleted_at is not None:
        raise Refused(Code.FORBIDDEN, "a deleted message takes no reactions", "message_id")
    limit = me.limits["MAX_REACTIONS"]
    known = [emoji for emoji, _ in reactions.counts(db, [row.id]).get(row.id, [])]
    if request.emoji not in known and len(known) >= limit:
        raise Refused(Code.TOO_LARGE, f"a message takes at most {limit} reactions", "emoji")
    if not reactions.add(db, row.id, me.id, request.emoji):
        return Answer(_data(db, me, row, request.emoji))
    return _told(db, me, row, "add_reaction", request.emoji)


def remove_reaction(db: Db, me: Viewer, request: RemoveReaction) -> Answer:
    """Take a reaction back; doing so twice changes nothing."""
    row, _ = visible_message(db, me, request.message_id)
    if not reactions.remove(db, row.id, me.id, request.emoji):
        return Answer(_data(db, me, row, request.emoji))
    return _told(db, me, row, "remove_reaction", request.emoji)


def _data(db: Db, me: Viewer, row: MessageRow, emoji: str) -> ReactionData:
    counts = reactions.counts(db, [row.id]).get(row.id, [])
    return ReactionData(
        conversation_id=row.conversation_id,
        message_id=row.id,
        username=me.username,
        emoji=emoji,
        reactions=tuple(Reaction(emoji=each, count=count) for each, count in counts),
    )


def _told(db: Db, me: Viewer, row: MessageRow, type_: str, emoji: str) -> Answer:
    data = _data(db, me, row, emoji)
    return Answer(log_id=publish(db, Audience.CONVERSATION, row.conversation_id, type_, data))


def pin_message(db: Db, me: Viewer, request: PinMessage) -> Answer:
    """Pin a message; doing so twice changes nothing."""
    row, membership = _pinnable(db, me, request.message_id)
    refuse_closed(membership, "message_id")
    if row.pinned_at is not None:
        return Answer(as_it_is(db, row))
    if row.deleted_at is not None:
        raise Refused(Code.FORBIDDEN, "a deleted message cannot be pinned", "message_id")
    limit = me.limits["MAX_PINS"]
    if messages.count_pinned(db, row.conversation_id) >= limit:
        text = f"a conversation has at most {limit} pinned messages"
        raise Refused(Code.TOO_LARGE, text, "message_id")
    return Answer(log_id=change(db, row.id, {"pinned_at": now_ms()}, "pin_message"))


def unpin_message(db: Db, me: Viewer, request: UnpinMessage) -> Answer:
    """Take a pin off; doing so twice changes nothing."""
    row, _ = _pinnable(db, me, request.message_id)
    if row.pinned_at is None:
        return Answer(as_it_is(db, row))
    return Answer(log_id=change(db, row.id, {"pinned_at": None}, "unpin_message"))


def _pinnable(db: Db, me: Viewer, message_id: int) -> tuple[MessageRow, Membership]:
    row, membership = visible_message(db, me, message_id)
    if membership.kind == "group" and membership.role == "member":
        text = "only an owner or a moderator may pin"
        raise Refused(Code.FORBIDDEN, text, "message_id")
    return row, membership
