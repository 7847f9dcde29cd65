"""Conversations as they are told: to everybody alike, or to one member with what is theirs."""

from collections.abc import Mapping, Sequence

import msgspec

from backend.protocol.models import (
    Conversation,
    ConversationInfo,
    ConversationMe,
    Message,
    Receipt,
    User,
)
from backend.store import members, messages, unread, users
from backend.store.conversations import ConversationRow, Membership
from backend.store.engine.db import Db
from backend.store.members import Roster
from backend.store.unread import Unread
from backend.views import message, user
from backend.views.viewer import Viewer

SHOWN_MEMBERS = 100
SHOWN = {"in_full": 10, "by_name": SHOWN_MEMBERS}
NOTHING = Unread(0, None, 0)
NOBODY = Roster((), (), 0, 0)


def for_everyone(db: Db, rows: Sequence[ConversationRow]) -> list[Conversation]:
    """Conversations as pushes carry them: no presence, no last message."""
    rosters = members.rosters(db, [row.id for row in rows], **SHOWN)
    found = users.by_ids(db, _participants(rosters))
    shown = {id_: user.for_everyone(row) for id_, row in found.items()}
    return [_conversation(row, rosters.get(row.id, NOBODY), shown) for row in rows]


def for_member(db: Db, membership: Membership) -> Conversation:
    """A conversation as a push to those who have just become members carries it."""
    (shared,) = for_everyone(db, [membership])
    (mine,) = own_parts(db, [membership])
    return msgspec.structs.replace(shared, me=mine)


def for_creator(db: Db, membership: Membership) -> Conversation:
    """A conversation as a push to nobody's sockets but its creator's carries it: who is online."""
    made = for_member(db, membership)
    people = (
        user.online(each) if each.id == membership.user_id else each for each in made.participants
    )
    return msgspec.structs.replace(made, participants=tuple(people))


def for_viewer(db: Db, me: Viewer, memberships: Sequence[Membership]) -> list[Conversation]:
    """Conversations as the viewer, whose memberships they are, reads them.

    The number of statements does not grow with theirs.
    """
    last_ids = [each.last_message_id for each in memberships if each.last_message_id]
    rows = messages.readable(db, me.id, last_ids) if last_ids else {}
    last = {each.id: each for each in message.for_viewer(db, me, list(rows.values()))}
    rosters = members.rosters(db, [each.id for each in memberships], **SHOWN)
    found = users.by_ids(db, _participants(rosters))
    shown = {each.id: each for each in user.for_viewer(db, me, found.values(), together=True)}
    own = own_parts(db, memberships)
    return [
        _conversation(
            membership,
            rosters.get(membership.id, NOBODY),
            shown,
            last.get(membership.last_message_id),
            mine,
        )
        for membership, mine in zip(memberships, own, strict=True)
    ]


def with_receipts(db: Db, me: Viewer, membership: Membership) -> ConversationInfo:
    """One conversation as the viewer reads it, with how far its members are."""
    (found,) = for_viewer(db, me, [membership])
    counted = has_receipts(membership)
    reached = members.reached(db, membership.id, SHOWN_MEMBERS) if counted else []
    receipts = tuple(
        Receipt(username=username, delivered_id=delivered_id, read_id=read_id)
        for username, delivered_id, read_id in reached
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
    return _conversation(blank, NOBODY, {})


def has_receipts(row: ConversationRow) -> bool:
    """Whether members learn how far the others are.

    Not in large groups, and not in a direct conversation that is closed: it must look the same
    whether the other one is gone or only wants to be left alone.
    """
    return row.member_count <= SHOWN_MEMBERS and not row.closed


def own_parts(db: Db, memberships: Sequence[Membership]) -> list[ConversationMe]:
    """What is one member's own in each of their conversations."""
    behind = [each for each in memberships if each.last_seq > each.read_seq]
    found = unread.of_user(db, behind[0].user_id, [each.id for each in behind]) if behind else {}
    return [_own_part(each, found.get(each.id, NOTHING)) for each in memberships]


def own_part(db: Db, membership: Membership, *, as_read: bool = False) -> ConversationMe:
    """What is the member's own in one conversation; `as_read`: they have read as far as stored."""
    if membership.last_seq <= membership.read_seq:
        return _own_part(membership, NOTHING)
    values = (membership.user_id, membership.id, membership.read_id)
    return _own_part(membership, unread.above(db, *values, as_read=as_read))


def _own_part(membership: Membership, above: Unread) -> ConversationMe:
    return ConversationMe(
        unread_count=membership.last_seq - membership.read_seq - above.deleted,
        mention_count=above.mentions,
        first_unread_id=above.first_id,
        last_read_id=membership.read_id,
        role=membership.role,  # type: ignore[arg-type]
        muted_until=membership.muted_until,
        archived=bool(membership.archived),
        marked_unread=bool(membership.marked_unread),
    )


def _participants(rosters: Mapping[int, Roster]) -> set[int]:
    """The ids of those who are told in full."""
    return {id_ for roster in rosters.values() for id_ in roster.user_ids}


def _conversation(
    row: ConversationRow,
    roster: Roster,
    shown: Mapping[int, User],
    last_message: Message | None = None,
    me: ConversationMe | msgspec.UnsetType = msgspec.UNSET,
) -> Conversation:
    counted = bool(roster.user_ids) and has_receipts(row)
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
        members=roster.usernames,
        participants=tuple([shown[id_] for id_ in roster.user_ids]),
        last_message=last_message,
        delivered_to_all_id=roster.delivered_id if counted else None,
        read_by_all_id=roster.read_id if counted else None,
        me=me,
    )
