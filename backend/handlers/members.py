"""Who belongs to a group, and as what."""

from backend import views
from backend.handlers.base import Answer, member_of, page_size, publish
from backend.handlers.contacts import check_reach
from backend.handlers.conversations import check_put, check_size, group_run_by, people
from backend.handlers.post import post_system_message
from backend.protocol.errors import Code, Refused
from backend.protocol.members import (
    AddMembers,
    GetMembers,
    LeaveConversation,
    Member,
    MemberGoneData,
    MembersAddedData,
    MembersData,
    RemoveMember,
    RoleData,
    SetRole,
)
from backend.store import conversations, log, members, messages, users
from backend.store.conversations import Membership
from backend.store.engine.db import Db
from backend.store.log import Audience, Effect, now_ms
from backend.store.users import UserRow
from backend.views.viewer import Viewer


def add_members(db: Db, me: Viewer, request: AddMembers) -> Answer:
    """Add people to a group: they get the conversation, everybody is told who they are."""
    membership = group_run_by(db, me, request.conversation_id)
    asked = people(db, me, request.usernames, "usernames")
    there = members.present_among(db, membership.id, [each.id for each in asked])
    new = [each for each in asked if each.id not in there]
    if not new:
        raise Refused(Code.ALREADY_EXISTS, "usernames: expected somebody new", "usernames")
    check_reach(db, me, new, "usernames")
    check_size(me, membership.member_count + len(new), "usernames")
    check_put(db, me, [each.id for each in new], membership.id)
    joined_id = log.reserve(db)
    _join(db, membership, new, joined_id)
    _tell_newcomers(db, membership.id, new, joined_id)
    return Answer(log_id=_tell_joined(db, me, membership.id, new))


def _join(db: Db, membership: Membership, new: list[UserRow], joined_id: int) -> None:
    members.join(
        db,
        membership.id,
        [each.id for each in new],
        joined_id=joined_id,
        first_id=0 if membership.history_shown else messages.newest(db) + 1,
        read=(membership.last_message_id, membership.last_seq),
    )
    count = membership.member_count + len(new)
    conversations.update(db, membership.id, {"member_count": count, "updated_at": now_ms()})


def _tell_newcomers(db: Db, conversation_id: int, new: list[UserRow], joined_id: int) -> None:
    """Bring them the conversation, in one row: `me` is the same for all who have just come."""
    membership = conversations.find(db, new[0].id, conversation_id)
    assert membership is not None
    data = views.conversation.for_member(db, membership)
    effect = Effect(join=tuple(each.id for each in new))
    publish(
        db, Audience.NEWCOMERS, conversation_id, "create_conversation", data,
        effect=effect, log_id=joined_id,
    )  # fmt: skip


def _tell_joined(db: Db, me: Viewer, conversation_id: int, new: list[UserRow]) -> int:
    names = tuple(each.username for each in new)
    count = conversations.known(db, conversation_id).member_count
    added = MembersAddedData(conversation_id=conversation_id, usernames=names, member_count=count)
    row = publish(db, Audience.CONVERSATION, conversation_id, "add_members", added)
    post_system_message(db, conversation_id, me.id, "added", [each.id for each in new])
    return row


def remove_member(db: Db, me: Viewer, request: RemoveMember) -> Answer:
    """Remove somebody from a group; they are told, and see nothing after."""
    membership = group_run_by(db, me, request.conversation_id)
    other = _member(db, membership, request.username)
    if other.id == me.id:
        text = "username: expected another member; 'leave_conversation' leaves"
        raise Refused(Code.INVALID_REQUEST, text, "username")
    theirs = conversations.find(db, other.id, membership.id)
    assert theirs is not None
    if membership.role == "moderator" and theirs.role != "member":
        raise Refused(Code.FORBIDDEN, "a moderator may remove members only", "username")
    row = depart(db, theirs, other, by=me.username)
    post_system_message(db, membership.id, me.id, "removed", [other.id])
    return Answer(log_id=row)


def _member(db: Db, membership: Membership, username: str) -> UserRow:
    row = users.by_username(db, username)
    if row is None or not members.present_among(db, membership.id, [row.id]):
        text = f"'{username}' is not a member of the conversation"
        raise Refused(Code.NOT_FOUND, text, "username")
    return row


def leave_conversation(db: Db, me: Viewer, request: LeaveConversation) -> Answer:
    """Leave a group."""
    membership = member_of(db, me, request.conversation_id, "conversation_id")
    if membership.kind != "group":
        text = "conversation_id: a direct conversation cannot be left; archive it"
        raise Refused(Code.FORBIDDEN, text, "conversation_id")
    return Answer(log_id=leave_group(db, membership))


def leave_group(db: Db, membership: Membership) -> int:
    """End a membership by their own will: an owner hands over. Gives the log row."""
    leaver = users.known(db, membership.user_id)
    row = depart(db, membership, leaver, by=leaver.username)
    if membership.member_count > 1:
        if membership.role == "owner":
            hand_over(db, membership.id)
        post_system_message(db, membership.id, leaver.id, "left")
    return row


def depart(db: Db, membership: Membership, user: UserRow, by: str) -> int:
    """End a membership at the row that says so, which who goes still sees; gives the row."""
    count, left_id = membership.member_count - 1, log.reserve(db)
    members.end(db, membership.id, user.id, left_id, messages.newest(db))
    conversations.update(db, membership.id, {"member_count": count, "updated_at": now_ms()})
    type_ = "leave_conversation" if by == user.username else "remove_member"
    data = MemberGoneData(
        conversation_id=membership.id, username=user.username, by=by, member_count=count
    )
    effect = Effect(leave=(user.id,))
    return publish(
        db, Audience.CONVERSATION, membership.id, type_, data, effect=effect, log_id=left_id
    )


def hand_over(db: Db, conversation_id: int) -> None:
    """Make the oldest moderator, or else the oldest member, the owner."""
    heir = members.heir(db, conversation_id)
    if heir is not None:
        give_role(db, conversation_id, heir, "owner")


def give_role(db: Db, conversation_id: int, user: UserRow, role: str) -> int:
    """Give a member a role and tell everybody; gives the log row."""
    members.update(db, conversation_id, user.id, {"role": role})
    data = RoleData(conversation_id=conversation_id, username=user.username, role=role)  # type: ignore[arg-type]
    return publish(db, Audience.CONVERSATION, conversation_id, "set_role", data)


def set_role(db: Db, me: Viewer, request: SetRole) -> Answer:
    """Give a member another role; who gives away the ownership becomes a moderator."""
    membership = group_run_by(db, me, request.conversation_id)
    if membership.role != "owner":
        raise Refused(Code.FORBIDDEN, "only the owner may set roles", "conversation_id")
    other = _member(db, membership, request.username)
    if other.id == me.id:
        text = "username: expected another member; make somebody else the owner instead"
        raise Refused(Code.INVALID_REQUEST, text, "username")
    if request.role == "owner":
        mine = users.known(db, me.id)
        give_role(db, membership.id, mine, "moderator")
    row = give_role(db, membership.id, other, request.role)
    post_system_message(db, membership.id, me.id, "role", [other.id], request.role)
    return Answer(log_id=row)


def get_members(db: Db, me: Viewer, request: GetMembers) -> Answer:
    """A page of a conversation's members, by user id."""
    membership = member_of(db, me, request.conversation_id, "conversation_id")
    limit = page_size(me, request.limit, 100)
    rows = members.present(db, membership.id, limit + 1, request.after or 0)
    page, more = rows[:limit], len(rows) > limit
    told = tuple(
        Member(
            id=each.user_id,
            username=each.username,
            fullname=each.fullname,
            role=each.role,  # type: ignore[arg-type]
            joined_at=each.joined_at // 1000,
        )
        for each in page
    )
    extras = {"more": more, "next": page[-1].user_id if more else None}
    return Answer(MembersData(conversation_id=membership.id, members=told), extras=extras)
