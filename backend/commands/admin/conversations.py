"""Conversations, taken from everybody."""

import contextlib
import time
from collections.abc import Iterator

from backend.commands.database import CannotDo, opened
from backend.commands.output import Output
from backend.lifecycle import delete_conversation as lifecycle
from backend.settings import Settings
from backend.store.engine.db import FOREVER, OpenDb

PAUSE_SECONDS = 0.01


def delete_conversation(settings: Settings, out: Output, conversation_id: int) -> int:
    """Take a conversation from everybody, and what was said in it out of the database.

    It is gone for its members at once; the texts follow a few hundred at a time, so that a running
    server can write in between. Stopped half-way, it is to be run again.
    """
    with opened(settings) as db:
        with db.transaction():
            count = lifecycle.end_for_all(db, conversation_id)
            if count is None:
                raise CannotDo(f"there is no conversation {conversation_id}")
        _blank(db, conversation_id)
    text = f"deleted conversation {conversation_id}, which had {count} members"
    out.said(text, deleted=conversation_id, members=count)
    return 0


def _blank(db: OpenDb, conversation_id: int) -> None:
    below: int | None = FOREVER
    while below is not None:
        with _in_between(db):
            below = lifecycle.blank_below(db, conversation_id, below)
    more = True
    while more:
        with _in_between(db):
            more = lifecycle.drop_shared_rows(db, conversation_id)
    after: int | None = 0
    while after is not None:
        with _in_between(db):
            after = lifecycle.drop_own_rows(db, conversation_id, after)


@contextlib.contextmanager
def _in_between(db: OpenDb) -> Iterator[None]:
    """A transaction among the server's, which gets time for its own."""
    with db.transaction():
        yield
    time.sleep(PAUSE_SECONDS)
