"""Accounts an attacker made before, in numbers that registering would take too long for."""

import contextlib

from backend.store import accounts, conversations, members
from backend.store.accounts import NewAccount
from backend.store.engine.connection import open_database
from backend.store.users import by_usernames


def settle(path: str, names: list[str]) -> None:
    """Make accounts of those names in the database at `path`, beside the server that runs on it."""
    with contextlib.closing(open_database(path)) as db, db.transaction():
        for name in names:
            accounts.create(db, NewAccount(name, name))


def put_into_groups(path: str, names: list[str], count: int) -> None:
    """Let these people be in so many groups together, the first of them as the owner."""
    with contextlib.closing(open_database(path)) as db, db.transaction():
        owner, *others = [row.id for row in by_usernames(db, names).values()]
        for number in range(count):
            log_id = db.draw("log")
            id_ = conversations.create(
                db,
                {"kind": "group", "name": f"group {number}", "named": 1, "created_by": owner,
                 "created_at": 0, "updated_at": 0, "activity": log_id,
                 "member_count": len(names)},
            )  # fmt: skip
            begun = {"joined_id": log_id, "first_id": 0, "read": (0, 0)}
            members.join(db, id_, [owner], role="owner", **begun)  # type: ignore[arg-type]
            members.join(db, id_, others, **begun)  # type: ignore[arg-type]
