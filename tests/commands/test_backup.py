"""Backups made while the server runs, and what becomes of one that is restored."""

import shutil
import stat
from pathlib import Path

from tests.support.client import Town, town
from tests.support.server import Server


def restore(server: Server, copy: Path) -> None:
    """Put a copy where the database is, as an operator would."""
    for ending in ("", "-wal", "-shm"):
        Path(f"{server.dbpath}{ending}").unlink(missing_ok=True)
    shutil.copy(copy, server.dbpath)


async def test_a_backup_is_whole_and_the_owners_alone(server: Server, people: Town) -> None:
    """It is one file, readable by nobody else, and has what was committed until then."""
    alice, _ = await people.online("alice", "bob")
    id_ = (await alice.do("create_conversation", members=["bob"]))["id"]
    await alice.do("send_message", conversation_id=id_, content="kept")
    copy = server.folder / "copies" / "chat.db"
    copy.parent.mkdir()
    code, output = await server.command("backup", str(copy))
    assert code == 0, output
    assert output.startswith(f"backed up {server.dbpath} to {copy}, ")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in copy.parent.iterdir()] == ["chat.db"]
    other = Server(server.folder, {"DBPATH": str(copy)})
    code, output = await other.command("check")
    assert (code, output) == (0, f"{copy} is in order\n")


async def test_a_backup_overwrites_nothing(server: Server) -> None:
    """A file that is there stays as it is."""
    copy = server.folder / "copy.db"
    copy.write_text("dear")
    code, output = await server.command("backup", str(copy))
    assert (code, output) == (1, f"parley: {copy} is there already\n")
    assert copy.read_text() == "dear"


async def test_a_backup_into_a_folder_that_is_not(server: Server) -> None:
    """It is said in one line."""
    copy = server.folder / "nowhere" / "copy.db"
    code, output = await server.command("backup", str(copy))
    assert (code, output) == (1, f"parley: {copy}.part: No such file or directory\n")


async def test_a_restored_copy_refuses_cursors_it_never_had(server: Server) -> None:
    """A cursor from after the backup is answered `reset`, one from before goes on."""
    copy = server.folder / "copy.db"
    async with town(server.url) as people:
        alice, _ = await people.online("alice", "bob")
        id_ = (await alice.do("create_conversation", members=["bob"], kind="direct"))["id"]
        before = alice.cursor
        assert (await server.command("backup", str(copy)))[0] == 0
        await alice.do("send_message", conversation_id=id_, content="lost")
        after = alice.cursor
        person = people.people[0]
        assert await server.stop() == 0
        restore(server, copy)
        await server.start()
        for cursor, status in ((after, "reset"), (before, "ok")):
            socket = await person.connect(cursor)
            assert (await socket.next("resume"))["data"]["status"] == status
        found = await socket.do("get_messages", conversation_id=id_)
        assert found["messages"] == []
