"""Requests about the files of conversations."""

from typing import ClassVar, Literal

from backend.protocol.base import Id, Page, Request
from backend.protocol.models import Attachment, Thing, User


class SharedFile(Attachment, frozen=True):
    """A file, and the message it is in."""

    message_id: int
    sender_id: int


class FilesData(Thing, frozen=True):
    """Files, newest first, and who sent them, once each."""

    conversation_id: int
    files: tuple[SharedFile, ...]
    users: tuple[User, ...]


class GetFiles(Request, tag="get_files", frozen=True, kw_only=True):
    """List the files of a conversation, all or those of a kind, by message, newest first.

    `before` is a message id; 50 without a `limit`. The files of a message stay together, so a page
    may have a few more.
    """

    DATA: ClassVar[object] = FilesData
    REPLY_FIELDS: ClassVar[dict[str, str]] = {
        "more": "whether there are more below",
        "next": "the `before` of the next page, or null",
    }
    conversation_id: Id
    kind: Literal["picture", "video", "audio", "file"] | None = None
    before: Id | None = None
    limit: Page | None = None


class AvatarData(Thing, frozen=True):
    """A group's new avatar, null for none; see User for what the path is."""

    conversation_id: int
    avatar: str | None


class SetAvatar(Request, tag="set_avatar", frozen=True, kw_only=True):
    """Give a group a picture one uploaded (owner or moderator), or with null none."""

    DATA: ClassVar[object] = AvatarData
    GOES_TO: ClassVar[str] = "all members"
    conversation_id: Id
    avatar: Id | None
