"""Finding messages: the index as a reader sees it.

The index is a table `words`: of SQLite an FTS5 table in a file of its own (index_file.py), of
PostgreSQL one with a GIN index of lexemes, which, unlike one of arrays, finds the beginnings of
words. Every token in it begins with its conversation, so that a query only ever touches the lists
of the viewer's conversations: what others write shows neither in the hits nor in their ranks.
"""

import heapq
from collections.abc import Iterator
from typing import NamedTuple

from backend.store.engine.db import FOREVER, Db

MIN_PREFIX = 3  # characters of a word that find the words which begin with them
MAX_TERMS = 1000  # tokens, over all conversations, in one MATCH
MAX_EXAMINED = 10_000  # hits looked at for one page
MAX_RANKED = 1000  # the newest hits, among which the best are looked for
RANKED_TEXT = 4096  # characters of a message's tokens that count for its rank


class Query(NamedTuple):
    """What is searched for: `tokens` from query_tokens(); bounds are Unix seconds, inclusive."""

    tokens: list[str]
    limit: int
    conversation_id: int | None = None
    sender_id: int | None = None
    since: int | None = None
    until: int | None = None
    before: int | None = None
    ranked: bool = False


class Hits(NamedTuple):
    """Message ids, and the `before` of the next page if there may be one."""

    ids: list[int]
    next: int | None


def word_token(conversation_id: int, token: str) -> str:
    """Return how a word of a message stands in the index."""
    return f"{conversation_id}x{token}"


def sender_token(conversation_id: int, sender_id: int) -> str:
    """Return how the sender of a message stands in the index; no word looks like it."""
    return f"{conversation_id}y{sender_id}"


def find(db: Db, user_id: int, query: Query) -> Hits:
    """Return the messages that have all the tokens and that this user may see now.

    Newest first; with `ranked` the best first among the newest thousand, as one page. A query
    without tokens finds nothing.
    """
    conversations = _conversations(db, user_id, query.conversation_id) if query.tokens else []
    hits = _visible_hits(db, user_id, query, conversations)
    if query.ranked:
        return Hits(_best(db, query, [id_ for id_, seen in hits if seen][:MAX_RANKED]), None)
    return _page(hits, query.limit)


def _page(hits: Iterator[tuple[int, bool]], limit: int) -> Hits:
    ids: list[int] = []
    for examined, (id_, seen) in enumerate(hits, 1):
        if seen and len(ids) == limit:
            return Hits(ids, ids[-1])
        if seen:
            ids.append(id_)
        if examined == MAX_EXAMINED:
            return Hits(ids, id_)
    return Hits(ids, None)


def _conversations(db: Db, user_id: int, only: int | None) -> list[tuple[int, int]]:
    """The user's conversations, and the first message id they may see in each, the latest first."""
    rows = db.execute(
        "SELECT m.conversation_id, (SELECT min(o.first_id) FROM members o"
        " WHERE o.conversation_id = m.conversation_id AND o.user_id = m.user_id) AS first"
        " FROM members m WHERE m.user_id = :user AND m.left_id = :forever"
        " AND (CAST(:only AS BIGINT) IS NULL OR m.conversation_id = :only) ORDER BY first DESC",
        {"user": user_id, "forever": FOREVER, "only": only},
    )
    return list(rows)


class Syntax(NamedTuple):
    """How a query is written: what stands between words and between conversations, and a word."""

    both: str
    either: str
    word: str
    beginning: str


SEEN = """EXISTS (
    SELECT 1 FROM messages m JOIN members s ON s.conversation_id = m.conversation_id
    WHERE m.id = words.rowid AND m.deleted_at IS NULL AND m.sent_at BETWEEN :since AND :until
    AND s.user_id = :user AND m.id BETWEEN s.first_id AND s.last_id)"""
VISIBLE = {
    "sqlite": f"""
SELECT words.rowid, {SEEN} FROM words
WHERE words MATCH :match AND words.rowid BETWEEN :low AND :high
ORDER BY words.rowid DESC LIMIT :examined
""",
    # found first and sorted then: never looked for from the newest message on
    "postgres": f"""
WITH found AS MATERIALIZED (SELECT rowid FROM words WHERE rowid BETWEEN :low AND :high
    AND array_to_tsvector(string_to_array(text, ' ')) @@ CAST(:match AS tsquery))
SELECT words.rowid, {SEEN} FROM
    (SELECT rowid FROM found ORDER BY rowid DESC LIMIT :examined) AS words
ORDER BY words.rowid DESC
""",
}
# every word is quoted, so that none is part of the language; no word has a quote in it
SYNTAX = {
    "sqlite": Syntax(" AND ", " OR ", '"{}"', '"{}"*'),
    "postgres": Syntax(" & ", " | ", "'{}'", "'{}':*"),
}


def _visible_hits(
    db: Db, user_id: int, query: Query, conversations: list[tuple[int, int]]
) -> Iterator[tuple[int, bool]]:
    """Hits, newest first, and whether the user may see them; at most MAX_EXAMINED are looked at."""
    since = 0 if query.since is None else query.since * 1000
    until = FOREVER if query.until is None else query.until * 1000 + 999
    high = FOREVER if query.before is None else query.before - 1
    values = {"user": user_id, "since": since, "until": until, "examined": MAX_EXAMINED}
    oldest = 0 if query.since is None else _first_since(db, since)
    newest = high if query.until is None else min(high, _first_since(db, until + 1) - 1)
    size = max(1, MAX_TERMS // (len(query.tokens) + 1))
    cursors = []
    for start in range(0, len(conversations), size):
        chunk = conversations[start : start + size]
        match = _match(query, chunk, SYNTAX[db.dialect])
        bounds = {"low": max(oldest, chunk[-1][1]), "high": newest, "match": match}
        cursors.append(db.execute(VISIBLE[db.dialect], values | bounds))
    found = heapq.merge(*cursors, key=lambda hit: hit[0], reverse=True)
    for (id_, seen), _ in zip(found, range(MAX_EXAMINED), strict=False):
        yield id_, bool(seen)


def _match(query: Query, conversations: list[tuple[int, int]], syntax: Syntax) -> str:
    """The query in the engine's language."""
    return syntax.either.join(
        "(" + syntax.both.join(_terms(query, conversation_id, syntax)) + ")"
        for conversation_id, _ in conversations
    )


def _terms(query: Query, conversation_id: int, syntax: Syntax) -> list[str]:
    """Each word, or its beginning if it is long enough to tell words apart."""
    terms = [
        (syntax.beginning if len(token) >= MIN_PREFIX else syntax.word).format(
            word_token(conversation_id, token)
        )
        for token in query.tokens
    ]
    if query.sender_id is not None:
        terms.append(syntax.word.format(sender_token(conversation_id, query.sender_id)))
    return terms


def _first_since(db: Db, time_ms: int) -> int:
    """The id from which on messages were sent at that time or later, by bisection.

    A clock that was set back makes it inexact by as much; ids are what orders messages.
    """
    low, high = 1, (db.execute("SELECT max(id) FROM messages").fetchone()[0] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        row = db.execute(
            "SELECT sent_at FROM messages WHERE id >= ? ORDER BY id LIMIT 1", (middle,)
        ).fetchone()
        if row is None or row[0] >= time_ms:
            high = middle
        else:
            low = middle + 1
    return low


def _best(db: Db, query: Query, ids: list[int]) -> list[int]:
    """Those of the hits that are about it most: BM25, with lengths compared among these hits.

    All have all the words, so rarity does not tell them apart; and nobody else's texts count.
    """
    texts = {id_: _text(db, id_).split() for id_ in ids}
    average = sum(map(len, texts.values())) / max(1, len(texts))
    wanted = set(query.tokens)

    def score(id_: int) -> float:
        words = [term.partition("x")[2] for term in texts[id_]]
        counts = [sum(1 for word in words if word.startswith(token)) for token in wanted]
        return sum(n * 2.2 / (n + 1.2 * (0.25 + 0.75 * len(words) / average)) for n in counts)

    return heapq.nlargest(query.limit, ids, key=lambda id_: (score(id_), id_))


def _text(db: Db, message_id: int) -> str:
    row = db.execute(
        "SELECT substr(text, 1, ?) FROM words WHERE rowid = ?", (RANKED_TEXT, message_id)
    ).fetchone()
    return str(row[0]) if row else ""
