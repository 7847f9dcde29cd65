"""Finding messages: the index as a reader sees it.

The index is a table `words`: of SQLite an FTS5 table in a file of its own (index_file.py), of
PostgreSQL one with a GIN index of lexemes, which, unlike one of arrays, finds the beginnings of
words. Every token in it begins with its conversation, so that a query only ever touches the lists
of the viewer's conversations: what others write shows neither in the hits nor in their ranks.
"""

import heapq
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from backend.store.engine.db import FOREVER, Db
from backend.store.engine.lists import as_list, each

MIN_PREFIX = 3  # characters of a word that find the words which begin with them
MAX_TERMS = 1000  # tokens, over all conversations, in one MATCH
MAX_EXAMINED = 10_000  # hits looked at for one page
MAX_RANKED = 1000  # the newest hits, among which the best are looked for
WINDOW = 5000  # messages that are read one by one rather than all that has a word's beginning
GLANCE = 1000  # … at most, when nothing tells how far back to look
RARE = 25  # … for each hit that is wanted: what fewer have is soon gathered
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
    wanted = MAX_RANKED if query.ranked else query.limit + 1
    hits = _visible_hits(db, user_id, query, conversations, wanted)
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


class Bounds(NamedTuple):
    """Who asks, and between which ids and times, in milliseconds, all included."""

    user: int
    low: int
    high: int
    since: int
    until: int


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


# what is looked for word by word is found from the newest on; beginnings of words all at once
WHOLE_WORDS = SYNTAX["sqlite"]._replace(beginning=SYNTAX["sqlite"].word)
SEEN_AMONG = f"""
SELECT words.value FROM {each(":ids")} words WHERE {SEEN.replace("rowid", "value")}
"""


def _visible_hits(
    db: Db, user_id: int, query: Query, conversations: list[tuple[int, int]], wanted: int
) -> Iterator[tuple[int, bool]]:
    """Hits, newest first, and whether the user may see them; at most MAX_EXAMINED are looked at.

    They may end after those that are wanted.
    """
    since = 0 if query.since is None else query.since * 1000
    until = FOREVER if query.until is None else query.until * 1000 + 999
    high = FOREVER if query.before is None else query.before - 1
    oldest = 0 if query.since is None else _first_since(db, since)
    newest = high if query.until is None else min(high, _first_since(db, until + 1) - 1)
    bounds = Bounds(user_id, oldest, newest, since, until)
    near = _near(db, query, conversations, bounds, wanted) if db.dialect == "sqlite" else None
    hits = _matches(db, query, conversations, bounds, SYNTAX[db.dialect]) if near is None else near
    return islice(hits, MAX_EXAMINED)


def _matches(
    db: Db, query: Query, conversations: list[tuple[int, int]], bounds: Bounds, syntax: Syntax
) -> Iterator[tuple[int, bool]]:
    """What the index finds, newest first, and whether it may be seen."""
    size = max(1, MAX_TERMS // (len(query.tokens) + 1))
    cursors = []
    for start in range(0, len(conversations), size):
        chunk = conversations[start : start + size]
        values = bounds._replace(low=max(bounds.low, chunk[-1][1]))._asdict()
        values |= {"match": _match(query, chunk, syntax), "examined": MAX_EXAMINED}
        cursors.append(db.execute(VISIBLE[db.dialect], values))
    merged = heapq.merge(*cursors, key=lambda hit: hit[0], reverse=True)
    return ((id_, bool(seen)) for id_, seen in merged)


def _near(
    db: Db, query: Query, conversations: list[tuple[int, int]], bounds: Bounds, wanted: int
) -> list[tuple[int, bool]] | None:
    """The newest hits, read one by one, when those that are wanted are among few messages.

    The index gathers all that has a word's beginning, however much that is: 200 ms for a common one
    among a million messages, instead of 6. Whole words it finds from the newest on: as many of
    these as are wanted tell how far back those are at most. When that is too far, or unknown, the
    newest few are looked at. None when too little is among them: there is less to gather then.
    """
    newest = db.execute("SELECT rowid FROM words ORDER BY rowid DESC LIMIT 1").fetchone()
    high = min(bounds.high, newest[0] if newest else 0)
    whole = islice(_matches(db, query, conversations, bounds, WHOLE_WORDS), MAX_EXAMINED)
    found = list(islice((id_ for id_, seen in whole if seen), wanted))
    is_near = len(found) == wanted and high - found[-1] <= WINDOW
    low = found[-1] if is_near else high - min(GLANCE, RARE * wanted)
    rows = db.execute(
        "SELECT rowid, text FROM words WHERE rowid BETWEEN ? AND ? ORDER BY rowid DESC",
        (low, high),
    )
    searched = {str(conversation_id) for conversation_id, _ in conversations}
    ids = [id_ for id_, text in rows if _has(text, query, searched)]
    seen = {row[0] for row in db.execute(SEEN_AMONG, bounds._asdict() | {"ids": as_list(ids)})}
    return [(id_, id_ in seen) for id_ in ids] if len(seen) >= wanted else None


def _has(text: str, query: Query, searched: set[str]) -> bool:
    """Whether a message of one of the conversations has all that is searched for."""
    sender, _, words = f"{text} ".partition(" ")
    conversation, _, sender_id = sender.partition("y")
    if conversation not in searched or query.sender_id not in {None, int(sender_id)}:
        return False
    return all(
        f" {word_token(int(conversation), token)}{'' if len(token) >= MIN_PREFIX else ' '}"
        in f" {words}"
        for token in query.tokens
    )


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
