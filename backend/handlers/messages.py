"""Messages: sent, forwarded, edited, deleted, read."""

from collections.abc import Mapping

from backend import views
from backend.handlers.base import Answer, encode, member_of, not_a_member, page_size, publish_about
from backend.handlers.conversations import called
from backend.handlers.files import check_sendable, check_something, copied, split
from backend.handlers.post import Draft, named_in, post_message
from backend.protocol.errors import Code, Refused
from backend.protocol.messages import (
    DeleteMessage,
    EditMessage,
    ForwardMessage,
    GetMessages,
    MessagesData,
    SendMessage,
)
from backend.protocol.models import Message
from backend.store import conversations, files, log, members, messages, reactions
from backend.store.conversations import Membership, SendContext, find_by_message
from backend.store.engine.db import FOREVER, Db
from backend.store.log import now_ms
from backend.store.messages import MessageRow
from backend.views.viewer import Viewer

PLACES = ("before", "after", "around", "ids")
DUPLICATE = {"duplicate": True}


def send_message(db: Db, me: Viewer, request: SendMessage) -> Answer:
    """Send a message, unless this `client_id` was sent before."""
    conversation_id, field = _sent_to(db, me, request)
    again = _sent_before(db, me, request.client_id, conversation_id)
    if again is not None:
        return again
    file_ids = request.files or []
    check_something(request.content, len(file_ids))
    context = open_to(db, me, conversation_id, field)
    if request.reply_id is not None:
        _check_reply(db, me, conversation_id, request.reply_id)
    if file_ids:
        check_sendable(db, me, file_ids)
    draft = Draft(
        conversation_id, context.last_seq, me.id, me.username, context.fullname,
        request.content, request.reply_id, request.client_id, file_ids,
    )  # fmt: skip
    return Answer(log_id=post_message(db, draft, me.limits["MAX_MENTIONS"]))


def forward_message(db: Db, me: Viewer, request: ForwardMessage) -> Answer:
    """Send text and files of a message the viewer can see to another conversation."""
    again = _sent_before(db, me, request.client_id, request.conversation_id)
    if again is not None:
        return again
    source, _ = visible_message(db, me, request.message_id)
    if source.content is None or source.kind != "text":
        text = "message_id: expected a message with text"
        raise Refused(Code.INVALID_REQUEST, text, "message_id")
    context = open_to(db, me, request.conversation_id, "conversation_id")
    draft = Draft(
        request.conversation_id, context.last_seq, me.id, me.username, context.fullname,
        source.content, None, request.client_id, copied(db, me, source.id),
    )  # fmt: skip
    return Answer(log_id=post_message(db, draft, me.limits["MAX_MENTIONS"]))


def _sent_to(db: Db, me: Viewer, request: SendMessage) -> tuple[int, str]:
    """The id of the conversation that a message is for, and the field that named it."""
    if (request.conversation_id is None) == (request.conversation_client_id is None):
        text = "conversation_id: expected either it or conversation_client_id"
        raise Refused(Code.INVALID_REQUEST, text, "conversation_id")
    if request.conversation_id is not None:
        return request.conversation_id, "conversation_id"
    field = "conversation_client_id"
    return called(db, me, request.conversation_client_id or "", field), field


def _sent_before(db: Db, me: Viewer, client_id: str | None, conversation_id: int) -> Answer | None:
    """The message of this `client_id` as it is now, None when there is none: nothing is sent twice.

    Who may not see it now learns no more.
    """
    if client_id is None:
        return None
    sent = messages.by_client_id(db, me.id, client_id)
    if sent is None:
        return None
    message_id, where = sent
    if where != conversation_id:
        text = "client_id: it was used in another conversation"
        raise Refused(Code.CONFLICT, text, "client_id")
    row = messages.by_id(db, message_id)
    assert row is not None
    if conversations.find(db, me.id, where) is None:
        return Answer(views.message.as_left(row), extras=DUPLICATE)
    return Answer(views.message.for_everyone(db, row), extras=DUPLICATE)


def open_to(db: Db, me: Viewer, conversation_id: int, field: str) -> SendContext:
    """The viewer's send context in a conversation that takes messages from them."""
    context = conversations.context(db, me.id, conversation_id)
    if context is None:
        raise not_a_member(me, conversation_id, field)
    refuse_closed(context, field)
    return context


def refuse_closed(found: Membership | SendContext, field: str) -> None:
    """Refuse what would reach the other member of a direct conversation that is closed."""
    if found.closed:
        text = "the other member of this conversation cannot be reached"
        raise Refused(Code.FORBIDDEN, text, field)


def _check_reply(db: Db, me: Viewer, conversation_id: int, reply_id: int) -> None:
    ranges = members.visible(db, conversation_id, me.id)
    is_there = messages.place(db, conversation_id, reply_id) is not None
    if not is_there or not messages.within(ranges, reply_id):
        text = "reply_id: expected a message of the same conversation"
        raise Refused(Code.NOT_FOUND, text, "reply_id")


def visible_message(db: Db, me: Viewer, message_id: int) -> tuple[MessageRow, Membership]:
    """A message the viewer may read, and their membership; refused alike if there is none."""
    row = messages.by_id(db, message_id)
    membership = find_by_message(db, me.id, message_id) if row is not None else None
    if row is None or membership is None or not members.may_read(db, me.id, message_id):
        raise Refused(Code.NOT_FOUND, f"no such message {message_id} exists", "message_id")
    return row, membership


def edit_message(db: Db, me: Viewer, request: EditMessage) -> Answer:
    """Change the text of the viewer's own message."""
    row, membership = visible_message(db, me, request.message_id)
    if row.sender_id != me.id or row.kind != "text":
        text = "only its author may edit a message"
        raise Refused(Code.FORBIDDEN, text, "message_id")
    if row.deleted_at is not None or membership.closed:
        raise Refused(Code.FORBIDDEN, "this message cannot be edited", "message_id")
    staying, going = split(db, row.id, request.files)
    check_something(request.content, len(staying))
    if going:
        files.remove(db, going)
    keys = named_in(request.content, me.limits["MAX_MENTIONS"])
    named = reactions.named(db, reactions.NAMED_BY_MESSAGE, row.id, keys)
    others = [id_ for id_, _ in named if id_ != me.id]
    if others or row.mentions is not None:
        reactions.mention_instead(db, membership.id, row.id, others)
    names = encode([name for _, name in named]).decode() if named else None
    log.supersede(db, row.id)
    edited = messages.edit(db, row, request.content, names, now_ms())
    return Answer(log_id=_tell(db, views.message.for_everyone(db, edited), "edit_message"))


def delete_message(db: Db, me: Viewer, request: DeleteMessage) -> Answer:
    """Leave a tombstone; the text is gone from the database and the log at once."""
    row, membership = visible_message(db, me, request.message_id)
    if row.sender_id != me.id and (membership.kind == "direct" or membership.role == "member"):
        text = "only its author, an owner or a moderator may delete a message"
        raise Refused(Code.FORBIDDEN, text, "message_id")
    if row.kind != "text":
        raise Refused(Code.FORBIDDEN, "a system message cannot be deleted", "message_id")
    if row.deleted_at is not None:
        return Answer(views.message.for_everyone(db, row))
    return Answer(log_id=blank(db, row.id))


def blank(db: Db, message_id: int) -> int:
    """Make a message a tombstone, wherever it stands, and tell the members; gives the log row."""
    reactions.clear(db, message_id)
    reactions.forget_mentions(db, message_id)
    files.remove_of_messages(db, [message_id])
    values = {"content": None, "mentions": None, "pinned_at": None, "deleted_at": now_ms()}
    tombstone = _changed(db, message_id, values)
    log.rewrite(db, message_id, encode(tombstone))
    return _tell(db, tombstone, "delete_message")


def withdraw_files(db: Db, message_id: int) -> int:
    """Take all files out of a message, wherever it stands; without a text it becomes a tombstone.

    Gives the log row that tells the members.
    """
    row = messages.by_id(db, message_id)
    assert row is not None
    if not row.content:
        return blank(db, message_id)
    files.remove_of_messages(db, [message_id])
    message = views.message.for_everyone(db, row)
    log.rewrite(db, message_id, encode(message))
    return _tell(db, message, "edit_message")


def change(db: Db, message_id: int, values: Mapping[str, object], type_: str) -> int:
    """Change a message and tell the members who may read it; gives the log row."""
    return _tell(db, _changed(db, message_id, values), type_)


def _changed(db: Db, message_id: int, values: Mapping[str, object]) -> Message:
    messages.update(db, message_id, values)
    row = messages.by_id(db, message_id)
    assert row is not None
    return views.message.for_everyone(db, row)


def _tell(db: Db, message: Message, type_: str) -> int:
    return publish_about(db, message.conversation_id, message.id, type_, message)


def get_messages(db: Db, me: Viewer, request: GetMessages) -> Answer:
    """A page of a conversation's messages, newest first."""
    given = [name for name in PLACES if getattr(request, name) is not None]
    if len(given) > 1:
        text = f"{given[1]}: expected at most one of {', '.join(PLACES)}"
        raise Refused(Code.INVALID_REQUEST, text, given[1])
    member_of(db, me, request.conversation_id, "conversation_id")
    if request.ids is not None:
        return _named(db, me, request.conversation_id, request.ids)
    ranges = members.visible(db, request.conversation_id, me.id)
    return _page(db, me, request, ranges, _select(db, me, request, ranges))


def _named(db: Db, me: Viewer, conversation_id: int, ids: list[int]) -> Answer:
    found = messages.readable(db, me.id, ids)
    rows = [found[id_] for id_ in sorted(found, reverse=True)]
    rows = [row for row in rows if row.conversation_id == conversation_id]
    return chosen(db, me, conversation_id, rows)


def chosen(db: Db, me: Viewer, conversation_id: int, rows: list[MessageRow]) -> Answer:
    """Messages that are no page of the conversation: nothing is told to be before or after them."""
    data = MessagesData(
        conversation_id=conversation_id,
        messages=tuple(views.message.for_viewer(db, me, rows)),
        users=views.message.authors(db, me, rows),
        more_before=False,
        more_after=False,
    )
    return Answer(data)


def _select(db: Db, me: Viewer, request: GetMessages, ranges: messages.Ranges) -> list[MessageRow]:
    id_, limit = request.conversation_id, page_size(me, request.limit, 100)
    if request.after is not None:
        return messages.after(db, id_, ranges, request.after, limit)
    if request.around is None:
        return messages.before(db, id_, ranges, request.before or FOREVER, limit)
    newer = messages.after(db, id_, ranges, request.around, limit // 2)
    older = messages.before(db, id_, ranges, request.around + 1, limit - len(newer))
    return newer + older


def _page(
    db: Db,
    me: Viewer,
    request: GetMessages,
    ranges: messages.Ranges,
    rows: list[MessageRow],
) -> Answer:
    conversation_id = request.conversation_id
    first, last = (rows[-1].id, rows[0].id) if rows else _edges(request)
    data = MessagesData(
        conversation_id=conversation_id,
        messages=tuple(views.message.for_viewer(db, me, rows)),
        users=views.message.authors(db, me, rows),
        more_before=bool(messages.before(db, conversation_id, ranges, first, 1)),
        more_after=bool(messages.after(db, conversation_id, ranges, last, 1)),
    )
    return Answer(data)


def _edges(request: GetMessages) -> tuple[int, int]:
    """Where an empty page is: what is before it is under the first id, what follows above both."""
    if request.after is not None:
        return request.after + 1, request.after
    below = FOREVER if request.before is None else request.before
    return below, below - 1
