"""Epochs: the runs of the database, by which a cursor is known to be of this history."""

import secrets
from typing import NamedTuple

from backend.store import log
from backend.store.engine.db import Db


class Begun(NamedTuple):
    """The epoch whose name cursors carry, if there are any, and how far the log has been read.

    `lost` says that more of it had been read before, which this history does not have.
    """

    epoch: str | None
    position: int
    lost: bool = False


def start_epoch(db: Db) -> str:
    """The epoch of this run of the database, recorded now if it is new; gives its name."""
    run = db.run_name()
    newest = db.execute("SELECT epoch, run FROM epochs ORDER BY number DESC LIMIT 1").fetchone()
    if newest is not None and newest[1] == run:
        return str(newest[0])
    epoch = secrets.token_hex(5)
    db.execute(
        "INSERT INTO epochs (epoch, number, start_id, started_at, run)"
        " SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ? FROM epochs",
        (epoch, log.head(db), log.now_ms(), run),
    )
    return epoch


def go_on(db: Db, here: Begun) -> Begun:
    """Where to go on from `here` on a connection that is new: maybe to another history.

    What was read and is no more is not gone on from: then it is where that history ends now. To be
    called before anything is written.
    """
    if here.epoch is None:
        return here
    epoch = start_epoch(db)
    if covers(db, here.epoch, here.position):
        return Begun(epoch, here.position)
    return Begun(epoch, log.head(db), lost=True)


def covers(db: Db, epoch: str, position: int) -> bool:
    """Whether this history had a server of that epoch that could name that position.

    A copy of the database shares the epochs up to the copy, but not what came after: there its
    next start is recorded at a lower position than the original went on to.
    """
    found = db.execute(
        "SELECT (SELECT min(b.start_id) FROM epochs b WHERE b.number > a.number)"
        " FROM epochs a WHERE a.epoch = ?",
        (epoch,),
    ).fetchone()
    if found is None:
        return False
    return position <= (log.head(db) if found[0] is None else int(found[0]))
