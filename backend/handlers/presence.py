"""Presence: who is online."""

from backend import views
from backend.handlers.base import Answer
from backend.protocol.presence import GetPresence, Presence, PresenceData
from backend.store import users
from backend.store.engine.db import Db
from backend.views.viewer import Viewer


def get_presence(db: Db, me: Viewer, request: GetPresence) -> Answer:
    """Tell the presence of people; unknown ones look like those who may not be seen."""
    known = users.by_usernames(db, request.usernames)
    rows = {name: known.get(users.fold(name)) for name in request.usernames}
    found = views.user.for_viewer(db, me, known.values())
    shown = {user.id: user for user in found}
    presence = []
    for name, row in rows.items():
        user = shown[row.id] if row is not None else None
        presence.append(
            Presence(
                username=name,
                is_online=user.is_online if user else None,
                last_online=user.last_online if user else None,
            )
        )
    return Answer(PresenceData(presence=tuple(presence)))
