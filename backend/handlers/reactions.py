"""Reactions."""

import re

from backend import views
from backend.handlers.base import Answer, page_size, publish_about
from backend.handlers.messages import refuse_closed, visible_message
from backend.protocol.errors import Code, Refused
from backend.protocol.models import Reaction
from backend.protocol.reactions import (
    AddReaction,
    GetReactions,
    ReactionData,
    Reactor,
    ReactorsData,
    RemoveReaction,
)
from backend.store import reactions, users
from backend.store.engine.db import Db
from backend.store.messages import MessageRow
from backend.views.viewer import Viewer

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


def get_reactions(db: Db, me: Viewer, request: GetReactions) -> Answer:
    """A page of those who reacted to a message, by user id."""
    row, _ = visible_message(db, me, request.message_id)
    limit = page_size(me, request.limit, 100)
    given = reactions.given(db, row.id, request.emoji, request.after or 0, limit + 1)
    ids = list(given)[:limit]
    found = users.by_ids(db, ids)
    told = views.user.for_viewer(db, me, [found[id_] for id_ in ids])
    data = ReactorsData(
        conversation_id=row.conversation_id,
        message_id=row.id,
        reactors=tuple(Reactor(user=user, emojis=tuple(given[user.id])) for user in told),
    )
    more = len(given) > limit
    return Answer(data, extras={"more": more, "next": ids[-1] if more else None})


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
    return Answer(log_id=publish_about(db, row.conversation_id, row.id, type_, data))
