"""When everything in the database began, for one that is made up: no request changes that."""

from backend.store.engine.db import Db

BEGUN = (
    "UPDATE users SET created_at = :then",
    "UPDATE contacts SET created_at = :then",
    "UPDATE conversations SET created_at = :then, updated_at = :then",
    "UPDATE members SET joined_at = :then",
)


def set_all(db: Db, then_ms: int) -> None:
    """Let all accounts, contacts, conversations and memberships be from that time."""
    for statement in BEGUN:
        db.execute(statement, {"then": then_ms})
