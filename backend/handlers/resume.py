"""What a socket that opens with a cursor has missed."""

from typing import NamedTuple

from backend import views
from backend.protocol.connection import Reason, Status
from backend.protocol.cursor import read_cursor
from backend.protocol.models import SelfUser
from backend.store import epochs, log, replay, sessions, subscriptions
from backend.store.engine.db import FOREVER, Db
from backend.store.replay import Missed
from backend.store.sessions import Identity
from backend.store.subscriptions import Subscriptions
from backend.views.viewer import Viewer

NOTHING: tuple[list[int], list[Missed]] = ([], [])


class Opening(NamedTuple):
    """What is read before the first frame, in one snapshot."""

    subscriptions: Subscriptions
    status: Status
    reason: Reason | None
    position: int
    missed: list[int]
    page: list[Missed]
    self_user: SelfUser
    arrived: list[tuple[int, int]]


def read_opening(
    db: Db,
    identity: Identity,
    me: Viewer,
    cursor: str,
    max_events: int,
    page_bytes: int,
) -> Opening:
    """Where a cursor leads; raises SessionOver."""
    found = subscriptions.read(db, identity)
    status, reason, position, (missed, page) = _judge(db, found, cursor, max_events, page_bytes)
    return Opening(
        subscriptions=found,
        status=status,
        reason=reason,
        position=position,
        missed=missed,
        page=page,
        self_user=views.user.for_self(db, me.id),
        arrived=subscriptions.arrived(db, identity.user_id, position) if status == "ok" else [],
    )


def _judge(
    db: Db, found: Subscriptions, text: str, max_events: int, page_bytes: int
) -> tuple[Status, Reason | None, int, tuple[list[int], list[Missed]]]:
    """(status, reason, position to go on from, ids missed and the first page of them)."""
    if not text:
        return "start", None, found.position, NOTHING
    user_id = found.identity.user_id
    cursor = read_cursor(text, user_id)
    if cursor is None or not epochs.covers(db, cursor.epoch, cursor.position):
        return "reset", "unknown", found.position, NOTHING
    if cursor.position < log.floor(db):
        return "reset", "too_old", found.position, NOTHING
    if cursor.position == found.position:  # most are back within moments
        return "ok", None, cursor.position, NOTHING
    missed = replay.missed(db, user_id, cursor.position, max_events + 1, page_bytes)
    if len(missed[0]) > max_events:
        return "reset", "too_many", found.position, NOTHING
    return "ok", None, cursor.position, missed


class Overtaken(Exception):
    """Rows that were still to be sent have been let go meanwhile: the client is to come back."""


def read_page(identity: Identity, ids: list[int], page_bytes: int, db: Db) -> list[Missed]:
    """The next of the rows missed; raises SessionOver, and Overtaken rather than leaving a gap."""
    sessions.require_live(db, identity)
    if log.floor(db) >= ids[0]:
        raise Overtaken
    return replay.read_rows(db, identity.user_id, ids, page_bytes)


class Since(NamedTuple):
    """What has come since a position: the roster as it is, ids missed, their first page."""

    subscriptions: Subscriptions
    missed: list[int]
    page: list[Missed]


def read_since(identity: Identity, position: int, page_bytes: int, db: Db) -> Since:
    """What has come above a position of the log; raises SessionOver, and Overtaken when some of it
    is gone already."""
    if log.floor(db) > position:
        raise Overtaken
    found = subscriptions.read(db, identity)
    return Since(found, *replay.missed(db, found.identity.user_id, position, FOREVER, page_bytes))
