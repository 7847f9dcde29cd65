"""Requests about finding messages by their words."""

from typing import Annotated, ClassVar

from msgspec import Meta

from backend.protocol.base import Id, Page, Request, Seconds, Username
from backend.protocol.models import Message, Thing, User


class SearchData(Thing, frozen=True):
    """Messages that match, and their authors, once each."""

    messages: tuple[Message, ...]
    users: tuple[User, ...]


class SearchMessages(Request, tag="search_messages", frozen=True, kw_only=True):
    """Find messages that have all the words, in one's own conversations.

    `since` and `until` are Unix seconds. Newest first (`before` is a message id), or with `ranked`
    the best first among the newest thousand; 20 without a `limit`.
    """

    DATA: ClassVar[object] = SearchData
    REPLY_FIELDS: ClassVar[dict[str, str]] = {
        "more": "whether there are more below",
        "next": "the `before` of the next page, or null",
    }
    query: Annotated[str, Meta(min_length=1, max_length=256)]
    conversation_id: Id | None = None
    sender: Username | None = None
    since: Seconds | None = None
    until: Seconds | None = None
    ranked: bool = False
    before: Id | None = None
    limit: Page | None = None
