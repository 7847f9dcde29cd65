"""How far one has received and read."""

import sqlite3
from collections.abc import Mapping

from backend.handlers.base import Answer, PresenceView, Viewer, member_of, publish
from backend.handlers.conversation_view import has_receipts, me_in
from backend.protocol.errors import Code, Refused
from backend.protocol.messages import MarkData, MarkDelivered, MarkRead
from backend.store import conversations, marks, members, messages
from backend.store.conversations import Stay
from backend.store.log import Audience
from backend.store.marks import Waiting

MAX_WAITING = 200


def mark_read(db: sqlite3.Connection, me: Viewer, request: MarkRead) -> Answer:
    """Count everything up to a message as read, and so as delivered."""
    stay = member_of(db, me, request.conversation_id, "conversation_id")
    id_, seq = _target(db, me, stay, request.message_id)
    if id_ <= stay.read_id:
        return Answer(_data(db, me, stay))
    delivered_id = max(stay.delivered_id, id_)
    values = {"read_id": id_, "read_seq": seq, "delivered_id": delivered_id}
    members.update(db, stay.id, me.id, values)
    return _told(db, me, Waiting(stay.id, me.id, "mark_read"))


def mark_delivered(db: sqlite3.Connection, me: Viewer, request: MarkDelivered) -> Answer:
    """Count everything up to a message as delivered."""
    stay = member_of(db, me, request.conversation_id, "conversation_id")
    if stay.kind != "direct":
        text = "conversation_id: expected a direct conversation"
        raise Refused(Code.FORBIDDEN, text, "conversation_id")
    id_, _ = _target(db, me, stay, request.message_id)
    return _deliver(db, me, stay, id_)


def deliver_all(db: sqlite3.Connection, me: Viewer, conversation_ids: list[int]) -> Answer:
    """Count the direct conversations of one who has connected with a cursor as delivered."""
    for conversation_id in conversation_ids:
        stay = conversations.find(db, me.id, conversation_id)
        if stay is not None:
            _deliver(db, me, stay, stay.last_message_id)
    return Answer()


def _deliver(db: sqlite3.Connection, me: Viewer, stay: Stay, message_id: int) -> Answer:
    if message_id <= stay.delivered_id:
        return Answer(_data(db, me, stay, delivered=True))
    members.update(db, stay.id, me.id, {"delivered_id": message_id})
    return _told(db, me, Waiting(stay.id, me.id, "mark_delivered"))


def _target(db: sqlite3.Connection, me: Viewer, stay: Stay, message_id: int) -> tuple[int, int]:
    """The (id, seq) of the message that is marked; one the viewer cannot see is none."""
    found = messages.at_or_below(db, stay.id, message_id)
    visible = members.visible(db, stay.id, me.id)
    if found is None or found[0] != message_id or not messages.within(visible, message_id):
        raise Refused(Code.NOT_FOUND, f"no such message {message_id} exists", "message_id")
    return found


def _told(db: sqlite3.Connection, me: Viewer, mark: Waiting) -> Answer:
    """Log the mark now, or let it wait if the last one is less than a second old."""
    if marks.wait_if_soon(db, mark):
        stay = member_of(db, me, mark.conversation_id, "conversation_id")
        return Answer(_data(db, me, stay, delivered=mark.kind == "mark_delivered"))
    return Answer(row=write_mark(db, me, mark))


def write_mark(db: sqlite3.Connection, me: Viewer, mark: Waiting) -> int:
    """Replace the mark's log rows by ones that tell how far the reader is now."""
    marks.forget_row(db, mark)
    stay = member_of(db, me, mark.conversation_id, "conversation_id")
    delivered = mark.kind == "mark_delivered"
    if has_receipts(stay):
        told = _data(db, None, stay, delivered=delivered)
        publish(db, Audience.CONVERSATION, stay.id, mark.kind, told, skip_user=me.id)
    own = _data(db, me, stay, delivered=delivered)
    row = publish(db, Audience.USER, me.id, mark.kind, own)
    marks.note_row(db, mark, row)
    return row


def _data(
    db: sqlite3.Connection, me: Viewer | None, stay: Stay, *, delivered: bool = False
) -> MarkData:
    data = MarkData(
        conversation_id=stay.id,
        username=stay.username,
        message_id=stay.delivered_id if delivered else stay.read_id,
    )
    if me is None:
        return data
    return MarkData(
        conversation_id=data.conversation_id,
        username=data.username,
        message_id=data.message_id,
        me=me_in(db, me, stay),
    )


def waiting(db: sqlite3.Connection) -> list[Waiting]:
    """Marks that have waited long enough to be logged."""
    return marks.due(db, MAX_WAITING)


def write_waiting(
    db: sqlite3.Connection, limits: Mapping[str, int], presence: PresenceView
) -> None:
    """Log the marks that have waited long enough."""
    for mark in waiting(db):
        stay = conversations.find(db, mark.user_id, mark.conversation_id)
        if stay is None:
            marks.drop(db, mark)
        else:
            write_mark(db, Viewer(mark.user_id, stay.username, 0, presence, limits), mark)
