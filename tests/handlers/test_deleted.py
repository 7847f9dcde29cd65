"""A request that waits behind the deletion of its sender's account."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.handlers.table import HANDLERS
from backend.lifecycle.delete_account import delete_account
from backend.protocol.base import Request
from backend.protocol.blocks import BlockUser
from backend.protocol.contacts import AddContact
from backend.protocol.conversations import CreateConversation
from backend.protocol.errors import Refused
from backend.protocol.users import UpdateProfile
from backend.settings import Settings, limits_of
from backend.store import accounts
from backend.store.accounts import NewAccount
from backend.store.engine.sqlite.db import SqliteDb
from backend.store.engine.sqlite.opening import open_file
from backend.views.viewer import Viewer
from tests.support.engine import migrated_file


class Nobody:
    """Nobody is online."""

    def is_online(self, user_id: int) -> bool:
        """Whether somebody is."""
        return False


@pytest.fixture
def db(tmp_path: Path) -> Iterator[SqliteDb]:
    """A migrated database, in a transaction."""
    path = str(tmp_path / "chat.db")
    migrated_file(path)
    with contextlib.closing(open_file(path)) as opened, opened.transaction():
        yield opened


@pytest.mark.parametrize(
    "request_",
    [
        UpdateProfile(fullname="Alice Again"),
        AddContact(contact_username="bob"),
        BlockUser(username="bob"),
        CreateConversation(members=["bob"]),
    ],
)
def test_it_changes_nothing(db: SqliteDb, request_: Request) -> None:
    """Before the deletion it would have been carried out; after it, it is refused."""
    alice = accounts.create(db, NewAccount("alice", "Alice"))
    accounts.create(db, NewAccount("bob", "Bob"))
    me = Viewer(alice, "alice", 1, Nobody(), limits_of(Settings()))
    handler = HANDLERS[type(request_)]
    db.execute("SAVEPOINT before")
    handler.run(db, me, request_)  # type: ignore[call-arg, arg-type]
    db.execute("ROLLBACK TO before")
    delete_account(db, alice)
    changes = db.total_changes
    with pytest.raises(Refused, match="the account is gone"):
        handler.run(db, me, request_)  # type: ignore[call-arg, arg-type]
    assert db.total_changes == changes
