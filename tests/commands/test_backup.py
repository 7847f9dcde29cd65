"""Backups made while the server runs, and what becomes of one that is restored."""

import shutil
import stat
from pathlib import Path

from tests.files.pictures import picture
from tests.files.uploading import ask, uploaded
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


async def test_a_backup_has_the_files(server: Server, people: Town) -> None:
    """In a folder beside it, to which the next one only adds what is new; both can be restored."""
    alice = await people.person("alice")
    told = await uploaded(alice, picture(), "cat.png")
    folder = server.folder / "copies"
    folder.mkdir()
    code, output = await server.command("backup", str(folder / "1.db"))
    assert (code, output.splitlines()[0]) == (
        0, f"backed up 4 files to {folder}/files, which has 4 of them",
    )  # fmt: skip
    await uploaded(alice, b"words", "words.txt")
    code, output = await server.command("backup", str(folder / "2.db"))
    assert output.splitlines()[0] == f"backed up 1 files to {folder}/files, which has 5 of them"
    assert sorted(path.name for path in folder.iterdir()) == ["1.db", "2.db", "files"]
    assert await server.stop() == 0
    restore(server, folder / "2.db")
    shutil.rmtree(server.folder / ".data" / "files")
    shutil.copytree(folder / "files", server.folder / ".data" / "files")
    await server.start()
    assert await server.command("check") == (0, f"{server.dbpath} is in order\n")
    assert (await ask(alice, "GET", told["url"])).body == picture()
