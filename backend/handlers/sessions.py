"""Where the viewer is logged in."""

from backend.handlers.base import Answer, publish
from backend.logs import Journal
from backend.protocol.errors import Code, Refused
from backend.protocol.sessions import (
    EndSession,
    GetSessions,
    Session,
    SessionEndedData,
    SessionsData,
)
from backend.store import sessions
from backend.store.engine.db import Db
from backend.store.log import Audience
from backend.views.viewer import Viewer

journal = Journal("parley.audit")


def get_sessions(db: Db, me: Viewer, request: GetSessions) -> Answer:
    """List the viewer's sessions, the newest first."""
    found = tuple(
        Session(
            id=row.id,
            device=row.device,
            address=row.address,
            created_at=row.created_at // 1000,
            last_seen=row.last_seen // 1000,
            expires_at=row.expires_at // 1000,
            current=row.id == me.session_id,
        )
        for row in sessions.list_for(db, me.id)
    )
    return Answer(SessionsData(sessions=found))


def end_session(db: Db, me: Viewer, request: EndSession) -> Answer:
    """End one of the viewer's sessions; the reply comes before its sockets close."""
    if request.id not in {row.id for row in sessions.list_for(db, me.id)}:
        raise Refused(Code.NOT_FOUND, f"no such session {request.id} exists", "id")
    row = publish(db, Audience.USER, me.id, "end_session", SessionEndedData(id=request.id))
    sessions.end(db, me.id, request.id, "logged out")
    text = "session %(session)d ended: %(who)s, by session %(by)d"
    journal.info("session_ended", text, session=request.id, who=me.username, by=me.session_id)
    return Answer(log_id=row)
