"""Blocks: who may not reach whom."""

from backend.handlers.base import Answer, no_such_user, publish, still_here
from backend.handlers.contacts import part, tie
from backend.handlers.marks import tell_places
from backend.protocol.blocks import BlockUser, GetBlocked, UnblockUser, UsernamesData
from backend.protocol.errors import Code, Refused
from backend.protocol.models import UsernameData
from backend.store import contact_requests, contacts, conversations, users
from backend.store.engine.db import Db
from backend.store.log import Audience
from backend.store.users import UserRow
from backend.views.viewer import Viewer


def block_user(db: Db, me: Viewer, request: BlockUser) -> Answer:
    """Let somebody reach the viewer no more; they are told nothing but the end of the contact."""
    still_here(db, me)
    other = users.by_username(db, request.username)
    if other is None or other.id == me.id:
        raise no_such_user(request.username, "username")
    if contacts.has_blocked(db, me.id, other.id):
        text = f"'{other.username}' is already blocked"
        raise Refused(Code.ALREADY_EXISTS, text, "username")
    limit = me.limits["MAX_BLOCKS"]
    if contacts.count_blocked(db, me.id) >= limit:
        raise Refused(Code.TOO_LARGE, f"at most {limit} people can be blocked", "username")
    contacts.block(db, me.id, other.id)
    close_direct(db, me.id, other.id, True)
    is_asked = contact_requests.is_open(db, me.id, other.id)
    if is_asked or contacts.are_contacts(db, me.id, other.id):
        part(db, me.id, me.username, other)
    return _told(db, me, other, "block_user")


def _told(db: Db, me: Viewer, other: UserRow, type_: str) -> Answer:
    data = UsernameData(username=other.username)
    effect = tie(db, me.id, other.id)
    return Answer(log_id=publish(db, Audience.USER, me.id, type_, data, effect=effect))


def unblock_user(db: Db, me: Viewer, request: UnblockUser) -> Answer:
    """Take a block back."""
    other = users.by_username(db, request.username)
    if other is None or not contacts.has_blocked(db, me.id, other.id):
        raise Refused(Code.NOT_FOUND, f"'{request.username}' is not blocked", "username")
    contacts.unblock(db, me.id, other.id)
    contact_requests.remove(db, other.id, me.id)  # what they asked meanwhile reaches nobody, ever
    close_direct(db, me.id, other.id, contacts.has_blocked(db, other.id, me.id))
    return _told(db, me, other, "unblock_user")


def close_direct(db: Db, user_id: int, other_id: int, closed: bool) -> None:
    """Let the direct conversation of a pair, if there is one, take messages or not."""
    conversation_id = conversations.direct(db, user_id, other_id)
    if conversation_id is not None:
        conversations.update(db, conversation_id, {"closed": int(closed)})
        if not closed:
            tell_places(db, conversation_id, (user_id, other_id))


def get_blocked(db: Db, me: Viewer, request: GetBlocked) -> Answer:
    """List whom the viewer has blocked."""
    return Answer(UsernamesData(usernames=tuple(contacts.blocked(db, me.id))))
