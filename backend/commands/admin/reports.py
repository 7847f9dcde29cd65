"""What people have reported."""

from backend.commands.admin.common import note
from backend.commands.database import CannotDo, committing, opened
from backend.commands.output import Moment, Output
from backend.settings import Settings
from backend.store import reports as stored_reports

NAMES = (
    "message_id", "conversation_id", "author", "reporter", "reason", "content", "reported",
    "closed",
)  # fmt: skip


def reports(settings: Settings, out: Output, *, with_closed: bool) -> int:
    """List the reports that wait, or all of them, the oldest first."""
    with opened(settings) as db:
        found = stored_reports.listed(db, with_closed=with_closed)
    out.rows(
        NAMES,
        [(*each[:6], Moment(each.created_at), Moment(each.closed_at)) for each in found],
    )
    return 0


def close_report(settings: Settings, out: Output, message_id: int) -> int:
    """Let the reports of a message wait no more."""
    with committing(settings) as db:
        count = stored_reports.close(db, message_id)
        if not count:
            raise CannotDo(f"no report of message {message_id} waits")
    note("reports closed", f"of message {message_id}")
    out.said(f"closed {count} reports of message {message_id}", closed=count, message_id=message_id)
    return 0
