"""Requests about contacts."""

from typing import ClassVar

from backend.protocol.base import Request, Username
from backend.protocol.models import Thing, User, UsernameData


class ContactData(Thing, frozen=True):
    """A contact that was added, with a sentence for people."""

    message: str
    contact: User


class AddContact(Request, tag="add_contact", frozen=True, kw_only=True):
    """Put each on the other's contact list."""

    DATA: ClassVar[object] = ContactData
    GOES_TO: ClassVar[str] = "your sockets, and the new contact's (with you as the contact)"
    contact_username: Username


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
