"""Upkeep: the room that the database takes, and the index that search goes by."""

import asyncio
import contextlib

from backend.commands.database import opened
from backend.commands.output import Output, Size, size
from backend.commands.progress import progress
from backend.settings import Settings
from backend.store import indexer
from backend.store.engine import ownership
from backend.store.engine.connection import is_postgres, shown
from backend.store.engine.ownership import Owned

CHECKPOINT_MS = 5000


def vacuum(settings: Settings, out: Output) -> int:
    """Write the database anew without the room that deleted rows had; not while a server runs."""
    with (
        contextlib.closing(ownership.take(settings.database)),
        opened(settings) as db,
        progress("vacuum"),
    ):
        before = db.size()
        db.vacuum()
        db.checkpoint(CHECKPOINT_MS)
        after = db.size()
    text = f"{shown(settings.database)} had {size(before)} and has {size(after)}"
    out.said(text, before=Size(before), after=Size(after))
    return 0


def rebuild_search(settings: Settings, out: Output) -> int:
    """Make the search index anew; a server that runs does it by itself, beside its work.

    On PostgreSQL that is left to the servers, also to those that are yet to be started.
    """
    with opened(settings):
        pass  # there is one, of this version
    if not is_postgres(settings.database):
        with contextlib.suppress(Owned), contextlib.closing(ownership.take(settings.database)):
            return _rebuild(settings, out)
    indexer.forget(settings.database)
    out.said("the server makes the search index anew", by="server")
    return 0


def _rebuild(settings: Settings, out: Output) -> int:
    with progress("search") as steps:
        count = asyncio.run(indexer.rebuild(settings.database, steps.reach))
    out.said(f"looked at {count} messages for the search index", by="command", messages=count)
    return 0
