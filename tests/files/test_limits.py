"""How much may be uploaded, of what, and how often; and when it goes by itself."""

import contextlib
import json
import os
import stat
from pathlib import Path

from backend.store.engine.connection import open_database
from tests.files.pictures import picture
from tests.files.uploading import ask, decoded, send_file, uploaded
from tests.guarantees.conftest import Serve
from tests.guarantees.waiting import eventually
from tests.support.acts import direct, refused
from tests.support.server import Server

QUICK_PURGE = {"PURGE_INTERVAL": "0.1"}


def kept(server: Server) -> list[Path]:
    """Every file that lies where files lie."""
    folder = server.folder / ".data" / "files"
    return [path for path in folder.rglob("*") if path.is_file()]


def change(server: Server, sql: str) -> None:
    """Change the database behind the server's back."""
    with contextlib.closing(open_database(server.database)) as db:
        db.execute(sql)


async def test_a_file_may_be_so_large(serve: Serve) -> None:
    """A byte more is refused, whether it is announced or not."""
    _, people = await serve(MAX_FILE_BYTES="1000")
    alice = await people.person("alice")
    assert (await uploaded(alice, bytes(1000)))["size"] == 1000

    async def unannounced() -> object:
        for _ in range(11):
            yield bytes(100)

    for content in (bytes(1001), unannounced()):
        reply = await send_file(alice, content)
        assert (reply.status, decoded(reply)["code"]) == (413, "too_large")


async def test_a_users_files_may_be_so_large_in_all(serve: Serve) -> None:
    """The same bytes twice count once; what is deleted counts no more; forwarding counts."""
    _, people = await serve(MAX_STORAGE_PER_USER="1500")
    alice, bob = await people.person("alice"), await people.person("bob")
    a, b = await alice.connect(), await bob.connect()
    id_ = await direct(a, b)
    first = await uploaded(alice, b"a" * 600, "a")
    sent = await a.do("send_message", conversation_id=id_, files=[first["id"]])
    again = await uploaded(alice, b"a" * 600, "again")
    other = await uploaded(alice, b"b" * 600, "b")
    reply = await send_file(alice, b"c" * 600)
    assert (reply.status, decoded(reply)["code"]) == (413, "too_large")
    await uploaded(bob, b"d" * 1000)
    fields = {"message_id": sent["id"], "conversation_id": id_}
    assert (await refused(b, "forward_message", **fields))[0] == "too_large"
    gone = await a.do("send_message", conversation_id=id_, files=[again["id"], other["id"]])
    await a.do("delete_message", message_id=gone["id"])
    assert (await uploaded(alice, b"c" * 600))["size"] == 600


async def test_so_many_uploads_an_hour(serve: Serve) -> None:
    """One more has to wait, and is told how long."""
    _, people = await serve(UPLOADS_PER_HOUR="2")
    alice = await people.person("alice")
    for _ in range(2):
        await uploaded(alice, b"x")
    reply = await send_file(alice, b"x")
    assert reply.status == 429
    assert 1000 < decoded(reply)["retry_after_ms"] <= 1_800_000


async def test_only_some_types(serve: Serve) -> None:
    """By what a file is, not by what it is called."""
    _, people = await serve(ALLOWED_FILE_TYPES="image/*,application/pdf")
    alice = await people.person("alice")
    await uploaded(alice, picture(), "cat.txt")
    await uploaded(alice, b"%PDF-1.7", "a.bin")
    reply = await send_file(alice, b"words", "cat.png")
    assert (reply.status, decoded(reply)["field"]) == (400, "file")


async def test_what_was_never_sent_goes_after_a_day(serve: Serve) -> None:
    """With its bytes, and those of its small pictures."""
    server, people = await serve(**QUICK_PURGE)
    alice = await people.person("alice")
    told = await uploaded(alice, picture())
    assert len(kept(server)) == 4
    change(server, "UPDATE files SET created_at = created_at - 86400000")

    async def is_gone() -> bool:
        return not kept(server) and (await ask(alice, "GET", told["url"])).status == 404

    await eventually(is_gone)


async def test_what_is_deleted_goes_off_the_disk(serve: Serve) -> None:
    """Unless somebody else's message has the same bytes: then with that one."""
    server, people = await serve(**QUICK_PURGE)
    alice, bob = await people.person("alice"), await people.person("bob")
    a, b = await alice.connect(), await bob.connect()
    id_ = await direct(a, b)
    mine, theirs = await uploaded(alice, picture()), await uploaded(bob, picture())
    sent = await a.do("send_message", conversation_id=id_, files=[mine["id"]])
    other = await b.do("send_message", conversation_id=id_, files=[theirs["id"]])
    assert len(kept(server)) == 4
    await a.do("delete_message", message_id=sent["id"])

    async def is_purged() -> bool:
        with contextlib.closing(open_database(server.database)) as db:
            return list(db.execute("SELECT sha256 FROM loose_bytes")) == []

    await eventually(is_purged)
    assert (await ask(bob, "GET", theirs["url"])).body == picture()
    assert (await ask(bob, "GET", theirs["thumbnail"])).status == 200
    await b.do("delete_message", message_id=other["id"])

    async def is_gone() -> bool:
        return not kept(server)

    await eventually(is_gone)


async def test_an_account_takes_its_files_along(serve: Serve) -> None:
    """A message of files alone becomes a tombstone, one with a text keeps that; copies stay."""
    server, people = await serve(**QUICK_PURGE)
    alice, bob = await people.person("alice"), await people.person("bob")
    a, b = await alice.connect(), await bob.connect()
    id_ = await direct(a, b)
    one, two, three = [await uploaded(alice, word.encode(), word) for word in ("1", "2", "3")]
    await uploaded(alice, b"unsent", "unsent")
    face = await uploaded(alice, picture(), "face")
    await a.do("update_profile", avatar=face["id"])
    bare = await a.do("send_message", conversation_id=id_, files=[one["id"]])
    said = await a.do("send_message", conversation_id=id_, content="hi", files=[two["id"]])
    passed = await a.do("send_message", conversation_id=id_, files=[three["id"]])
    copy = await b.do("forward_message", message_id=passed["id"], conversation_id=id_)
    cursor = b.cursor
    reply = await ask(alice, "POST", "/auth/delete", json={"password": "correct horse"})
    assert reply.status == 200
    gone = await b.wait_for(
        lambda f: f["type"] == "delete_message" and f["data"]["id"] == bare["id"]
    )
    assert gone["data"]["attachments"] == []
    left = await b.wait_for(lambda f: f["type"] == "edit_message" and f["data"]["id"] == said["id"])
    assert (left["data"]["content"], left["data"]["attachments"]) == ("hi", [])

    async def is_gone() -> bool:
        return len(kept(server)) == 1

    await eventually(is_gone)
    assert [path.read_bytes() for path in kept(server)] == [b"3"]
    assert (await ask(bob, "GET", copy["attachments"][0]["url"])).body == b"3"
    assert (await ask(bob, "GET", two["url"])).status == 404
    assert cursor


async def test_what_an_earlier_server_left_is_swept(serve: Serve) -> None:
    """A file that was only half there when the server was killed."""
    server, people = await serve()
    await people.person("alice")
    incoming = server.folder / ".data" / "files" / "incoming"
    assert await server.stop() == 0
    (incoming / "half.part").write_bytes(b"half")
    (incoming / "unknown.tus").write_bytes(b"half")
    (incoming / "pictures.part").mkdir()
    for path in incoming.iterdir():
        os.utime(path, (0, 0))  # what is younger may be another node's
    await server.start()
    assert list(incoming.iterdir()) == []


async def test_files_are_the_owners_alone(serve: Serve) -> None:
    """In folders that nobody else may list."""
    server, people = await serve()
    await uploaded(await people.person("alice"), picture())
    folder = server.folder / ".data" / "files"
    modes = {stat.S_IMODE(each.stat().st_mode) for each in kept(server)}
    assert modes == {0o600}
    assert {stat.S_IMODE(each.stat().st_mode) for each in (folder, folder / "incoming")} == {0o700}


async def test_a_full_disk_is_said(serve: Serve) -> None:
    """The file is refused, and the chat goes on."""
    server, people = await serve()
    alice = await people.person("alice")
    folder = server.folder / ".data" / "files" / "incoming"
    folder.rmdir()
    folder.symlink_to("/dev/full/nowhere")
    reply = await send_file(alice, b"x")
    assert (reply.status, json.loads(reply.body)["code"]) == (503, "unavailable")
    assert "the file cannot be stored now: " in json.loads(reply.body)["error"]
    assert (await (await alice.connect()).ask("ping"))["success"]
    assert os.path.islink(folder)


async def test_the_export_has_the_files(serve: Serve) -> None:
    """What was uploaded, with an address that gives the bytes."""
    _, people = await serve()
    alice = await people.person("alice")
    told = await uploaded(alice, b"words", "words.txt")
    reply = await ask(alice, "POST", "/auth/export", json={"password": "correct horse"})
    (file,) = json.loads(reply.body)["files"]
    assert (file["id"], file["name"], file["size"]) == (told["id"], "words.txt", 5)
    assert (await ask(alice, "GET", file["url"])).body == b"words"
