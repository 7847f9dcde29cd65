"""Requests about who belongs to a group, and as what."""

from typing import ClassVar, Literal

from backend.protocol.base import Id, Page, Request, Username, Usernames
from backend.protocol.models import Role, Thing


class MembersAddedData(Thing, frozen=True):
    """Who was added to a group; it now has `member_count` members."""

    conversation_id: int
    usernames: tuple[str, ...]
    member_count: int


class AddMembers(Request, tag="add_members", frozen=True, kw_only=True):
    """Add people to a group (owner or moderator); who is added gets `create_conversation`."""

    DATA: ClassVar[object] = MembersAddedData
    GOES_TO: ClassVar[str] = "all members"
    NAMES: ClassVar[str | None] = "usernames"
    conversation_id: Id
    usernames: Usernames


class MemberGoneData(Thing, frozen=True):
    """Somebody is no longer a member; if that is you, the conversation is gone.

    `by` is empty when the server's operator deleted the conversation.
    """

    conversation_id: int
    username: str
    by: str
    member_count: int


class RemoveMember(Request, tag="remove_member", frozen=True, kw_only=True):
    """Remove somebody from a group (owner; a moderator may remove members)."""

    DATA: ClassVar[object] = MemberGoneData
    GOES_TO: ClassVar[str] = "all members, and who was removed"
    conversation_id: Id
    username: Username


class LeaveConversation(Request, tag="leave_conversation", frozen=True, kw_only=True):
    """Leave a group; an owner who leaves hands over, the last one who leaves closes it."""

    DATA: ClassVar[object] = MemberGoneData
    GOES_TO: ClassVar[str] = "all members, you among them for the last time"
    conversation_id: Id


class RoleData(Thing, frozen=True):
    """A member's new role."""

    conversation_id: int
    username: str
    role: Role


class SetRole(Request, tag="set_role", frozen=True, kw_only=True):
    """Make a member a moderator, or no longer; or hand the group over (owner only)."""

    DATA: ClassVar[object] = RoleData
    GOES_TO: ClassVar[str] = "all members"
    conversation_id: Id
    username: Username
    role: Literal["owner", "moderator", "member"]


class Member(Thing, frozen=True):
    """A member of a group."""

    id: int
    username: str
    fullname: str
    role: Role
    joined_at: int


class MembersData(Thing, frozen=True):
    """A page of members, by user id."""

    conversation_id: int
    members: tuple[Member, ...]


class GetMembers(Request, tag="get_members", frozen=True, kw_only=True):
    """List a conversation's members by user id; `after` is the last id of the page before.

    Without `limit` 100, or as many as the server allows.
    """

    DATA: ClassVar[object] = MembersData
    REPLY_FIELDS: ClassVar[dict[str, str]] = {
        "more": "whether there are more",
        "next": "the `after` of the next page, or null",
    }
    conversation_id: Id
    limit: Page | None = None
    after: Id | None = None
