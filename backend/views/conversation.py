"""Conversations as they are told: to everybody alike, or to one member with what is theirs."""

from collections.abc import Sequence

import msgspec

from backend.protocol.models import Conversation, ConversationInfo, ConversationMe, Receipt, User
from backend.store import members, messages, reactions
from backend.store.conversations import ConversationRow, Membership
from backend.store.engine.db import Db
from backend.store.members import MemberRow
from backend.views import message, user
from backend.views.viewer import Viewer

SHOWN_MEMBERS = 100
SHOWN_PARTICIPANTS = 10


def for_everyone(db: Db, rows: Sequence[ConversationRow]) -> list[Conversation]:
    """Conversations as pushes carry them: no presence, no last message."""
    return [_for_everyone(row, members.present(db, row.id, SHOWN_MEMBERS)) for row in rows]


def for_member(db: Db, membership: Membership) -> Conversation:
    """A conversation as a push to its member's own sockets carries it."""
    (shared,) = for_everyone(db, [membership])
    (mine,) = own_parts(db, [membership])
    return msgspec.structs.replace(shared, me=mine)


def for_viewer(db: Db, me: Viewer, memberships: Sequence[Membership]) -> list[Conversation]:
    """Conversations as the viewer, whose memberships they are, reads them."""
    last_ids = [each.last_message_id for each in memberships if each.last_message_id]
    rows = messages.readable(db, me.id, last_ids) if last_ids else {}
    last = {each.id: each for each in message.for_viewer(db, me, list(rows.values()))}
    own = own_parts(db, memberships)
    return [
        msgspec.structs.replace(
            _for_viewer(db, me, membership),
            last_message=last.get(membership.last_message_id),
            me=mine,
        )
        for membership, mine in zip(memberships, own, strict=True)
    ]


def with_receipts(db: Db, me: Viewer, membership: Membership) -> ConversationInfo:
    """One conversation as the viewer reads it, with how far its members are."""
    (found,) = for_viewer(db, me, [membership])
    present = members.present(db, membership.id, SHOWN_MEMBERS) if has_receipts(membership) else []
    receipts = tuple(
        Receipt(username=each.user.username, delivered_id=each.delivered_id, read_id=each.read_id)
        for each in present
    )
    return ConversationInfo(**msgspec.structs.asdict(found), receipts=receipts)


def as_left(row: ConversationRow) -> Conversation:
    """A conversation to one who is no longer in it: nothing of what became of it."""
    blank = msgspec.structs.replace(
        row,
        name="",
        named=0,
        topic="",
        avatar=None,
        activity=0,
        member_count=0,
        updated_at=row.created_at,
    )
    return _for_everyone(blank, [])


def has_receipts(row: ConversationRow) -> bool:
    """Whether members learn how far the others are.

    Not in large groups, and not in a direct conversation that is closed: it must look the same
    whether the other one is gone or only wants to be left alone.
    """
    return row.member_count <= SHOWN_MEMBERS and not row.closed


def own_parts(db: Db, memberships: Sequence[Membership]) -> list[ConversationMe]:
    """What is a member's own in each of their conversations."""
    return [_own_part(db, membership) for membership in memberships]


def _own_part(db: Db, membership: Membership) -> ConversationMe:
    id_, read_id = membership.id, membership.read_id
    unread = membership.last_seq - membership.read_seq
    mentions = reactions.count_mentions(db, membership.user_id, id_, read_id) if unread else 0
    return ConversationMe(
        unread_count=unread,
        mention_count=mentions,
        first_unread_id=messages.first_above(db, id_, read_id) if unread else None,
        last_read_id=read_id,
        role=membership.role,  # type: ignore[arg-type]
        muted_until=membership.muted_until,
        archived=bool(membership.archived),
    )


def _for_viewer(db: Db, me: Viewer, membership: Membership) -> Conversation:
    present = members.present(db, membership.id, SHOWN_MEMBERS)
    first = [each.user for each in present[:SHOWN_PARTICIPANTS]]
    return _conversation(membership, present, user.for_viewer(db, me, first, together=True))


def _for_everyone(row: ConversationRow, present: list[MemberRow]) -> Conversation:
    shown = [user.for_everyone(each.user) for each in present[:SHOWN_PARTICIPANTS]]
    return _conversation(row, present, shown)


def _conversation(
    row: ConversationRow, present: list[MemberRow], participants: list[User]
) -> Conversation:
    counted = bool(present) and has_receipts(row)
    return Conversation(
        id=row.id,
        kind=row.kind,  # type: ignore[arg-type]
        name=row.name,
        named=bool(row.named),
        topic=row.topic,
        avatar=row.avatar,
        history_shown=bool(row.history_shown),
        created_at=row.created_at // 1000,
        updated_at=row.updated_at // 1000,
        activity=row.activity,
        member_count=row.member_count,
        members=tuple(each.user.username for each in present),
        participants=tuple(participants),
        last_message=None,
        delivered_to_all_id=min(each.delivered_id for each in present) if counted else None,
        read_by_all_id=min(each.read_id for each in present) if counted else None,
    )
