"""Reports of messages to the operator."""

import json
from pathlib import Path

import pytest

from tests.support.acts import direct, group, refused, say
from tests.support.client import town
from tests.support.server import Server

pytestmark = pytest.mark.process


async def test_the_operator_is_told_and_nobody_else(tmp_path: Path) -> None:
    """What was said, by whom and why, until it is closed; told again, it waits again."""
    server = Server(tmp_path)
    await server.start()
    async with town(server.url) as people:
        alice, bob, carol = await people.online("alice", "bob", "carol")
        room = await group(alice, bob, carol)
        said = await say(bob, room, "buy my cats")
        before = [len(await each.quiet()) for each in (bob, carol)]
        for reason in ("spam", "spam again"):
            data = await alice.do("report_message", message_id=said["id"], reason=reason)
            assert data == {"message_id": said["id"]}
        assert [len(await each.quiet()) for each in (bob, carol)] == before
        (report,) = json.loads(await server.do("admin", "reports", "--json"))
        assert report.pop("reported") > 1_600_000_000
        assert report == {
            "message_id": said["id"], "conversation_id": room, "author": "bob",
            "reporter": "alice", "reason": "spam again", "content": "buy my cats", "closed": None,
        }  # fmt: skip
        await server.do("admin", "close-report", str(said["id"]))
        assert await server.do("admin", "reports") == ""
        assert (await server.command("admin", "close-report", str(said["id"])))[0] == 1
        await alice.do("report_message", message_id=said["id"], reason="still")
        await bob.do("delete_message", message_id=said["id"])
        (report,) = json.loads(await server.do("admin", "reports", "--all", "--json"))
        assert (report["reason"], report["content"]) == ("still", None)
    await server.stop()


async def test_so_many_reports_may_wait(tmp_path: Path) -> None:
    """Of one user; another reason for one that waits is none more."""
    server = Server(tmp_path, {"MAX_REPORTS": "2", "MAX_REASON_LENGTH": "10"})
    await server.start()
    async with town(server.url) as people:
        alice, bob = await people.online("alice", "bob")
        room = await direct(alice, bob)
        ids = [(await say(bob, room, str(number)))["id"] for number in range(3)]
        for id_ in (*ids[:2], ids[0]):
            await alice.do("report_message", message_id=id_, reason="no")
        too_many = await refused(alice, "report_message", message_id=ids[2], reason="no")
        assert too_many == (
            "too_large", "at most 2 of your reports can wait for the operator", "message_id",
        )  # fmt: skip
        code, _, field = await refused(alice, "report_message", message_id=ids[0], reason="x" * 11)
        assert (code, field) == ("invalid_request", "reason")
    await server.stop()
