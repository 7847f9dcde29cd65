"""Pinned messages."""

from backend import views
from backend.handlers.base import Answer, member_of
from backend.handlers.messages import change, chosen, refuse_closed, visible_message
from backend.protocol.errors import Code, Refused
from backend.protocol.pins import GetPinned, PinMessage, UnpinMessage
from backend.store import members, messages
from backend.store.conversations import Membership
from backend.store.engine.db import Db
from backend.store.log import now_ms
from backend.store.messages import MessageRow
from backend.views.viewer import Viewer


def pin_message(db: Db, me: Viewer, request: PinMessage) -> Answer:
    """Pin a message; doing so twice changes nothing."""
    row, membership = _pinnable(db, me, request.message_id)
    refuse_closed(membership, "message_id")
    if row.pinned_at is not None:
        return Answer(views.message.for_everyone(db, row))
    if row.deleted_at is not None:
        raise Refused(Code.FORBIDDEN, "a deleted message cannot be pinned", "message_id")
    limit = me.limits["MAX_PINS"]
    if messages.count_pinned(db, row.conversation_id) >= limit:
        text = f"a conversation has at most {limit} pinned messages"
        raise Refused(Code.TOO_LARGE, text, "message_id")
    return Answer(log_id=change(db, row.id, {"pinned_at": now_ms()}, "pin_message"))


def unpin_message(db: Db, me: Viewer, request: UnpinMessage) -> Answer:
    """Take a pin off; doing so twice changes nothing."""
    row, _ = _pinnable(db, me, request.message_id)
    if row.pinned_at is None:
        return Answer(views.message.for_everyone(db, row))
    return Answer(log_id=change(db, row.id, {"pinned_at": None}, "unpin_message"))


def _pinnable(db: Db, me: Viewer, message_id: int) -> tuple[MessageRow, Membership]:
    row, membership = visible_message(db, me, message_id)
    if membership.kind == "group" and membership.role == "member":
        text = "only an owner or a moderator may pin"
        raise Refused(Code.FORBIDDEN, text, "message_id")
    return row, membership


def get_pinned(db: Db, me: Viewer, request: GetPinned) -> Answer:
    """A conversation's pinned messages, newest first."""
    member_of(db, me, request.conversation_id, "conversation_id")
    ranges = members.visible(db, request.conversation_id, me.id)
    rows = messages.pinned(db, request.conversation_id, ranges, me.limits["MAX_PINS"])
    return chosen(db, me, request.conversation_id, rows)
