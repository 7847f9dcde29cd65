"""Taking the name of an account that is gone out of what was told while it was there.

One step is one write of a few hundred rows, so that nobody waits for it: first the conversations
the account ever was in (made names, mentions, its files), then the whole log. Each step can
be taken again without harm; after a crash the first part begins anew, the second where it was.
"""

from functools import partial
from typing import NamedTuple

import msgspec

from backend.handlers.base import encode, publish
from backend.handlers.conversations import made_name
from backend.handlers.messages import withdraw_files
from backend.lifecycle import retelling
from backend.protocol.conversations import RenamedData
from backend.store import conversations, erasures, files, messages
from backend.store.engine.db import Db
from backend.store.erasures import Gone, Mentioning, NamingRow
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


def step(db: Db, place: Place, max_name: int) -> Place | None:
    """Do a piece of an erasure; gives where to go on, None when it is finished.

    `max_name` is how long the made name of a conversation may be.
    """
    gone = erasures.gone(db, place.user_id)
    if place.conversation_id:
        return _in_conversation(db, gone, place, max_name)
    return _in_log(db, gone, place, max_name)


def _next_place(db: Db, user_id: int, after: int) -> Place:
    """The next conversation, or the log if there is none."""
    return Place(user_id, erasures.next_conversation(db, user_id, after) or 0, 0)


def _in_conversation(db: Db, gone: Gone, place: Place, max_name: int) -> Place:
    if place.position == 0:
        _rename(db, place.conversation_id, max_name)
    page = erasures.messages_page(db, place.conversation_id, place.position, ROWS)
    for message in page:
        _retell_message(db, gone, message)
    _withdraw_files(db, gone, [message.id for message in page])
    if len(page) == ROWS:
        return place._replace(position=page[-1].id)
    return _next_place(db, place.user_id, place.conversation_id)


def _withdraw_files(db: Db, gone: Gone, message_ids: list[int]) -> None:
    """Take the files that the account sent out of its messages."""
    for message_id, found in files.of_messages(db, message_ids).items():
        if found[0].owner_id == gone.user.id:
            withdraw_files(db, message_id)


def _rename(db: Db, conversation_id: int, max_name: int) -> None:
    """Make the name of a conversation that was given none anew, and tell who is there."""
    row = conversations.known(db, conversation_id)
    is_made = not row.named and row.name  # a conversation that was deleted has no name at all
    name = made_name(db, row.id, max_name) if is_made else row.name
    if name != row.name:
        conversations.update(db, row.id, {"name": name})
        data = RenamedData(conversation_id=row.id, name=name, named=False)
        publish(db, Audience.CONVERSATION, row.id, "rename_conversation", data)


def _retell_message(db: Db, gone: Gone, message: Mentioning) -> None:
    """Take the account out of who is mentioned in a message."""
    if message.mentions is None:
        return
    names = _decode_names(message.mentions)
    kept = retelling.without(gone, names)
    if kept != names:
        messages.update(db, message.id, {"mentions": encode(kept).decode() if kept else None})


def _in_log(db: Db, gone: Gone, place: Place, max_name: int) -> Place | None:
    last = erasures.log_page_end(db, place.position, ROWS)
    if last is None:
        erasures.finish(db, place.user_id)
        return None
    rows = erasures.log_page(db, gone, place.position, last)
    for row in rows:
        _retell_row(db, gone, row, max_name)
    if rows:
        erasures.reached(db, place.user_id, last)
    return place._replace(position=last)


def _retell_row(db: Db, gone: Gone, row: NamingRow, max_name: int) -> None:
    if row.is_own:  # it was for the account itself, or for its contacts: there are none any more
        erasures.drop_row(db, row.id)
    else:
        name_of = partial(made_name, db, limit=max_name)
        erasures.replace_body(db, row.id, retelling.body(gone, row.body, name_of))
