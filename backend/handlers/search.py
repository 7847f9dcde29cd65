"""Finding messages by their words."""

from backend import views
from backend.handlers.base import Answer, member_of, no_such_user, page_size
from backend.protocol.errors import Code, Refused
from backend.protocol.search import SearchData, SearchMessages
from backend.store import messages, search, users
from backend.store.engine.db import Db
from backend.store.search import Query
from backend.store.tokens import query_tokens, split_words
from backend.views.viewer import Viewer


def search_messages(db: Db, me: Viewer, request: SearchMessages) -> Answer:
    """Find messages that have all the words, in the viewer's own conversations."""
    query = _query(db, me, request)
    hits = search.find(db, me.id, query)
    found = messages.by_ids(db, hits.ids)
    rows = [found[id_] for id_ in hits.ids]
    data = SearchData(
        messages=tuple(views.message.for_viewer(db, me, rows)),
        users=views.message.authors(db, me, rows),
    )
    return Answer(data, extras={"more": hits.next is not None, "next": hits.next})


def _query(db: Db, me: Viewer, request: SearchMessages) -> Query:
    limit = me.limits["MAX_SEARCH_WORDS"]
    words = split_words(request.query)
    if not 0 < len(words) <= limit:
        text = f"query: expected 1 to {limit} words"
        raise Refused(Code.INVALID_REQUEST, text, "query")
    if request.conversation_id is not None:
        member_of(db, me, request.conversation_id, "conversation_id")
    sender_id = None
    if request.sender is not None:
        sender = users.by_username(db, request.sender)
        if sender is None:
            raise no_such_user(request.sender, "sender")
        sender_id = sender.id
    return Query(
        tokens=query_tokens(request.query),
        limit=page_size(me, request.limit, 20),
        conversation_id=request.conversation_id,
        sender_id=sender_id,
        since=request.since,
        until=request.until,
        before=request.before,
        ranked=request.ranked,
    )
