"""Reports of messages to the operator."""

from backend.handlers.base import Answer
from backend.handlers.messages import visible_message
from backend.protocol.errors import Code, Refused
from backend.protocol.reports import ReportData, ReportMessage
from backend.store import reports
from backend.store.engine.db import Db
from backend.views.viewer import Viewer


def report_message(db: Db, me: Viewer, request: ReportMessage) -> Answer:
    """Tell the operator of a message the viewer may read; what was closed is open again."""
    row, _ = visible_message(db, me, request.message_id)
    limit = me.limits["MAX_REPORTS"]
    if len(reports.open_of(db, me.id) - {row.id}) >= limit:
        text = f"at most {limit} of your reports can wait for the operator"
        raise Refused(Code.TOO_LARGE, text, "message_id")
    reports.note(db, row.id, me.id, request.reason)
    return Answer(ReportData(message_id=row.id))
