"""Conversations as they are told: to everybody alike, or to one member with what is theirs."""

from backend.handlers.base import Viewer
from backend.protocol.models import Conversation, ConversationInfo, ConversationMe, Receipt
from backend.store import members, messages, reactions
from backend.store.conversations import ConversationRow, Membership
from backend.store.engine.db import Db
from backend.store.members import MemberRow
from backend.views.message import complete
from backend.views.user import seen, told

SHOWN_MEMBERS = 100
SHOWN_PARTICIPANTS = 10


def as_told(
    db: Db,
    row: ConversationRow,
    me: ConversationMe | None = None,
) -> Conversation:
    """A conversation as a push carries it: no presence, no last message.

    Who is added later gets the last message (that they were added) as the push after this one.
    """
    present = members.present(db, row.id, SHOWN_MEMBERS)
    fields = _fields(row, present)
    fields["participants"] = tuple(told(each.user) for each in present[:SHOWN_PARTICIPANTS])
    if me is not None:
        fields["me"] = me
    return Conversation(**fields)  # type: ignore[arg-type]


def as_left(row: ConversationRow) -> Conversation:
    """A conversation to one who is no longer in it: nothing of what became of it."""
    blank = row._replace(
        name="", named=0, topic="", activity=0, member_count=0, updated_at=row.created_at
    )
    return Conversation(**_fields(blank, []), participants=())  # type: ignore[arg-type]


def overview(db: Db, me: Viewer, memberships: list[Membership]) -> list[Conversation]:
    """Conversations as the viewer reads them."""
    return [Conversation(**_read(db, me, membership)[0]) for membership in memberships]  # type: ignore[arg-type]


def info(db: Db, me: Viewer, membership: Membership) -> ConversationInfo:
    """One conversation as the viewer reads it, with its receipts."""
    fields, present = _read(db, me, membership)
    receipts = tuple(
        Receipt(username=each.user.username, delivered_id=each.delivered_id, read_id=each.read_id)
        for each in present
        if has_receipts(membership)
    )
    return ConversationInfo(**fields, receipts=receipts)  # type: ignore[arg-type]


def has_receipts(row: ConversationRow | Membership) -> bool:
    """Whether members learn how far the others are.

    Not in large groups, and not in a direct conversation that is shut: it must look the same
    whether the other one is gone or only wants to be left alone.
    """
    return row.member_count <= SHOWN_MEMBERS and not row.closed


def me_in(db: Db, me: Viewer, membership: Membership) -> ConversationMe:
    """The viewer's part of a conversation."""
    unread = membership.last_seq - membership.read_seq
    return ConversationMe(
        unread_count=unread,
        mention_count=reactions.count_mentions(db, me.id, membership.id, membership.read_id)
        if unread
        else 0,
        first_unread_id=messages.first_above(db, membership.id, membership.read_id)
        if unread
        else None,
        last_read_id=membership.read_id,
        role=membership.role,  # type: ignore[arg-type]
        muted_until=membership.muted_until,
        archived=bool(membership.archived),
    )


def _read(db: Db, me: Viewer, membership: Membership) -> tuple[dict[str, object], list[MemberRow]]:
    present = members.present(db, membership.id, SHOWN_MEMBERS)
    fields = _fields(membership, present)
    first = [each.user for each in present[:SHOWN_PARTICIPANTS]]
    fields["participants"] = tuple(seen(db, me, first, together=True))
    last = messages.by_id(db, membership.last_message_id) if membership.last_message_id else None
    fields["last_message"] = complete(db, me, [last])[0] if last else None
    fields["me"] = me_in(db, me, membership)
    return fields, present


def _fields(row: ConversationRow | Membership, present: list[MemberRow]) -> dict[str, object]:
    counted = bool(present) and has_receipts(row)
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "named": bool(row.named),
        "topic": row.topic,
        "history_shown": bool(row.history_shown),
        "created_at": row.created_at // 1000,
        "updated_at": row.updated_at // 1000,
        "activity": row.activity,
        "member_count": row.member_count,
        "members": tuple(each.user.username for each in present),
        "last_message": None,
        "delivered_to_all_id": min(each.delivered_id for each in present) if counted else None,
        "read_by_all_id": min(each.read_id for each in present) if counted else None,
    }
