"""What the server's memory holds of a user while they are connected, read in one go."""

from typing import NamedTuple

from backend.store import conversations, log, sessions, watchers
from backend.store.engine.db import FOREVER, Db
from backend.store.sessions import Identity
from backend.store.users import known

NEWEST_EPOCH = "SELECT epoch FROM epochs ORDER BY number DESC LIMIT 1"


class Subscriptions(NamedTuple):
    """A user's memberships and watchers, as of the log position `position` in the newest epoch."""

    identity: Identity
    position: int
    epoch: str
    conversations: list[int]
    watchers: list[int]
    hide_presence: bool


def read(db: Db, identity: Identity) -> Subscriptions:
    """The roster of a user whose session is live; raises SessionOver."""
    live = sessions.require_live(db, identity)
    return Subscriptions(
        identity=live,
        position=log.head(db),
        epoch=db.execute(NEWEST_EPOCH).fetchone()[0],
        conversations=conversations.ids_of_user(db, live.user_id),
        watchers=watchers.ids(db, live.user_id),
        hide_presence=bool(known(db, live.user_id).hide_presence),
    )


def arrived(db: Db, user_id: int, position: int) -> list[tuple[int, int]]:
    """What a user has who has everything up to a position of the log, and was not known to have.

    Gives (conversation id, message id) for direct conversations: the newest message up to there.
    """
    rows = db.execute(
        "SELECT c.id, (SELECT l.message_id FROM log l WHERE l.audience = 0 AND l.target = c.id"
        "  AND l.id <= :position AND l.type = 'send_message' ORDER BY l.id DESC LIMIT 1)"
        " FROM members m JOIN conversations c ON c.id = m.conversation_id"
        f" WHERE m.user_id = :user AND m.left_id = {FOREVER} AND c.kind = 'direct'"
        " AND c.last_message_id > m.delivered_id",
        {"user": user_id, "position": position},
    )
    return [(row[0], row[1]) for row in rows if row[1] is not None]
