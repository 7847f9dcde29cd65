"""How far one has received and read."""

from collections.abc import Iterable

import msgspec

from backend import views
from backend.handlers.base import Answer, member_of, publish
from backend.protocol.conversations import ConversationMeData
from backend.protocol.errors import Code, Refused
from backend.protocol.marks import MarkData, MarkDelivered, MarkRead, MarkUnread
from backend.protocol.models import ConversationMe
from backend.store import conversations, marks, members, messages
from backend.store.conversations import Membership
from backend.store.engine.db import Db
from backend.store.log import Audience
from backend.store.marks import Waiting
from backend.store.members import Reach
from backend.views.viewer import Viewer

MAX_WAITING = 200


def mark_read(db: Db, me: Viewer, request: MarkRead) -> Answer:
    """Count everything up to a message as read, and so as delivered."""
    membership = member_of(db, me, request.conversation_id, "conversation_id")
    id_, seq = _target(db, me, membership, request.message_id)
    if id_ <= membership.read_id:
        return _looked_at(db, membership)
    delivered_id = max(membership.delivered_id, id_)
    after = msgspec.structs.replace(
        membership, read_id=id_, read_seq=seq, delivered_id=delivered_id, marked_unread=0
    )
    return _told(db, after, views.conversation.own_part(db, after), "mark_read")


def _looked_at(db: Db, membership: Membership) -> Answer:
    """What was read before is read again: at most one's own mark goes, which is nobody else's."""
    after = msgspec.structs.replace(membership, marked_unread=0)
    data = _own(after, views.conversation.own_part(db, after), "mark_read")
    if not membership.marked_unread:
        return Answer(data)
    members.update(db, membership.id, membership.user_id, {"marked_unread": 0})
    return Answer(log_id=publish(db, Audience.USER, membership.user_id, "mark_read", data))


def mark_unread(db: Db, me: Viewer, request: MarkUnread) -> Answer:
    """Mark a conversation as unread for the viewer, or no more; twice changes nothing."""
    membership = member_of(db, me, request.conversation_id, "conversation_id")
    marked = msgspec.structs.replace(membership, marked_unread=int(request.marked))
    mine = views.conversation.own_part(db, marked)
    data = ConversationMeData(conversation_id=membership.id, me=mine)
    if marked == membership:
        return Answer(data)
    members.update(db, membership.id, me.id, {"marked_unread": marked.marked_unread})
    return Answer(log_id=publish(db, Audience.USER, me.id, "mark_unread", data))


def mark_delivered(db: Db, me: Viewer, request: MarkDelivered) -> Answer:
    """Count everything up to a message as delivered."""
    membership = member_of(db, me, request.conversation_id, "conversation_id")
    if membership.kind != "direct":
        text = "conversation_id: expected a direct conversation"
        raise Refused(Code.FORBIDDEN, text, "conversation_id")
    id_, _ = _target(db, me, membership, request.message_id)
    return _deliver(db, membership, id_)


def deliver_all(db: Db, me: Viewer, arrived: list[tuple[int, int]]) -> Answer:
    """Count as delivered what a cursor proves to have arrived: (conversation id, message id)."""
    for conversation_id, message_id in arrived:
        membership = conversations.find(db, me.id, conversation_id)
        if membership is not None:
            _deliver(db, membership, message_id)
    return Answer()


def _deliver(db: Db, membership: Membership, message_id: int) -> Answer:
    mine = views.conversation.own_part(db, membership, as_read=True)
    if message_id <= membership.delivered_id:
        return Answer(_own(membership, mine, "mark_delivered"))
    after = msgspec.structs.replace(membership, delivered_id=message_id)
    return _told(db, after, mine, "mark_delivered")


def _target(db: Db, me: Viewer, membership: Membership, message_id: int) -> tuple[int, int]:
    """The (id, seq) of the message that is marked; one the viewer cannot see is none."""
    seq = messages.place(db, membership.id, message_id)
    visible = members.visible(db, membership.id, me.id)
    if seq is None or not messages.within(visible, message_id):
        raise Refused(Code.NOT_FOUND, f"no such message {message_id} exists", "message_id")
    return message_id, seq


def _told(db: Db, after: Membership, mine: ConversationMe, kind: str) -> Answer:
    """Note the mark, and log it now, or let it wait if the last one is less than a second old."""
    reach = Reach(after.read_id, after.read_seq, after.delivered_id, after.marked_unread)
    members.mark(db, after.id, after.user_id, reach)
    mark = Waiting(after.id, after.user_id, kind)
    if marks.wait_if_soon(db, mark):
        return Answer(_own(after, mine, kind))
    return Answer(log_id=_write(db, after, mine, mark))


def _write(db: Db, membership: Membership, mine: ConversationMe, mark: Waiting) -> int:
    """Replace the mark's log rows by ones that tell how far the reader is now."""
    marks.forget_rows(db, mark)
    shared = None
    if views.conversation.has_receipts(membership):
        shared = publish(
            db, Audience.CONVERSATION, membership.id, mark.kind, _shared(membership, mark.kind),
            skip_user=mark.user_id,
        )  # fmt: skip
    own = _own(membership, mine, mark.kind)
    row = publish(db, Audience.USER, mark.user_id, mark.kind, own)
    marks.note_rows(db, mark, row, shared)
    return row


def _shared(membership: Membership, kind: str) -> MarkData:
    return MarkData(
        conversation_id=membership.id,
        username=membership.username,
        message_id=membership.read_id if kind == "mark_read" else membership.delivered_id,
    )


def _own(membership: Membership, mine: ConversationMe, kind: str) -> MarkData:
    return msgspec.structs.replace(_shared(membership, kind), me=mine)


def tell_places(db: Db, conversation_id: int, user_ids: Iterable[int]) -> None:
    """Tell members who could not be told for a while how far the others are: at least one mark of
    each, by which who knows no places finds that there are some again."""
    for user_id in user_ids:
        membership = conversations.find(db, user_id, conversation_id)
        if membership is not None:
            mine = views.conversation.own_part(db, membership)
            for kind in marks.untold(db, conversation_id, user_id) or ["mark_read"]:
                _write(db, membership, mine, Waiting(conversation_id, user_id, kind))


def waiting(db: Db) -> list[Waiting]:
    """Marks that have waited long enough to be logged."""
    return marks.due(db, MAX_WAITING)


def write_waiting(db: Db) -> None:
    """Log the marks that have waited long enough."""
    for mark in waiting(db):
        membership = conversations.find(db, mark.user_id, mark.conversation_id)
        if membership is None:
            marks.drop(db, mark)
        else:
            _write(db, membership, views.conversation.own_part(db, membership), mark)
