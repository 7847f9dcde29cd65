"""Uploads that are gone on with: by the protocol, and by its own client."""

import asyncio
import base64
import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.files.pictures import picture
from tests.files.test_limits import change
from tests.files.uploading import Reply, ask
from tests.guarantees.conftest import Serve
from tests.guarantees.waiting import eventually
from tests.node import MODULES, NODE
from tests.support.client import Person
from tests.support.shared import SharedTown

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}
NOTHING = Reply(0, b"", {})
CLIENT = Path(__file__).with_name("upload.mjs")


def metadata(**values: str) -> str:
    """Upload-Metadata."""
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items()
    )


async def begun(person: Person, size: int, **values: str) -> str:
    """A new upload; gives its path."""
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata(**values)}
    reply = await ask(person, "POST", "/files/tus", headers=headers)
    assert reply.status == 201, reply
    assert "Upload-Expires" in reply.headers
    return str(reply.headers["Location"])


async def part(person: Person, path: str, offset: int, content: Any) -> Reply:
    """Send a part."""
    return await ask(
        person, "PATCH", path, headers={**PART, "Upload-Offset": str(offset)}, data=content
    )


async def offset_of(person: Person, path: str) -> int:
    """How much has come."""
    reply = await ask(person, "HEAD", path, headers=TUS)
    assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-store")
    return int(reply.headers["Upload-Offset"])


async def test_a_file_in_parts(guests: SharedTown) -> None:
    """The last part's answer names the file, and so does HEAD afterwards."""
    alice = await guests.person("alice")
    content = picture("PNG", (300, 200))
    path = await begun(alice, len(content), filename="cat.png")
    assert await offset_of(alice, path) == 0
    first = await part(alice, path, 0, content[:100])
    assert (first.status, first.headers["Upload-Offset"]) == (204, "100")
    assert "File-Id" not in first.headers
    assert await offset_of(alice, path) == 100
    last = await part(alice, path, 100, content[100:])
    file_id = last.headers["File-Id"]
    head = await ask(alice, "HEAD", path, headers=TUS)
    assert (head.headers["File-Id"], head.headers["Upload-Offset"]) == (file_id, str(len(content)))
    got = await ask(alice, "GET", f"/files/{file_id}/cat.png")
    assert (got.body, got.headers["Content-Type"]) == (content, "image/png")


async def test_an_empty_file(guests: SharedTown) -> None:
    """Is whole from the start."""
    alice = await guests.person("alice")
    path = await begun(alice, 0, filename="nothing")
    head = await ask(alice, "HEAD", path, headers=TUS)
    assert (await ask(alice, "GET", f"/files/{head.headers['File-Id']}/nothing")).body == b""


async def test_what_has_come_of_a_part_stays(guests: SharedTown) -> None:
    """A connection that breaks off loses only what was still on its way."""
    alice = await guests.person("alice")
    content = random.Random(1).randbytes(1_000_000)
    path = await begun(alice, len(content))
    port = int(alice.url.rpartition(":")[2])
    _, writer = await asyncio.open_connection("localhost", port)
    headers = {**PART, **alice.headers, "Upload-Offset": "0", "Content-Length": "1000000"}
    lines = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    writer.write(f"PATCH {path} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode() + content[:600_000])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    replies: list[Reply] = []

    async def is_whole() -> bool:
        offset = await offset_of(alice, path)
        replies.append(await part(alice, path, offset, content[offset:]) if offset else NOTHING)
        return replies[-1].status == 204

    await eventually(is_whole)
    got = await ask(alice, "GET", f"/files/{replies[-1].headers['File-Id']}/x")
    assert got.body == content


@pytest.mark.parametrize(
    ("method", "headers", "content", "status"),
    [
        ("PATCH", {**PART, "Upload-Offset": "5"}, b"x", 409),
        ("PATCH", {**PART, "Upload-Offset": "x"}, b"x", 400),
        ("PATCH", {**PART, "Upload-Offset": "0"}, bytes(11), 413),
        ("PATCH", {**TUS, "Upload-Offset": "0", "Content-Type": "text/plain"}, b"x", 415),
        ("PATCH", {"Upload-Offset": "0", "Content-Type": PART["Content-Type"]}, b"x", 412),
        ("HEAD", {}, b"", 412),
    ],
)
async def test_what_is_not_the_protocol(
    guests: SharedTown, method: str, headers: dict[str, str], content: bytes, status: int
) -> None:
    """Each mistake has its status, and changes nothing."""
    alice = await guests.person("alice")
    path = await begun(alice, 10)
    reply = await ask(alice, method, path, headers=headers, data=content)
    assert reply.status == status
    assert await offset_of(alice, path) == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": "999999999999"}, 413),
        ({"Upload-Length": "-1"}, 400),
        ({}, 400),
        ({"Upload-Length": "1", "Upload-Metadata": "filename ???"}, 400),
        ({"Upload-Length": "1", "Upload-Metadata": metadata(waveform="1,x")}, 400),
    ],
)
async def test_what_cannot_be_promised(
    guests: SharedTown, headers: dict[str, str], status: int
) -> None:
    """Too large, or without a length, or described by nonsense."""
    alice = await guests.person("alice")
    reply = await ask(alice, "POST", "/files/tus", headers={**TUS, **headers})
    assert reply.status == status


async def test_an_upload_is_its_owners(guests: SharedTown) -> None:
    """Others see none, not even one that was."""
    alice, bob = await guests.person("alice"), await guests.person("bob")
    path = await begun(alice, 10)
    assert (await ask(bob, "HEAD", path, headers=TUS)).status == 404
    assert (await part(bob, path, 0, b"x")).status == 404
    assert (await part(alice, path, 0, b"x")).status == 204


async def test_what_the_server_can(guests: SharedTown) -> None:
    """It says so to whoever asks, and lets pages ask."""
    alice = await guests.person("alice")
    reply = await ask(alice, "OPTIONS", "/files/tus")
    told = {key: reply.headers[key] for key in ("Tus-Version", "Tus-Extension", "Tus-Max-Size")}
    assert told == {
        "Tus-Version": "1.0.0", "Tus-Extension": "creation,expiration", "Tus-Max-Size": "25000000",
    }  # fmt: skip
    assert "PATCH" in reply.headers["Access-Control-Allow-Methods"]
    assert "Upload-Offset" in reply.headers["Access-Control-Allow-Headers"]


async def test_an_upload_ends_after_a_day(serve: Serve) -> None:
    """With what has come of it."""
    server, people = await serve(PURGE_INTERVAL="0.1")
    alice = await people.person("alice")
    path = await begun(alice, 10)
    await part(alice, path, 0, b"half")
    incoming = server.folder / ".data" / "files" / "incoming"
    assert len(list(incoming.iterdir())) == 1
    change(server, "UPDATE uploads SET expires_at = 1")
    assert (await ask(alice, "HEAD", path, headers=TUS)).status == 404

    async def is_gone() -> bool:
        return not list(incoming.iterdir())

    await eventually(is_gone)


async def test_its_own_client_goes_on_after_a_kill(serve: Serve, tmp_path: Path) -> None:
    """tus-js-client, while the server is killed and started again under it."""
    assert MODULES.is_dir(), "needs `make tests/node/node_modules/.package-lock.json`"
    server, people = await serve()
    alice = await people.person("alice")
    content = random.Random(1).randbytes(3_000_000)
    file = tmp_path / "large.bin"
    file.write_bytes(content)
    client = await asyncio.create_subprocess_exec(
        NODE, str(CLIENT), f"{server.url}/files/tus", alice.token, str(file), "500000",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert client.stdout is not None
    killed = False
    told: dict[str, Any] = {}
    async with asyncio.timeout(60):
        async for line in client.stdout:
            told = json.loads(line)
            if not killed and told.get("sent", 0) > 1_000_000:
                killed = True
                await server.kill()
                await server.start()
        assert await client.wait() == 0
    assert killed
    assert (await ask(alice, "GET", f"/files/{told['fileId']}/x")).body == content
