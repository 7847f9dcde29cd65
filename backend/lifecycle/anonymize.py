"""Taking the name of an account that is gone out of what was told while it was there.

One step is one write of a few hundred rows, so that nobody waits for it: first the conversations
the account ever was in (made names, system messages, mentions), then the whole log. Each step can
be taken again without harm; after a crash the first part begins anew, the second where it was.
"""

from typing import NamedTuple

import msgspec

from backend.handlers.base import encode, publish
from backend.lifecycle import retelling
from backend.protocol.conversations import RenamedData
from backend.store import conversations, erasures, messages
from backend.store.engine.db import Db
from backend.store.erasures import Gone, NamingMessage, NamingRow
from backend.store.log import Audience

ROWS = 500
_decode_names = msgspec.json.Decoder(list[str]).decode


class Place(NamedTuple):
    """How far an erasure has got: in a conversation, by message id, or (0) in the log."""

    user_id: int
    conversation_id: int
    position: int


def begin(db: Db) -> Place | None:
    """Where to go on with an erasure; None when none is waiting."""
    found = erasures.waiting(db)
    if found is None:
        return None
    user_id, log_id = found
    return Place(user_id, 0, log_id) if log_id else _next_place(db, user_id, 0)


def step(db: Db, place: Place) -> Place | None:
    """Do a piece of an erasure; gives where to go on, None when it is finished."""
    gone = erasures.gone(db, place.user_id)
    if place.conversation_id:
        return _in_conversation(db, gone, place)
    return _in_log(db, gone, place)


def _next_place(db: Db, user_id: int, after: int) -> Place:
    """The next conversation, or the log if there is none."""
    return Place(user_id, erasures.next_conversation(db, user_id, after) or 0, 0)


def _in_conversation(db: Db, gone: Gone, place: Place) -> Place:
    if place.position == 0:
        _rename(db, gone, place.conversation_id)
    page = erasures.messages_page(db, place.conversation_id, place.position, ROWS)
    for message in page:
        _retell_message(db, gone, message)
    if len(page) == ROWS:
        return place._replace(position=page[-1].id)
    return _next_place(db, place.user_id, place.conversation_id)


def _rename(db: Db, gone: Gone, conversation_id: int) -> None:
    """Make the name of a conversation that was given none anew, and tell who is there."""
    row = conversations.known(db, conversation_id)
    name = row.name if row.named else retelling.listed(gone, row.name)
    if name != row.name:
        conversations.update(db, row.id, {"name": name})
        data = RenamedData(conversation_id=row.id, name=name, named=False)
        publish(db, Audience.CONVERSATION, row.id, "rename_conversation", data)


def _retell_message(db: Db, gone: Gone, message: NamingMessage) -> None:
    """Change what names the account in a message."""
    values: dict[str, object] = {}
    text = message.text
    if text is not None and retelling.sentence(gone, text) != text:
        values["content"] = retelling.sentence(gone, text)
    if message.mentions is not None:
        names = _decode_names(message.mentions)
        kept = retelling.without(gone, names)
        if kept != names:
            values["mentions"] = encode(kept).decode() if kept else None
    if values:
        messages.update(db, message.id, values)


def _in_log(db: Db, gone: Gone, place: Place) -> Place | None:
    last = erasures.log_page_end(db, place.position, ROWS)
    if last is None:
        erasures.finish(db, place.user_id)
        return None
    rows = erasures.log_page(db, gone, place.position, last)
    for row in rows:
        _retell_row(db, gone, row)
    if rows:
        erasures.reached(db, place.user_id, last)
    return place._replace(position=last)


def _retell_row(db: Db, gone: Gone, row: NamingRow) -> None:
    if row.is_own:  # it was for the account itself, or for its contacts: there are none any more
        erasures.drop_row(db, row.id)
    else:
        erasures.replace_body(db, row.id, retelling.body(gone, row.body))
