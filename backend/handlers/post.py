"""A message becoming one: its row, its log row, and what it moves in its conversation.

What people write moves the conversation on; that they did something to it is told in between.
"""

import re
from collections.abc import Iterable, Sequence

import msgspec

from backend import views
from backend.handlers.base import encode, publish
from backend.protocol.actions import Action
from backend.protocol.models import Attachment, Message
from backend.store import conversations, files, members, messages, reactions, users
from backend.store.engine.db import Db
from backend.store.log import Audience, now_ms

MENTION = re.compile(r"(?<![\w.@-])@([A-Za-z0-9_](?:[A-Za-z0-9._-]{0,30}[A-Za-z0-9_])?)")


class Draft(msgspec.Struct, frozen=True, gc=False):
    """What a message will be; `last_seq` is that of the conversation before it."""

    conversation_id: int
    last_seq: int
    sender_id: int
    username: str
    fullname: str
    content: str
    reply_id: int | None
    client_id: str | None
    file_ids: Sequence[int] = ()


def post_message(db: Db, draft: Draft, max_mentions: int) -> int:
    """Store a message and its log row; it counts as read by its sender. Gives the row's id."""
    now, seq, conversation_id = now_ms(), draft.last_seq + 1, draft.conversation_id
    keys = named_in(draft.content, max_mentions)
    named = reactions.named(db, reactions.NAMED, conversation_id, keys)
    mentions = tuple([name for _, name in named]) if named else ()
    message_id = messages.insert(
        db,
        (conversation_id, seq, "text", draft.sender_id, draft.content,
         encode(mentions).decode() if mentions else None, draft.reply_id, draft.client_id, now,
         None, None),
    )  # fmt: skip
    if named and (others := [id_ for id_, _ in named if id_ != draft.sender_id]):
        reactions.mention(db, conversation_id, message_id, others)
    message = Message(
        id=message_id, seq=seq, conversation_id=conversation_id, kind="text",
        attachments=_attached(db, draft, message_id),
        sender_id=draft.sender_id, sender_username=draft.username, sender_fullname=draft.fullname,
        content=draft.content, mentions=mentions,
        reply_id=draft.reply_id, client_id=draft.client_id, sent_at=now // 1000,
    )  # fmt: skip
    at = publish(
        db, Audience.CONVERSATION, conversation_id, "send_message", message, message_id=message_id
    )
    conversations.moved_on(db, conversation_id, seq, message_id, at, now)
    members.read_own(db, conversation_id, draft.sender_id, message_id, seq)
    return at


def _attached(db: Db, draft: Draft, message_id: int) -> tuple[Attachment, ...]:
    """The files of a new message, which are its own from now on."""
    if not draft.file_ids:
        return ()
    files.attach(db, draft.file_ids, draft.conversation_id, message_id)
    return views.file.attached(db, message_id)


def named_in(content: str, limit: int) -> list[str]:
    """The folded usernames that stand as `@username` in a text, at most `limit`."""
    if "@" not in content:
        return []
    return list(dict.fromkeys(users.fold(match[1]) for match in MENTION.finditer(content)))[:limit]


def post_system_message(
    db: Db,
    conversation_id: int,
    actor_id: int,
    action: Action,
    subject_ids: Iterable[int] = (),
    text: str | None = None,
) -> None:
    """Let a timeline record what somebody did, to whom, and the name or the role they gave.

    It counts for nobody as unread, and moves neither `seq` nor `activity`.
    """
    last_seq = conversations.known(db, conversation_id).last_seq
    message_id = messages.insert(
        db,
        (conversation_id, last_seq, "system", actor_id, text, None, None, None, now_ms(), action,
         encode(list(subject_ids)).decode()),
    )  # fmt: skip
    row = messages.by_id(db, message_id)
    assert row is not None
    message = views.message.for_everyone(db, row)
    publish(
        db, Audience.CONVERSATION, conversation_id, "send_message", message, message_id=message_id
    )
