"""What was deleted leaves the files' bytes within PURGE_INTERVAL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.client import Town, town
from tests.support.looking import holders, until
from tests.support.server import Server

pytestmark = pytest.mark.process


@pytest.fixture
async def purged(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that purges every second."""
    running = Server(tmp_path, {"PURGE_INTERVAL": "1"})
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def folk(purged: Server) -> AsyncIterator[Town]:
    """People on that server."""
    async with town(purged.url) as here:
        yield here


async def test_a_deleted_text_leaves_the_files(purged: Server, folk: Town) -> None:
    """A word is in no file any more a moment after its message was deleted; others stay."""
    alice, _ = await folk.online("alice", "bob")
    id_ = (await alice.do("create_conversation", members=["bob"]))["id"]
    kept = await alice.do("send_message", conversation_id=id_, content="plugh stays here")
    sent = await alice.do("send_message", conversation_id=id_, content="xyzzy goes away")
    await until(lambda: len(holders(purged, "xyzzy")) > 1)
    await alice.do("delete_message", message_id=sent["id"])
    await until(lambda: not holders(purged, "xyzzy"))
    assert holders(purged, "plugh")
    found = await alice.do("get_messages", conversation_id=id_)
    texts = [each["content"] for each in found["messages"] if each["kind"] == "text"]
    assert texts == [None, kept["content"]]


async def test_a_deleted_conversation_leaves_the_files(purged: Server, folk: Town) -> None:
    """All that was said in it, its name and its topic go, from the search index too."""
    alice, bob = await folk.online("alice", "bob")
    made = await alice.do("create_conversation", members=["bob"], name="the xyzzy plan")
    await alice.do("set_topic", conversation_id=made["id"], topic="xyzzy")
    for number in range(30):
        text = f"xyzzy {number}"
        await bob.do("send_message", conversation_id=made["id"], content=text)
    await until(lambda: any(".search" in path.name for path in holders(purged, "xyzzy")))
    code, output = await purged.command("admin", "delete-conversation", str(made["id"]))
    assert code == 0, output
    await until(lambda: not holders(purged, "xyzzy"))
