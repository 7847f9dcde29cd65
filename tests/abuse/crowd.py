"""Accounts an attacker made before, in numbers that registering would take too long for."""

import contextlib

from backend.store import accounts
from backend.store.accounts import NewAccount
from backend.store.engine.connection import open_database


def settle(path: str, names: list[str]) -> None:
    """Make accounts of those names in the database at `path`, beside the server that runs on it."""
    with contextlib.closing(open_database(path)) as db, db.transaction():
        for name in names:
            accounts.create(db, NewAccount(name, name))
