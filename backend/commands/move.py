"""`python -m backend move --to WHERE`: everything from this database into one of another engine."""

import contextlib

from backend.commands.database import CannotDo, opened
from backend.commands.migrate import bring_up
from backend.commands.progress import progress
from backend.settings import Settings
from backend.store import dump, integrity, log
from backend.store.engine import ownership
from backend.store.engine.connection import is_postgres, open_database, shown
from backend.store.engine.db import OpenDb

HINT = """\
Now set {setting}, and start the server. Sessions and cursors go on there, and nobody has to log in
anew if JWTSECRET stays what it was{secret}."""


def move(settings: Settings, to: str) -> int:
    """Copy every row into the empty database at a URL, or at the path of a SQLite file.

    Not while a server runs. The source is only read. What has arrived is compared with it, by count
    and hash of each table, and checked as `check` does, before it is kept. Either all is, or
    nothing: a move that was stopped can be begun again. Files stay where FILES says.
    """
    if to == settings.database:
        raise CannotDo(f"{shown(to)} is the database itself")
    with (
        contextlib.closing(ownership.take(settings.database)),
        opened(settings) as source,
        contextlib.closing(ownership.take(to)),
        contextlib.closing(open_database(to)) as target,
    ):
        list(bring_up(target))
        if not dump.is_empty(target):
            raise CannotDo(f"{shown(to)} is in use by people; 'move' is to an empty one")
        total = dump.count(source)  # before: a transaction that waits for long is ended
        with target.transaction():
            count = _copy(source, target, total)
    print(f"moved {count} rows from {shown(settings.database)} to {shown(to)}")
    print(_hint(settings, to))
    return 0


def _copy(source: OpenDb, target: OpenDb, total: int) -> int:
    """Copy and compare; gives how many rows there are. Raises CannotDo unless all is there."""
    with source.snapshot():
        head = log.head(source)
        with progress("rows", total) as steps:
            found = dump.copy(source, target, steps.advance)
    for table, read in found.items():
        if read != (stored := dump.tally(target, table)):
            text = f"{stored.rows} rows arrived of {read.rows}, or they differ; nothing is kept"
            raise CannotDo(f"{table}: {text}")
    with progress("check", integrity.STEPS) as checks:
        faults = integrity.faults(target, checks.advance)
    if faults:
        raise CannotDo(f"nothing is kept, because 'check' finds: {faults[0]}")
    if log.head(source) != head:
        raise CannotDo("somebody has written to the database meanwhile: stop the servers first")
    return sum(read.rows for read in found.values())


def _hint(settings: Settings, to: str) -> str:
    setting = "DATABASE_URL to it" if is_postgres(to) else f"DBPATH={to} and no DATABASE_URL"
    is_kept = not settings.jwtsecret and not is_postgres(settings.database)
    secret = f": it is in {settings.dbpath}.secret" if is_kept else ""
    return HINT.format(setting=setting, secret=secret)
