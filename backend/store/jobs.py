"""Work that one process at a time is to do: whoever finds it due first takes it."""

from backend.store.engine.db import Db
from backend.store.log import now_ms


def claim(db: Db, name: str, seconds: float) -> bool:
    """Whether a job is due, and now this process's to do; it is due again in so many seconds.

    To be called in the writer's transaction: of several that ask, one is told so.
    """
    now = now_ms()
    claimed = db.execute(
        "INSERT INTO jobs (name, next_at) VALUES (?, ?) ON CONFLICT (name)"
        " DO UPDATE SET next_at = excluded.next_at WHERE jobs.next_at <= ?",
        (name, now + int(seconds * 1000), now),
    )
    return claimed.rowcount > 0
