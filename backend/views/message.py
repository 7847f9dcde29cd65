"""Messages as they are told: to all alike, or to a reader with quotes and their own part."""

from collections.abc import Sequence

import msgspec

from backend.handlers.base import Viewer, in_seconds
from backend.protocol.models import Message, MessageMe, Quote, Reaction, User
from backend.store import members, messages, reactions, users
from backend.store.engine.db import Db
from backend.store.messages import MessageRow
from backend.views.user import seen

QUOTE_LENGTH = 140
_decode_names = msgspec.json.Decoder(tuple[str, ...]).decode


def as_pushed(
    row: MessageRow,
    counts: Sequence[tuple[str, int]] = (),
    quote: Quote | None = None,
    me: MessageMe | msgspec.UnsetType = msgspec.UNSET,
) -> Message:
    """A message; without `quote` and `me` it is the same for everybody."""
    return Message(
        id=row.id,
        seq=row.seq,
        conversation_id=row.conversation_id,
        kind=row.kind,  # type: ignore[arg-type]
        sender_id=row.sender_id,
        sender_username=row.sender_username,
        sender_fullname=row.sender_fullname,
        content=row.content,
        mentions=_decode_names(row.mentions) if row.mentions else (),
        reply_id=row.reply_id,
        quote=quote,
        client_id=row.client_id,
        sent_at=row.sent_at // 1000,
        edited_at=in_seconds(row.edited_at),
        deleted_at=in_seconds(row.deleted_at),
        reactions=tuple(Reaction(emoji=emoji, count=count) for emoji, count in counts),
        pinned=row.pinned_at is not None,
        me=me,
    )


def as_it_is(db: Db, row: MessageRow) -> Message:
    """A message with its reactions, as a push carries it."""
    return as_pushed(row, reactions.counts(db, [row.id]).get(row.id, ()))


def complete(db: Db, me: Viewer, rows: Sequence[MessageRow]) -> list[Message]:
    """Messages as the viewer reads them: with reactions, quotes, and what is their own."""
    ids = [row.id for row in rows]
    counts = reactions.counts(db, ids)
    own = reactions.own(db, me.id, counts) if counts else {}
    quotes = _quotes(db, me, [row for row in rows if row.reply_id is not None])
    return [
        as_pushed(
            row,
            counts.get(row.id, ()),
            quotes.get(row.reply_id or 0),
            MessageMe(reactions=tuple(own.get(row.id, ()))),
        )
        for row in rows
    ]


def authors(db: Db, me: Viewer, rows: Sequence[MessageRow]) -> tuple[User, ...]:
    """The senders of messages, once each, as the viewer may see them."""
    found = users.by_ids(db, sorted({row.sender_id for row in rows}))
    return tuple(seen(db, me, found.values()))


def _quotes(db: Db, me: Viewer, replies: Sequence[MessageRow]) -> dict[int, Quote]:
    if not replies:
        return {}
    originals = messages.by_ids(db, {row.reply_id for row in replies if row.reply_id is not None})
    conversation_ids = {row.conversation_id for row in originals.values()}
    ranges = {id_: members.visible(db, id_, me.id) for id_ in conversation_ids}
    return {
        id_: _quote(row, messages.within(ranges[row.conversation_id], id_))
        for id_, row in originals.items()
    }


def _quote(row: MessageRow, is_visible: bool) -> Quote:
    if not is_visible:
        return Quote(id=row.id, sender_id=None, sender_username=None, content=None)
    content = row.content
    if content is not None and len(content) > QUOTE_LENGTH:
        content = f"{content[: QUOTE_LENGTH - 1]}…"
    return Quote(
        id=row.id, sender_id=row.sender_id, sender_username=row.sender_username, content=content
    )
