"""Backups made while the server runs."""

import stat

import pytest

from tests.files.pictures import picture
from tests.files.uploading import uploaded
from tests.support.client import Town
from tests.support.server import Server

pytestmark = pytest.mark.sqlite


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


async def test_a_backup_has_the_files(server: Server, people: Town) -> None:
    """In a folder beside it, to which the next one only adds what is new."""
    alice = await people.person("alice")
    await uploaded(alice, picture(), "cat.png")
    folder = server.folder / "copies"
    folder.mkdir()
    code, output = await server.command("backup", str(folder / "1.db"))
    assert (code, output.splitlines()[0]) == (
        0, f"copied 4 files to {folder}/files, which has 4 of them",
    )  # fmt: skip
    await uploaded(alice, b"words", "words.txt")
    code, output = await server.command("backup", str(folder / "2.db"))
    assert output.splitlines()[0] == f"copied 1 files to {folder}/files, which has 5 of them"
    assert sorted(path.name for path in folder.iterdir()) == ["1.db", "2.db", "files"]
