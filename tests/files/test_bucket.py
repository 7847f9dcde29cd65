"""Files in a bucket: against a server that speaks S3's protocol, from PyPI."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from backend.files.bucket import Bucket
from tests.files.pictures import picture
from tests.files.test_incoming import all_of, kept
from tests.files.uploading import ask, uploaded
from tests.guarantees.conftest import Serve
from tests.guarantees.waiting import eventually
from tests.support.acts import direct

pytestmark = pytest.mark.process

KEYS = {
    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1",
    "AWS_ALLOW_HTTP": "true",
}  # fmt: skip
START = (
    "from moto.server import ThreadedMotoServer as S; import time\n"
    "s = S(ip_address='127.0.0.1', port=0, verbose=False); s.start()\n"
    "print(s.get_host_and_port()[1], flush=True); time.sleep(3600)"
)


@pytest.fixture
async def bucket() -> AsyncIterator[dict[str, str]]:
    """A server with an empty bucket; gives the environment that leads to it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-c", START,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(60):
        port = int(await process.stdout.readline())
    endpoint = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as http, http.put(f"{endpoint}/chat") as answer:
        assert answer.status == 200
    yield {**KEYS, "AWS_ENDPOINT": endpoint}
    process.kill()
    await process.wait()


async def test_what_was_written_is_read(
    tmp_path: Path, bucket: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept, read in parts, listed and taken away as in a folder."""
    for name, value in bucket.items():
        monkeypatch.setenv(name, value)
    storage = Bucket("s3://chat/files", tmp_path)
    content = bytes(range(256)) * 10_000
    sha256 = await kept(storage, content)
    assert list(tmp_path.iterdir()) == []
    assert await all_of(storage, sha256, 5, 2_000_000) == content[5:2_000_005]
    assert await storage.size(sha256) == len(content)
    assert [each async for each in storage.listed()] == [sha256]
    for _ in range(2):
        await storage.delete(sha256)
    assert await storage.size(sha256) is None
    with pytest.raises(FileNotFoundError):
        await all_of(storage, sha256, 0, 9)


async def test_a_server_with_a_bucket(serve: Serve, bucket: dict[str, str]) -> None:
    """Uploaded, sent, served in parts, and purged when its message is deleted."""
    server, people = await serve(FILES="s3://chat/files", PURGE_INTERVAL="0.2", **bucket)
    alice, bob = await people.person("alice"), await people.person("bob")
    a, b = await alice.connect(), await bob.connect()
    id_ = await direct(a, b)
    file = await uploaded(alice, picture(), "cat.png")
    sent = await a.do("send_message", conversation_id=id_, files=[file["id"]])
    assert (await ask(bob, "GET", file["url"])).body == picture()
    part = await ask(bob, "GET", file["url"], headers={"Range": "bytes=1-3"})
    assert (part.status, part.body) == (206, b"PNG")
    assert (await ask(bob, "GET", file["thumbnail"])).status == 200
    assert not (server.folder / ".data" / "files").exists()
    await a.do("delete_message", message_id=sent["id"])

    async def is_empty() -> bool:
        async with people.http.get(f"{bucket['AWS_ENDPOINT']}/chat?list-type=2") as answer:
            return "<KeyCount>0</KeyCount>" in await answer.text()

    await eventually(is_empty)


async def test_a_bucket_that_does_not_answer(serve: Serve) -> None:
    """The file is refused, and the chat goes on."""
    nowhere = {**KEYS, "AWS_ENDPOINT": "http://127.0.0.1:9"}
    _, people = await serve(FILES="s3://chat/files", **nowhere)
    alice = await people.person("alice")
    socket = await alice.connect()
    upload = asyncio.create_task(ask(alice, "POST", "/files?name=x", data=b"x"))
    assert (await socket.ask("ping"))["success"]
    reply = await upload
    assert reply.status == 503
    assert b"the file cannot be stored now" in reply.body
