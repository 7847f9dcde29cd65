"""Contacts: who is on whose list."""

from backend import views
from backend.handlers.base import Answer, no_such_user, publish, still_here
from backend.protocol.contacts import (
    AddContact,
    ContactData,
    ContactRequestData,
    ContactRequestsData,
    ContactsData,
    GetContactRequests,
    GetContacts,
    RemoveContact,
)
from backend.protocol.errors import Code, Refused
from backend.protocol.models import UsernameData
from backend.store import contact_requests, contacts, users, watchers
from backend.store.engine.db import Db
from backend.store.log import Audience, Effect
from backend.store.users import UserRow
from backend.views.viewer import Viewer


def check_reach(db: Db, me: Viewer, others: list[UserRow], field: str) -> None:
    """Refuse to reach somebody over a block, or who is reachable by contacts only: both alike."""
    ids = [other.id for other in others]
    blocked, closed = users.blocked_among(db, me.id, ids), users.out_of_reach(db, me.id, ids)
    for other in others:
        if other.id in blocked:
            raise Refused(Code.FORBIDDEN, f"you have blocked '{other.username}'", field)
        if other.id in closed:
            raise Refused(Code.FORBIDDEN, f"'{other.username}' cannot be reached", field)


def add_contact(db: Db, me: Viewer, request: AddContact) -> Answer:
    """Put each on the other's contact list, or ask who has to be asked."""
    mine, field = still_here(db, me), "contact_username"
    other = users.by_username(db, request.contact_username)
    if other is None:
        raise no_such_user(request.contact_username, field)
    if other.id == me.id:
        raise Refused(Code.INVALID_REQUEST, "cannot add itself as a contact", field)
    if contacts.are_contacts(db, me.id, other.id):
        text = f"'{other.username}' is already a contact"
        raise Refused(Code.ALREADY_EXISTS, text, field)
    if contacts.has_blocked(db, me.id, other.id):
        raise Refused(Code.FORBIDDEN, f"you have blocked '{other.username}'", field)
    has_asked = contact_requests.is_open(db, other.id, me.id)
    if not has_asked and users.out_of_reach(db, me.id, [other.id]):
        return _ask(db, me, mine, other)
    _check_room(db, me, other)
    return _add(db, mine, other)


def _ask(db: Db, me: Viewer, mine: UserRow, other: UserRow) -> Answer:
    """Ask to be a contact; who has blocked the asker is not told, which looks no different."""
    if not contact_requests.is_open(db, me.id, other.id):
        limit = me.limits["MAX_CONTACT_REQUESTS"]
        if contact_requests.count_sent(db, me.id) >= limit:
            text = f"at most {limit} contact requests can wait for an answer"
            raise Refused(Code.TOO_LARGE, text, "contact_username")
        audience = _audience(db, me.id, other.id)
        waiting = contact_requests.received(db, other.id)
        if len(waiting) >= limit and audience == Audience.USER:
            part(db, other.id, other.username, waiting[0], silently=True)
        data = ContactRequestData(user=views.user.for_everyone(mine))
        publish(db, audience, other.id, "contact_request", data)
        contact_requests.add(db, me.id, other.id)
    told = ContactData(
        message=f"'{other.username}' has been asked", contact=views.user.for_everyone(other)
    )
    return Answer(told, extras={"status": "requested"})


def _audience(db: Db, user_id: int, other_id: int) -> Audience:
    """To whom it is told what a user does to another: to nobody who has blocked them.

    The row is written all the same, because everybody sees by `at` how many there are.
    """
    return Audience.SERVER if contacts.has_blocked(db, other_id, user_id) else Audience.USER


def _add(db: Db, mine: UserRow, other: UserRow) -> Answer:
    contact_requests.remove(db, mine.id, other.id)
    contact_requests.remove(db, other.id, mine.id)
    contacts.add(db, mine.id, other.id)
    effect = tie(db, mine.id, other.id)
    _tell_added(db, other.id, mine, effect)
    log_id = _tell_added(db, mine.id, other, effect)
    return Answer(log_id=log_id, extras={"status": "added"})


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
    """Take each off the other's contact list; or refuse their request, or take back one's own."""
    other = users.by_username(db, request.contact_username)
    if other is not None:
        has_asked = contact_requests.is_open(db, other.id, me.id)
        is_asked = contact_requests.is_open(db, me.id, other.id)
        if is_asked or contacts.are_contacts(db, me.id, other.id):
            return Answer(log_id=part(db, me.id, me.username, other))
        if has_asked and not contacts.has_blocked(db, me.id, other.id):
            return Answer(log_id=part(db, me.id, me.username, other, silently=True))
    text = f"'{request.contact_username}' is not a contact"
    raise Refused(Code.NOT_FOUND, text, "contact_username")


def part(db: Db, user_id: int, username: str, other: UserRow, *, silently: bool = False) -> int:
    """End a contact, or a request for one, on both sides; gives the log row of the first.

    The other is not told when it is to be silent, nor when they have blocked the first: they never
    heard of it.
    """
    contacts.remove(db, user_id, other.id)
    contact_requests.remove(db, user_id, other.id)
    contact_requests.remove(db, other.id, user_id)
    effect = tie(db, user_id, other.id)
    if not silently:
        data, audience = UsernameData(username=username), _audience(db, user_id, other.id)
        publish(db, audience, other.id, "remove_contact", data, effect=effect)
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


def get_contact_requests(db: Db, me: Viewer, request: GetContactRequests) -> Answer:
    """List who asks to be a contact."""
    rows = contact_requests.received(db, me.id)
    return Answer(ContactRequestsData(users=tuple(views.user.for_viewer(db, me, rows))))
