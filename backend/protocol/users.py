"""Requests about people and their profiles."""

from typing import Annotated, ClassVar

from msgspec import UNSET, Meta, UnsetType

from backend.protocol.base import Id, Limit, Name, Page, Position, Request, Username
from backend.protocol.models import ReachableBy, Thing, User


class GetUser(Request, tag="get_user", frozen=True, kw_only=True):
    """Tell about somebody, by `username` or by `id`; presence only to contacts and co-members."""

    DATA: ClassVar[object] = User
    username: Username | None = None
    id: Id | None = None


class UsersData(Thing, frozen=True):
    """People."""

    users: tuple[User, ...]


class SearchUsers(Request, tag="search_users", frozen=True, kw_only=True):
    """Find people whose username or full name begins with `prefix`; 20 without a `limit`."""

    DATA: ClassVar[object] = UsersData
    prefix: Name
    limit: Page | None = None


class ProfileMe(Thing, frozen=True):
    """What only oneself sees of a profile."""

    email: str | None
    hide_presence: bool
    reachable_by: ReachableBy
    updated_at: int


class ProfileData(User, frozen=True):
    """Somebody's profile as it is now; `me` only for their own sockets."""

    me: ProfileMe | UnsetType = UNSET


class UpdateProfile(Request, tag="update_profile", frozen=True, kw_only=True):
    """Change one's own full name, bio, email (empty: none), avatar, or who sees and reaches one.

    `avatar` is the id of a picture one uploaded, or 0 for none. With `reachable_by` `contacts`,
    others have to ask with `add_contact` before they can start a direct conversation with you, add
    you to a group, or see your presence.
    """

    DATA: ClassVar[object] = ProfileData
    GOES_TO: ClassVar[str] = (
        "your sockets, your contacts, and who you have a direct conversation with"
    )
    fullname: Name | None = None
    bio: Annotated[str, Limit("MAX_BIO_LENGTH")] | None = None
    email: Annotated[str, Meta(max_length=254)] | None = None
    avatar: Position | None = None
    hide_presence: bool | None = None
    reachable_by: ReachableBy | None = None
