"""Contacts: who is on whose list."""

from backend import views
from backend.handlers.base import Answer, no_such_user, publish, still_here
from backend.protocol.contacts import (
    AddContact,
    ContactData,
    ContactsData,
    GetContacts,
    RemoveContact,
)
from backend.protocol.errors import Code, Refused
from backend.protocol.models import UsernameData
from backend.store import contacts, users, watchers
from backend.store.engine.db import Db
from backend.store.log import Audience, Effect
from backend.store.users import UserRow
from backend.views.viewer import Viewer


def reachable(db: Db, me: Viewer, username: str) -> UserRow | None:
    """The user of that name, unless they are gone or a block stands between."""
    row = users.by_username(db, username)
    if row is None or users.estranged(db, me.id, [row.id]):
        return None
    return row


def add_contact(db: Db, me: Viewer, request: AddContact) -> Answer:
    """Put each on the other's contact list."""
    mine = still_here(db, me)
    other = reachable(db, me, request.contact_username)
    if other is None:
        raise no_such_user(request.contact_username, "contact_username")
    if other.id == me.id:
        text = "cannot add itself as a contact"
        raise Refused(Code.INVALID_REQUEST, text, "contact_username")
    if contacts.are_contacts(db, me.id, other.id):
        text = f"'{other.username}' is already a contact"
        raise Refused(Code.ALREADY_EXISTS, text, "contact_username")
    _check_room(db, me, other)
    contacts.add(db, me.id, other.id)
    effect = tie(db, me.id, other.id)
    _tell_added(db, other.id, mine, effect)
    return Answer(log_id=_tell_added(db, me.id, other, effect))


def _check_room(db: Db, me: Viewer, other: UserRow) -> None:
    limit = me.limits["MAX_CONTACTS"]
    for user_id in (me.id, other.id):
        if contacts.count(db, user_id) >= limit:
            raise Refused(Code.TOO_LARGE, f"a contact list has at most {limit} contacts")


def _tell_added(db: Db, user_id: int, contact: UserRow, effect: Effect) -> int:
    data = ContactData(
        message=added_message(contact.username), contact=views.user.for_everyone(contact)
    )
    return publish(db, Audience.USER, user_id, "add_contact", data, effect=effect)


def added_message(username: str) -> str:
    """The sentence for people that tells of a new contact."""
    return f"'{username}' successfully added"


def tie(db: Db, user_id: int, other_id: int) -> Effect:
    """What the server's memory is to hold of two users now: whether each is told of the other."""
    pair = (user_id, other_id)
    return Effect(watchers=pair) if watchers.are_watching(db, *pair) else Effect(strangers=pair)


def remove_contact(db: Db, me: Viewer, request: RemoveContact) -> Answer:
    """Take each off the other's contact list."""
    other = users.by_username(db, request.contact_username)
    if other is None or not contacts.are_contacts(db, me.id, other.id):
        text = f"'{request.contact_username}' is not a contact"
        raise Refused(Code.NOT_FOUND, text, "contact_username")
    return Answer(log_id=part(db, me.id, me.username, other))


def part(db: Db, user_id: int, username: str, other: UserRow) -> int:
    """End a contact on both sides; gives the log row of the first."""
    contacts.remove(db, user_id, other.id)
    effect = tie(db, user_id, other.id)
    data = UsernameData(username=username)
    publish(db, Audience.USER, other.id, "remove_contact", data, effect=effect)
    data = UsernameData(username=other.username)
    return publish(db, Audience.USER, user_id, "remove_contact", data, effect=effect)


def get_contacts(db: Db, me: Viewer, request: GetContacts) -> Answer:
    """List all contacts."""
    rows = contacts.all_of(db, me.id)
    return Answer(
        ContactsData(
            message="contacts successfully fetched",
            contacts=tuple(row.username for row in rows),
            users=tuple(views.user.for_viewer(db, me, rows, together=True)),
        )
    )
