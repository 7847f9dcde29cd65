"""Messages as they are told: to all alike, or to a reader with quotes and their own part."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from backend.protocol.actions import sentence
from backend.protocol.models import Attachment, Message, MessageMe, Quote, Reaction, User
from backend.store import messages, reactions, users
from backend.store.engine.db import Db
from backend.store.messages import MessageRow
from backend.views import file, user
from backend.views.viewer import Viewer

QUOTE_LENGTH = 140
UNTOUCHED = MessageMe(reactions=())
_decode_names = msgspec.json.Decoder(tuple[str, ...]).decode
_decode_ids = msgspec.json.Decoder(tuple[int, ...]).decode


def for_everyone(db: Db, row: MessageRow) -> Message:
    """A message with its reactions, as pushes carry it."""
    counts = reactions.counts_of(db, row.id)
    return _message(row, _names(db, [row]), counts, file.attached(db, row.id))


def for_viewer(db: Db, me: Viewer, rows: Sequence[MessageRow]) -> list[Message]:
    """Messages as the viewer reads them: with reactions, quotes, and what is their own."""
    counts = reactions.counts(db, [row.id for row in rows])
    attached = file.attachments(db, [row.id for row in rows])
    own = reactions.own(db, me.id, counts) if counts else {}
    names = _names(db, rows)
    quotes = _quotes(db, me, {row.reply_id for row in rows if row.reply_id is not None})
    return [
        _message(
            row,
            names,
            counts.get(row.id, ()),
            attached.get(row.id, ()),
            quotes.get(row.reply_id or 0),
            MessageMe(reactions=tuple(own[row.id])) if row.id in own else UNTOUCHED,
        )
        for row in rows
    ]


def as_left(row: MessageRow) -> Message:
    """A message to its sender who has left: nothing of what others made of it."""
    return _message(row._replace(pinned_at=None), {})


def authors(db: Db, me: Viewer, rows: Sequence[MessageRow]) -> tuple[User, ...]:
    """The senders of messages, once each, as the viewer may see them."""
    found = users.by_ids(db, sorted({row.sender_id for row in rows}))
    return tuple(user.for_viewer(db, me, found.values()))


def _names(db: Db, rows: Iterable[MessageRow]) -> dict[int, str]:
    """The usernames, as they are now, of all whom system messages are about."""
    ids = {id_ for row in rows if row.subjects for id_ in _decode_ids(row.subjects)}
    return {id_: found.username for id_, found in users.by_ids(db, ids).items()} if ids else {}


def _subjects(row: MessageRow, names: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(names[id_] for id_ in _decode_ids(row.subjects)) if row.subjects else ()


def _content(row: MessageRow, names: Mapping[int, str]) -> str | None:
    """The text, or of a system message the sentence that tells it."""
    if row.action is None:
        return row.content
    subjects = _subjects(row, names)
    return sentence(row.action, row.sender_username, subjects, row.content)  # type: ignore[arg-type]


def _message(
    row: MessageRow,
    names: Mapping[int, str],
    counts: Sequence[tuple[str, int]] = (),
    attachments: tuple[Attachment, ...] = (),
    quote: Quote | None = None,
    me: MessageMe | msgspec.UnsetType = msgspec.UNSET,
) -> Message:
    # nearly all are plain texts: what only others have is looked at in line
    return Message(
        id=row.id,
        seq=row.seq,
        conversation_id=row.conversation_id,
        kind=row.kind,  # type: ignore[arg-type]
        sender_id=row.sender_id,
        sender_username=row.sender_username,
        sender_fullname=row.sender_fullname,
        content=row.content if row.action is None else _content(row, names),
        action=row.action,  # type: ignore[arg-type]
        actor=row.sender_username if row.action else None,
        subjects=_subjects(row, names) if row.subjects else (),
        text=row.content if row.action else None,
        attachments=attachments,
        mentions=_decode_names(row.mentions) if row.mentions else (),
        reply_id=row.reply_id,
        quote=quote,
        client_id=row.client_id,
        sent_at=row.sent_at // 1000,
        edited_at=row.edited_at and row.edited_at // 1000,
        deleted_at=row.deleted_at and row.deleted_at // 1000,
        reactions=tuple([Reaction(emoji=emoji, count=count) for emoji, count in counts])
        if counts
        else (),
        pinned=row.pinned_at is not None,
        me=me,
    )


def _quotes(db: Db, me: Viewer, ids: set[int]) -> dict[int, Quote]:
    """What is replied to, blank where the viewer may not read it."""
    shown = messages.readable(db, me.id, ids) if ids else {}
    names = _names(db, shown.values())
    return {id_: _quote(id_, shown.get(id_), names) for id_ in ids}


def _quote(id_: int, row: MessageRow | None, names: Mapping[int, str]) -> Quote:
    if row is None:
        return Quote(id=id_, sender_id=None, sender_username=None, content=None)
    content = _content(row, names)
    if content is not None and len(content) > QUOTE_LENGTH:
        content = f"{content[: QUOTE_LENGTH - 1]}…"
    return Quote(
        id=id_, sender_id=row.sender_id, sender_username=row.sender_username, content=content
    )
