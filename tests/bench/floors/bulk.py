"""A batch of messages by hand: the two round trips to PostgreSQL that it takes at least.

The lock, the counters and what has to be known; then a message row and a log row for each, the
conversations moved on, the counters, word of it, the log's tail, the commit.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import psycopg

from tests.bench.floors.messages import Send, body_of
from tests.bench.floors.people import HERE

LOCK = "SELECT pg_advisory_xact_lock(1)"
COUNTERS = "SELECT name, value FROM counters WHERE name IN ('log', 'messages')"
KNOWN = f"""
SELECT k.n, c.last_seq, EXISTS (
    SELECT 1 FROM messages t WHERE t.sender_id = k.u AND t.client_id = k.t)
FROM json_to_recordset($1) AS k (n bigint, c bigint, u bigint, t text)
JOIN members m ON m.conversation_id = k.c AND m.user_id = k.u AND m.left_id = {HERE}
JOIN conversations c ON c.id = k.c
"""
ADD_MESSAGES = """
INSERT INTO messages (id, conversation_id, seq, kind, sender_id, content, client_id, sent_at)
SELECT id, c, seq, 'text', u, x, t, now
FROM json_to_recordset($1) AS k
    (id bigint, c bigint, seq bigint, u bigint, x text, t text, now bigint)
"""
ADD_LOG = """
INSERT INTO log (id, audience, target, type, body, message_id, created_at)
SELECT at, 0, c, 'send_message', convert_to(body, 'UTF8'), id, now
FROM json_to_recordset($1) AS k (at bigint, c bigint, body text, id bigint, now bigint)
"""
MOVE_ON = """
UPDATE conversations SET last_seq = k.seq, last_message_id = k.id, activity = k.at
FROM json_to_recordset($1) AS k (c bigint, seq bigint, id bigint, at bigint)
WHERE conversations.id = k.c
"""
COUNT = """
INSERT INTO counters (name, value)
SELECT name, value FROM json_to_recordset($1) AS k (name text, value bigint)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""
TELL = "SELECT pg_notify('floor', '')"
TAIL = "SELECT id, audience, target, type, body FROM log WHERE id > $1 ORDER BY id"
SESSION = (
    "SET plan_cache_mode = force_generic_plan; SET jit = off; SET enable_seqscan = off;"
    " SET enable_hashjoin = off; SET enable_mergejoin = off"
)
encode = msgspec.json.Encoder().encode


class Bulk:
    """Writes batches on a connection of its own."""

    def __init__(self, where: str) -> None:
        self._db = psycopg.connect(
            where, autocommit=True, cursor_factory=psycopg.RawCursor, prepare_threshold=0
        )
        self._db.execute(SESSION, prepare=False)
        self._position = 0

    def write(self, sent: Sequence[tuple[int, Send]]) -> None:
        """Store messages, each with its sender; nobody has sent any of them before."""
        keys = [
            {"n": n, "c": send.conversation_id, "u": user, "t": send.client_id}
            for n, (user, send) in enumerate(sent)
        ]
        found = self._together(("BEGIN", ()), (LOCK, ()), (COUNTERS, ()), (KNOWN, _json(keys)))
        last = {"messages": 0, "log": 0, **dict(found[2])}
        known = {row[0]: row for row in found[3]}
        seqs: dict[int, int] = {}
        messages, log, moved = [], [], {}
        for n, (user, send) in enumerate(sent):
            _, seq, is_there = known[n]
            assert not is_there, send
            c = send.conversation_id
            seqs[c] = seq = seqs.get(c, seq) + 1
            last["messages"], last["log"] = id_, at = last["messages"] + 1, last["log"] + 1
            now = time.time_ns() // 1_000_000
            body = body_of(send, user, id_, seq, now // 1000).decode()
            row = {"id": id_, "c": c, "seq": seq, "u": user, "now": now, "at": at}
            messages.append({**row, "x": send.content, "t": send.client_id})
            log.append({**row, "body": body})
            moved[c] = row
        counted = [{"name": name, "value": value} for name, value in last.items()]
        *_, tail, _ = self._together(
            (ADD_MESSAGES, _json(messages)), (ADD_LOG, _json(log)),
            (MOVE_ON, _json(list(moved.values()))), (COUNT, _json(counted)), (TELL, ()),
            (TAIL, (self._position,)), ("COMMIT", ()),
        )  # fmt: skip
        self._position = tail[-1][0]

    def close(self) -> None:
        """Disconnect."""
        self._db.close()

    def _together(self, *asked: tuple[str, tuple[object, ...]]) -> list[list[Any]]:
        with self._db.pipeline():
            cursors = [self._db.execute(text, values) for text, values in asked]
        return [each.fetchall() if each.description else [] for each in cursors]


def _json(rows: Sequence[Mapping[str, object]]) -> tuple[str]:
    return (encode(rows).decode(),)
