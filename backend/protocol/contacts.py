"""Requests about contacts."""

from typing import ClassVar

from backend.protocol.base import Request, Username
from backend.protocol.models import Thing, User, UsernameData


class ContactData(Thing, frozen=True):
    """A contact that was added (or asked to be one), with a sentence for people."""

    message: str
    contact: User


class AddContact(Request, tag="add_contact", frozen=True, kw_only=True):
    """Put each on the other's contact list, or ask who is reachable by contacts only.

    Who was asked gets `contact_request`, and accepts with `add_contact`, or refuses with
    `remove_contact`, of which the asker is not told. Asking again changes nothing.
    """

    DATA: ClassVar[object] = ContactData
    REPLY_FIELDS: ClassVar[dict[str, str]] = {
        "status": "`added`, or `requested`: no contact yet, and no push of it"
    }
    GOES_TO: ClassVar[str] = "your sockets, and the new contact's (with you as the contact)"
    contact_username: Username


class RemoveContact(Request, tag="remove_contact", frozen=True, kw_only=True):
    """Take each off the other's contact list; or refuse their request, or take back one's own."""

    DATA: ClassVar[object] = UsernameData
    GOES_TO: ClassVar[str] = (
        "your sockets, and the other's (with you as the username) but for a refusal"
    )
    contact_username: Username


class ContactsData(Thing, frozen=True):
    """The contact list: usernames in alphabetical order, and the same people in full."""

    message: str
    contacts: tuple[str, ...]
    users: tuple[User, ...]


class GetContacts(Request, tag="get_contacts", frozen=True, kw_only=True):
    """List all contacts."""

    DATA: ClassVar[object] = ContactsData


class ContactRequestsData(Thing, frozen=True):
    """Who asks to be one's contact, the oldest request first."""

    users: tuple[User, ...]


class GetContactRequests(Request, tag="get_contact_requests", frozen=True, kw_only=True):
    """List who asks to be one's contact; past the limit the oldest request gives way."""

    DATA: ClassVar[object] = ContactRequestsData


class ContactRequestData(Thing, frozen=True):
    """Somebody asks to be one's contact."""

    user: User
