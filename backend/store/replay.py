"""What was missed: the rows of the log that somebody who was away is replayed."""

from typing import NamedTuple

from backend.store.engine.db import FOREVER, Db, Rows
from backend.store.engine.lists import as_list, one_of
from backend.store.watchers import WATCHERS


class Missed(NamedTuple):
    """One row as it is replayed to somebody who was away."""

    id: int
    type: str
    body: bytes


BRINGING = "log.audience = 0 AND log.message_id IS NOT NULL AND log.about_id IS NULL"
LISTED = "(log.message_id IS NULL OR log.about_id IS NOT NULL)"
# A row that brings a new message is found by that: a page of an index less to write for each. Its
# id rises with the message's, so that the first one missed tells where to begin. Joined as written.
MISSED = f"""
SELECT log.id FROM members m CROSS JOIN messages b CROSS JOIN log
    WHERE m.user_id = :user AND m.left_id > :after AND b.conversation_id = m.conversation_id
    AND b.id >= (SELECT log.message_id FROM log WHERE log.id > :after AND {BRINGING}
        ORDER BY log.id LIMIT 1)
    AND log.message_id = b.id AND {BRINGING}
    AND log.id > :after AND log.id >= m.joined_id AND log.id <= m.left_id
    AND (log.skip_user IS NULL OR log.skip_user <> :user)
UNION ALL
SELECT log.id FROM members m JOIN log ON log.audience = 0 AND log.target = m.conversation_id
    AND log.id > :after AND log.id >= m.joined_id AND log.id <= m.left_id AND {LISTED}
    AND (log.skip_user IS NULL OR log.skip_user <> :user)
    AND (log.about_id IS NULL OR EXISTS (SELECT 1 FROM members o
        WHERE o.conversation_id = m.conversation_id AND o.user_id = :user
        AND log.about_id BETWEEN o.first_id AND o.last_id))
    WHERE m.user_id = :user AND m.left_id > :after
UNION ALL
SELECT log.id FROM members m JOIN log ON log.id = m.joined_id AND log.audience = 4
    WHERE m.user_id = :user AND m.joined_id > :after
UNION ALL
SELECT log.id FROM log
    WHERE log.audience = 1 AND log.target = :user AND log.id > :after AND {LISTED}
UNION ALL
SELECT log.id FROM log WHERE log.audience = 2 AND log.id > :after AND {LISTED}
    AND log.target IN ({WATCHERS})
ORDER BY 1 LIMIT :limit
"""


def missed_ids(db: Db, user_id: int, after: int, limit: int) -> list[int]:
    """The ids of the rows above `after` that this user is to see, oldest first."""
    values = {"user": user_id, "after": after, "limit": limit}
    return [int(row[0]) for row in db.execute(MISSED, values)]


# A message that was edited since is told as it is now, but not to who has left meanwhile.
TOLD = f"""
SELECT log.id, log.type, CASE WHEN log.superseded = 1 AND EXISTS (SELECT 1 FROM members m
        WHERE m.conversation_id = log.target AND m.user_id = :user AND m.left_id = {FOREVER})
    THEN (SELECT n.body FROM log n WHERE n.message_id = log.message_id ORDER BY n.id DESC LIMIT 1)
    ELSE log.body END
FROM log WHERE log.id IN
"""
READ = f"{TOLD} {one_of(':ids')} ORDER BY log.id"
FIRST = f"{TOLD} ({MISSED}) ORDER BY log.id"
FEW = 256


def missed(
    db: Db, user_id: int, after: int, limit: int, max_bytes: int
) -> tuple[list[int], list[Missed]]:
    """What `missed_ids` gives, and the first page of it, as `read_rows` gives it.

    Most have missed little: that is read in one pass, in two thirds of the time of two.
    """
    values = {"user": user_id, "after": after, "limit": min(limit, FEW)}
    page, is_all = _page(db.execute(FIRST, values), max_bytes)
    if is_all and len(page) < FEW:
        return [row.id for row in page], page
    return missed_ids(db, user_id, after, limit), page


def read_rows(db: Db, user_id: int, ids: list[int], max_bytes: int) -> list[Missed]:
    """Those of the rows that still are, as this user is replayed them, by id.

    Ends when their bodies fill `max_bytes`.
    """
    rows = db.execute(READ, {"user": user_id, "ids": as_list(ids)})
    return _page(rows, max_bytes)[0]


def _page(rows: Rows, max_bytes: int) -> tuple[list[Missed], bool]:
    """Rows until their bodies fill `max_bytes`, and whether that is all of them."""
    found: list[Missed] = []
    size = 0
    for row in rows:
        if size >= max_bytes:
            return found, False
        found.append(Missed._make(row))
        size += len(row[2])
    return found, True
