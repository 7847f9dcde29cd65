"""What is looked up by requests that are made all the time.

PostgreSQL is asked for it once for all that run together. These are hints: what is missing costs
one more round trip, and what is too much a little of its time.
"""

from collections.abc import Iterator

from backend.handlers.post import named_in
from backend.protocol.base import type_of
from backend.protocol.marks import MarkDelivered, MarkRead
from backend.protocol.messages import EditMessage, SendMessage
from backend.protocol.reactions import AddReaction
from backend.store import conversations, files, log, marks, members, messages, reactions, unread
from backend.store.engine.rows import Asked
from backend.views.viewer import Viewer


def of_sending(me: Viewer, request: SendMessage) -> Iterator[Asked]:
    """Whether it was sent before, where to, whom it names, and what it replies to."""
    if request.client_id is not None:
        yield Asked(messages.SENT, (me.id, request.client_id))
    if request.conversation_id is None:
        return
    yield Asked(conversations.SEND_CONTEXT, (request.conversation_id, me.id))
    for key in named_in(request.content, me.limits["MAX_MENTIONS"]):
        yield Asked(reactions.NAMED, (request.conversation_id, key))
    if request.reply_id is not None:
        yield Asked(messages.PLACE, (request.reply_id, request.conversation_id))
        yield Asked(members.STAYS, (request.conversation_id, me.id))


def of_editing(me: Viewer, request: EditMessage) -> Iterator[Asked]:
    """The message with its files, whom it named and names, and which rows of the log carry it."""
    key = (request.message_id,)
    yield from _of_message(me, request.message_id)
    yield Asked(files.OF_MESSAGE, key)
    yield Asked(reactions.MENTIONED, key)
    yield Asked(log.CARRYING, key)
    for name in named_in(request.content, me.limits["MAX_MENTIONS"]):
        yield Asked(reactions.NAMED_BY_MESSAGE, (request.message_id, name))


def of_reacting(me: Viewer, request: AddReaction) -> Iterator[Asked]:
    """The message, and whether it has that reaction."""
    yield from _of_message(me, request.message_id)
    yield Asked(reactions.OWN, (request.message_id, request.emoji, me.id))


def _of_message(me: Viewer, message_id: int) -> Iterator[Asked]:
    """Of a message that something is done to: it, who may see it, its reactions."""
    yield Asked(messages.BY_ID, (message_id,))
    yield Asked(conversations.FIND_BY_MESSAGE, (message_id, me.id))
    yield Asked(members.STAYS_BY_MESSAGE, (message_id, me.id))
    yield Asked(members.UNABLE, (message_id,))
    yield Asked(reactions.COUNTS, (message_id,))


def of_marking(me: Viewer, request: MarkRead | MarkDelivered) -> Iterator[Asked]:
    """The conversation, the place of the message in it, the mark before, what is unread."""
    own = request.conversation_id, me.id
    yield Asked(conversations.FIND, own)
    yield Asked(members.STAYS, own)
    yield Asked(messages.PLACE, (request.message_id, request.conversation_id))
    yield Asked(marks.LAST, (*own, type_of(type(request))))
    up_to = request.message_id if isinstance(request, MarkRead) else unread.AS_READ
    yield Asked(unread.ABOVE, (*own, up_to))
