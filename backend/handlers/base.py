"""What a handler is given and what it gives back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from backend.protocol.base import Request
from backend.protocol.errors import Code, Refused
from backend.protocol.models import Message
from backend.store import log, members
from backend.store.conversations import Membership, find
from backend.store.engine.db import Db
from backend.store.engine.rows import Asked
from backend.store.log import Audience, Effect
from backend.store.users import UserRow, by_id
from backend.views.viewer import Viewer

TYPING_MS = 6000


class Ephemeral(NamedTuple):
    """An ephemeral push to the other online members of a conversation, but those left out.

    It holds for TYPING_MS, or is over when it is not `active`.
    """

    conversation_id: int
    type: str
    data: msgspec.Struct
    active: bool
    left_out: Sequence[int] = ()


class Answer(msgspec.Struct, frozen=True):
    """What a request comes to.

    `data` is the reply's, or None when `log_id` names the log row that is the reply. `extras` stand
    beside the data; `with_cursor` puts the current cursor on a reply without a row.
    """

    data: object = None
    log_id: int | None = None
    extras: Mapping[str, object] | None = None
    with_cursor: bool = False
    ephemeral: Ephemeral | None = None


def unknown(me: Viewer, request: Any) -> Iterable[Asked]:
    """What is looked up by a request of which that is not known."""
    return ()


class Read(NamedTuple):
    """A request that changes nothing: run in a snapshot."""

    run: Callable[[Db, Viewer, Any], Answer]


class Write(NamedTuple):
    """A request that changes something: run in the writer's transaction, checks included.

    `ahead` tells what it will look up, so that an engine that is far away is asked once for all
    that run together; a hint, without which it is only asked more often.
    """

    run: Callable[[Db, Viewer, Any], Answer]
    ahead: Callable[[Viewer, Any], Iterable[Asked]] = unknown


class Instant(NamedTuple):
    """A request that needs no database."""

    run: Callable[[Viewer, Any], Answer]


Handler = Read | Write | Instant
Table = Mapping[type[Request], Handler]

encode = msgspec.json.Encoder().encode


def publish(
    db: Db,
    audience: Audience,
    target: int,
    type_: str,
    data: msgspec.Struct,
    *,
    skip_user: int | None = None,
    effect: Effect | None = None,
    message_id: int | None = None,
    about_id: int | None = None,
    log_id: int | None = None,
) -> int:
    """Append a push to the log, as the row `log_id` if that was reserved; gives the row's id."""
    return log.append(
        db, audience, target, type_, encode(data),
        skip_user=skip_user, effect=effect, message_id=message_id, about_id=about_id, log_id=log_id,
    )  # fmt: skip


def publish_about(
    db: Db, conversation_id: int, message_id: int, type_: str, data: msgspec.Struct
) -> int:
    """Append a push about an older message, for who may read that; gives the row's id.

    Who joined later, or was away when it was sent, gets it neither live nor when resuming.
    """
    unable = members.unable_to_read(db, message_id)
    return publish(
        db, Audience.CONVERSATION, conversation_id, type_, data,
        effect=Effect(skip=unable) if unable else None,
        message_id=message_id if isinstance(data, Message) else None,
        about_id=message_id,
    )  # fmt: skip


def still_here(db: Db, me: Viewer) -> UserRow:
    """The viewer, unless their account was deleted while the request was on its way."""
    row = by_id(db, me.id)
    if row is None or row.deleted_at is not None:
        raise Refused(Code.FORBIDDEN, "the account is gone")
    return row


def member_of(db: Db, me: Viewer, conversation_id: int, field: str) -> Membership:
    """The viewer's membership in a conversation; refused alike if there is none or not for them."""
    membership = find(db, me.id, conversation_id)
    if membership is None:
        raise not_a_member(me, conversation_id, field)
    return membership


def not_a_member(me: Viewer, conversation_id: int, field: str) -> Refused:
    """The refusal for a conversation that is not there, or not for the viewer."""
    text = f"{me.username} is not part of any conversation with {conversation_id} id"
    return Refused(Code.NOT_FOUND, text, field)


def page_size(me: Viewer, asked: int | None, usual: int) -> int:
    """How many a page has: what was asked for, or what is usual within this server's limit."""
    return min(usual, me.limits["MAX_PAGE"]) if asked is None else asked


def no_such_user(username: str, field: str) -> Refused:
    """The refusal for a user who is not there, or not for the viewer."""
    return Refused(Code.NOT_FOUND, f"no such user '{username}' exists", field)
