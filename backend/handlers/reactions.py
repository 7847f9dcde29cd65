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
from backend.store.reactions import Count
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
    counts = reactions.counts_of(db, row.id)
    if reactions.is_given(db, row.id, me.id, request.emoji):
        return Answer(_data(me, row, request.emoji, counts))
    known, limit = dict(counts), me.limits["MAX_REACTIONS"]
    if request.emoji not in known and len(known) >= limit:
        raise Refused(Code.TOO_LARGE, f"a message takes at most {limit} reactions", "emoji")
    reactions.add(db, row.id, me.id, request.emoji)
    known[request.emoji] = known.get(request.emoji, 0) + 1
    return _told(db, me, row, "add_reaction", request.emoji, list(known.items()))


def remove_reaction(db: Db, me: Viewer, request: RemoveReaction) -> Answer:
    """Take a reaction back; doing so twice changes nothing."""
    row, _ = visible_message(db, me, request.message_id)
    was_there = reactions.remove(db, row.id, me.id, request.emoji)
    counts = reactions.counts_of(db, row.id)
    if not was_there:
        return Answer(_data(me, row, request.emoji, counts))
    return _told(db, me, row, "remove_reaction", request.emoji, counts)


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


def _data(me: Viewer, row: MessageRow, emoji: str, counts: list[Count]) -> ReactionData:
    return ReactionData(
        conversation_id=row.conversation_id,
        message_id=row.id,
        username=me.username,
        emoji=emoji,
        reactions=tuple(Reaction(emoji=each, count=count) for each, count in counts),
    )


def _told(
    db: Db, me: Viewer, row: MessageRow, type_: str, emoji: str, counts: list[Count]
) -> Answer:
    data = _data(me, row, emoji, counts)
    return Answer(log_id=publish_about(db, row.conversation_id, row.id, type_, data))
