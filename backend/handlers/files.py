"""Files in messages, and pictures as avatars."""

from collections.abc import Sequence

from backend import views
from backend.handlers.base import Answer, member_of, page_size, publish
from backend.handlers.conversations import group_run_by
from backend.protocol.errors import Code, Refused
from backend.protocol.files import AvatarData, FilesData, GetFiles, SetAvatar
from backend.protocol.names import check_content
from backend.store import conversations, files, members, users
from backend.store.engine.db import FOREVER, Db
from backend.store.files import FileRow
from backend.store.log import Audience, now_ms
from backend.views.viewer import Viewer

MOST = 101  # files a message may have, and one of the next


def check_sendable(db: Db, me: Viewer, ids: Sequence[int]) -> None:
    """Refuse files that are not the viewer's own, or that were sent before, or one twice."""
    sendable = files.unsent(db, me.id, ids)
    for number, id_ in enumerate(ids):
        if id_ not in sendable or id_ in ids[:number]:
            text = f"files: {id_} is no file of yours that was not sent yet"
            raise Refused(Code.NOT_FOUND, text, "files")


def check_something(content: str, file_count: int) -> None:
    """Refuse a message with neither text nor files, or with text of which nothing is to be seen."""
    if content:
        check_content(content)
    elif not file_count:
        text = "content: expected at least 1 character, or files"
        raise Refused(Code.INVALID_REQUEST, text, "content")


def copied(db: Db, me: Viewer, message_id: int) -> list[int]:
    """The viewer's own rows for the files of a message that is forwarded; gives their ids."""
    rows = files.of_message(db, message_id)
    limit = me.limits["MAX_STORAGE_PER_USER"]
    if rows and files.held(db, me.id, with_message=message_id) > limit:
        raise Refused(Code.TOO_LARGE, f"your files may have at most {limit} bytes in all")
    return files.copy(db, rows, me.id)


def split(db: Db, message_id: int, kept: Sequence[int] | None) -> tuple[set[int], set[int]]:
    """A message's files that stay and those that go, when these are to be kept (None: all)."""
    there = {row.id for row in files.of_message(db, message_id)}
    staying = there if kept is None else set(kept)
    for id_ in staying - there:
        raise Refused(Code.NOT_FOUND, f"files: {id_} is not in this message", "files")
    return staying, there - staying


def new_avatar(
    db: Db, me: Viewer, file_id: int | None, conversation_id: int | None = None
) -> str | None:
    """Let a picture of the viewer's be their avatar, or a group's, in place of the one before.

    Gives its path. Raises Refused unless it is a picture of theirs that is not used otherwise.
    """
    row = None if file_id is None else _picture(db, me, file_id)
    owner_id = me.id if conversation_id is None else None
    files.remove(db, files.avatars(db, owner_id, conversation_id))
    if row is None:
        return None
    files.use_as_avatar(db, row.id, conversation_id)
    return views.file.avatar_path(row.id)


def _picture(db: Db, me: Viewer, file_id: int) -> FileRow:
    row = files.by_id(db, file_id)
    if row is None or row.owner_id != me.id or row.use != "unsent" or row.square is None:
        text = f"avatar: {file_id} is no picture of yours that was not used yet"
        raise Refused(Code.NOT_FOUND, text, "avatar")
    return row


def get_files(db: Db, me: Viewer, request: GetFiles) -> Answer:
    """A page of a conversation's files, in messages that the viewer may read."""
    id_ = member_of(db, me, request.conversation_id, "conversation_id").id
    limit = page_size(me, request.limit, 50)
    below = FOREVER if request.before is None else request.before
    ranges = members.visible(db, id_, me.id)
    found = files.of_conversation(db, id_, ranges, request.kind, below, limit + MOST)
    end = min(limit, len(found))
    while 0 < end < len(found) and found[end].message_id == found[end - 1].message_id:
        end += 1
    page, more = found[:end], end < len(found)
    senders = users.by_ids(db, sorted({row.owner_id for row in page}))
    data = FilesData(
        conversation_id=id_,
        files=tuple(views.file.shared(row) for row in page),
        users=tuple(views.user.for_viewer(db, me, senders.values())),
    )
    return Answer(data, extras={"more": more, "next": page[-1].message_id if more else None})


def set_avatar(db: Db, me: Viewer, request: SetAvatar) -> Answer:
    """Give a group a picture, or take it."""
    id_ = group_run_by(db, me, request.conversation_id).id
    path = new_avatar(db, me, request.avatar, id_)
    conversations.update(db, id_, {"avatar": path, "updated_at": now_ms()})
    data = AvatarData(conversation_id=id_, avatar=path)
    return Answer(log_id=publish(db, Audience.CONVERSATION, id_, "set_avatar", data))
