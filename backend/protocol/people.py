"""Requests about people: contacts, profiles, presence, blocks."""

from typing import Annotated, ClassVar

from msgspec import Meta

from backend.protocol.base import Id, Limit, Name, Page, Request, Username
from backend.protocol.models import SelfUser, Thing, User


class ContactData(Thing, frozen=True):
    """A contact that was added, with a sentence for people."""

    message: str
    contact: User


class AddContact(Request, tag="add_contact", frozen=True, kw_only=True):
    """Put each on the other's contact list."""

    DATA: ClassVar[object] = ContactData
    GOES_TO: ClassVar[str] = "your sockets, and the new contact's (with you as the contact)"
    contact_username: Username


class UsernameData(Thing, frozen=True):
    """The user it was about."""

    username: str


class RemoveContact(Request, tag="remove_contact", frozen=True, kw_only=True):
    """Take each off the other's contact list."""

    DATA: ClassVar[object] = UsernameData
    GOES_TO: ClassVar[str] = "your sockets, and the other's (with you as the username)"
    contact_username: Username


class ContactsData(Thing, frozen=True):
    """The contact list: usernames in alphabetical order, and the same people in full."""

    message: str
    contacts: tuple[str, ...]
    users: tuple[User, ...]


class GetContacts(Request, tag="get_contacts", frozen=True, kw_only=True):
    """List all contacts."""

    DATA: ClassVar[object] = ContactsData


class BlockUser(Request, tag="block_user", frozen=True, kw_only=True):
    """Let somebody reach you no more: no direct messages, no adding, no presence; silently."""

    DATA: ClassVar[object] = UsernameData
    GOES_TO: ClassVar[str] = "your sockets (and `remove_contact` to both, if they were contacts)"
    username: Username


class UnblockUser(Request, tag="unblock_user", frozen=True, kw_only=True):
    """Take a block back."""

    DATA: ClassVar[object] = UsernameData
    GOES_TO: ClassVar[str] = "your sockets"
    username: Username


class UsernamesData(Thing, frozen=True):
    """Usernames, in alphabetical order."""

    usernames: tuple[str, ...]


class GetBlocked(Request, tag="get_blocked", frozen=True, kw_only=True):
    """List whom you have blocked."""

    DATA: ClassVar[object] = UsernamesData


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


class UpdateProfile(Request, tag="update_profile", frozen=True, kw_only=True):
    """Change one's own full name, bio, email (empty: none) or whether presence is hidden."""

    DATA: ClassVar[object] = SelfUser
    GOES_TO: ClassVar[str] = "your sockets; your contacts get the User without the private fields"
    fullname: Name | None = None
    bio: Annotated[str, Limit("MAX_BIO_LENGTH")] | None = None
    email: Annotated[str, Meta(max_length=254)] | None = None
    hide_presence: bool | None = None


class Presence(Thing, frozen=True):
    """One user's presence; null to those who may not see it, or when there is no such user."""

    username: str
    is_online: bool | None
    last_online: int | None


class PresenceData(Thing, frozen=True):
    """Presence, in the order asked for."""

    presence: tuple[Presence, ...]


class GetPresence(Request, tag="get_presence", frozen=True, kw_only=True):
    """Tell the presence of up to 100 people."""

    DATA: ClassVar[object] = PresenceData
    usernames: Annotated[list[Username], Meta(min_length=1), Limit("MAX_PAGE")]


class UserStatus(Thing, frozen=True):
    """Somebody came online or went offline."""

    username: str
    is_online: bool
    last_online: int | None
