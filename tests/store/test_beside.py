"""Other processes that look into a running server's database, as admin commands do."""

import pytest

from tests.support.client import Town
from tests.support.looking import query
from tests.support.server import Server


@pytest.mark.sqlite
async def test_who_looks_in_does_not_take_the_log_away(server: Server, people: Town) -> None:
    """A process that opens and closes the database sees every commit, and leaves its log there."""
    alice, _ = await people.online("alice", "bob")
    conversation = await alice.do("create_conversation", members=["bob"], kind="direct")
    log = server.dbpath.with_name(f"{server.dbpath.name}-wal")
    inode = log.stat().st_ino
    for number in range(1, 4):
        await alice.do("send_message", conversation_id=conversation["id"], content="hi")
        assert query(server, "SELECT count(*) FROM messages") == [(number,)]
        assert log.stat().st_ino == inode
