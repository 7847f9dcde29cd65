"""The end of a conversation by the operator's hand, who is nobody's member."""

import msgspec

from backend.handlers.base import publish
from backend.handlers.contacts import tie
from backend.protocol.members import MemberGoneData
from backend.store import conversations, deleted_conversations, files, log, members
from backend.store.engine.db import FOREVER, Db
from backend.store.log import Audience, Effect, now_ms

ROWS = 500
USERS = 20
BY_OPERATOR = ""


def end_for_all(db: Db, conversation_id: int) -> int | None:
    """End every membership and tell each; gives how many, None without a conversation.

    Each is told in a row of their own that they were removed, by nobody. What the server's memory
    holds ends with the row after those, which is delivered to nobody.
    """
    if not deleted_conversations.exists(db, conversation_id):
        return None
    present = members.present(db, conversation_id, FOREVER)
    deleted_conversations.end_memberships(db, conversation_id, log.head(db))
    for each in present:
        data = MemberGoneData(
            conversation_id=conversation_id, username=each.username, by=BY_OPERATOR, member_count=0
        )
        publish(db, Audience.USER, each.user_id, "remove_member", data)
    # without its key, the two of a direct conversation can begin a new one
    files.remove(db, files.avatars(db, None, conversation_id))
    values = {
        "name": "",
        "topic": "",
        "avatar": None,
        "closed": 1,
        "member_count": 0,
        "direct_key": None,
    }
    conversations.update(db, conversation_id, values | {"updated_at": now_ms()})
    _forget(db, conversation_id, tuple(each.user_id for each in present))
    return len(present)


def _forget(db: Db, conversation_id: int, user_ids: tuple[int, ...]) -> None:
    is_direct = conversations.known(db, conversation_id).kind == "direct"
    effect = tie(db, *user_ids) if is_direct and len(user_ids) == 2 else Effect()
    effect = msgspec.structs.replace(effect, leave=user_ids)
    type_ = "delete_conversation"
    log.append(db, Audience.SERVER, conversation_id, type_, b"{}", effect=effect)


def blank_below(db: Db, conversation_id: int, below: int) -> int | None:
    """Blank some hundred messages below an id; gives the id to go on below, None at the end.

    Each that is blanked gets a row in the log that is delivered to nobody: the search index learns
    by it that there is nothing to find.
    """
    page = deleted_conversations.message_ids(db, conversation_id, below, ROWS)
    ids = [message_id for message_id, is_there in page if is_there]
    deleted_conversations.drop_rows_of(db, [message_id for message_id, _ in page])
    deleted_conversations.blank(db, ids)
    files.remove_of_messages(db, ids)
    for id_ in ids:
        log.append(db, Audience.SERVER, conversation_id, "delete_message", b"{}", message_id=id_)
    return page[-1][0] if page else None


def drop_shared_rows(db: Db, conversation_id: int) -> bool:
    """Remove some hundred rows of the log that were for its members; gives if there were any."""
    return deleted_conversations.drop_shared_rows(db, conversation_id, ROWS) > 0


def drop_own_rows(db: Db, conversation_id: int, after: int) -> int | None:
    """Remove what the log has for single members above a user id; gives the id to go on after."""
    users = deleted_conversations.next_members(db, conversation_id, after, USERS)
    for user_id in users:
        deleted_conversations.drop_own_rows(db, conversation_id, user_id)
    return users[-1] if users else None
