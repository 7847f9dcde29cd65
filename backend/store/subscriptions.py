"""What the server's memory holds of a user while they are connected, read in one go."""

from typing import NamedTuple

from backend.store import conversations, log, sessions, watchers
from backend.store.engine.db import FOREVER, Db
from backend.store.sessions import Identity
from backend.store.users import known


class Subscriptions(NamedTuple):
    """A user's memberships and watchers, as of the log position `position`."""

    identity: Identity
    position: int
    conversations: list[int]
    watchers: list[int]
    hide_presence: bool


def read(db: Db, identity: Identity) -> Subscriptions:
    """The roster of a user whose session is live; raises SessionOver."""
    live = sessions.require_live(db, identity)
    return Subscriptions(
        identity=live,
        position=log.head(db),
        conversations=conversations.ids_of_user(db, live.user_id),
        watchers=watchers.ids(db, live.user_id),
        hide_presence=bool(known(db, live.user_id).hide_presence),
    )


def undelivered(db: Db, user_id: int) -> list[int]:
    """The direct conversations in which something has not arrived at this user yet."""
    rows = db.execute(
        "SELECT c.id FROM members m JOIN conversations c ON c.id = m.conversation_id"
        f" WHERE m.user_id = ? AND m.left_id = {FOREVER} AND c.kind = 'direct'"
        " AND c.last_message_id > m.delivered_id",
        (user_id,),
    )
    return [row[0] for row in rows]
