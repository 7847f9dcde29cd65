"""What is written to the log stays in proportion to what was sent, however many it concerns."""

import msgspec

from backend.handlers import conversations, members
from backend.protocol.conversations import CreateConversation
from backend.protocol.members import AddMembers
from backend.settings import Settings, limits_of
from backend.store import accounts
from backend.store.accounts import NewAccount
from backend.store.engine.db import OpenDb
from backend.views.viewer import Viewer
from tests.store.test_cost import Alone

TIMES = 10
NAMES = [f"somebody-{n}" for n in range(500)]


def logged_bytes(db: OpenDb) -> int:
    """The size of all rows of the log."""
    sql = "SELECT coalesce(sum(length(body) + length(coalesce(effect, ''))), 0) FROM log"
    return int(db.execute(sql).fetchone()[0])


def test_who_is_added_gets_no_row_each(db: OpenDb) -> None:
    """Five hundred who join a group of as many are told in one row."""
    limits = limits_of(Settings())
    with db.transaction():
        me = Viewer(accounts.create(db, NewAccount("me", "me")), "me", 1, Alone(), limits)
        for name in NAMES:
            accounts.create(db, NewAccount(name, name))
        made = CreateConversation(members=NAMES[:100])
        conversations.create_conversation(db, me, made)
        before, rows = logged_bytes(db), db.newest("log")
        request = AddMembers(conversation_id=db.newest("conversations"), usernames=NAMES)
        members.add_members(db, me, request)
    assert db.newest("log") - rows == 3
    assert logged_bytes(db) - before <= TIMES * len(msgspec.json.encode(request))
