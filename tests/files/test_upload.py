"""POST /files."""

import asyncio
import io
import json

import pytest
from aiohttp import FormData

from tests.files.pictures import picture
from tests.files.test_sniff import sound
from tests.files.uploading import ask, decoded, send_file, uploaded
from tests.guarantees.waiting import eventually
from tests.support.client import Person
from tests.support.server import Server
from tests.support.shared import SharedTown


async def test_a_picture_as_the_body(guests: SharedTown) -> None:
    """As a page sends it, so that it can show its progress."""
    alice = await guests.person("alice")
    told = await uploaded(alice, picture("PNG", (1280, 640)), "cat.png")
    id_ = told.pop("id")
    assert told.pop("created_at") > 0
    assert told == {
        "name": "cat.png", "mime_type": "image/png", "size": len(picture("PNG", (1280, 640))),
        "width": 1280, "height": 640, "duration_ms": None, "waveform": None,
        "thumbnail": f"/thumbnails/{id_}", "url": f"/files/{id_}/cat.png",
    }  # fmt: skip


async def test_a_form_as_curl_sends_it(guests: SharedTown) -> None:
    """`curl -F duration_ms=… -F file=@voice.wav`, with what describes the file before it."""
    alice = await guests.person("alice")
    form = FormData(quote_fields=False)
    form.add_field("duration_ms", "50")
    form.add_field("waveform", "0,50,100")
    form.add_field("file", sound(), filename="../voice.wav", content_type="text/html")
    reply = await ask(alice, "POST", "/files", data=form)
    told = json.loads(reply.body)
    assert (reply.status, told["name"], told["mime_type"]) == (201, "voice.wav", "audio/wav")
    assert (told["duration_ms"], told["waveform"], told["width"]) == (50, [0, 50, 100], None)
    assert (await ask(alice, "GET", told["url"])).body == sound()


async def test_a_large_form_comes_through(guests: SharedTown) -> None:
    """Larger than any buffer on its way."""
    alice = await guests.person("alice")
    content = bytes(range(256)) * 12_000
    form = FormData()
    form.add_field("file", io.BytesIO(content), filename="large.bin")
    reply = await ask(alice, "POST", "/files", data=form)
    told = json.loads(reply.body)
    assert (told["size"], told["mime_type"]) == (len(content), "application/octet-stream")
    assert (await ask(alice, "GET", told["url"])).body == content


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"waveform": "1,2,x"}, "waveform"),
        ({"waveform": "101"}, "waveform"),
        ({"waveform": ",".join(["1"] * 101)}, "waveform"),
        ({"duration_ms": "-1"}, "duration_ms"),
        ({"duration_ms": "soon"}, "duration_ms"),
    ],
)
async def test_what_is_said_of_a_file_is_checked(
    guests: SharedTown, query: dict[str, str], field: str
) -> None:
    """Numbers, not too many, in their bounds."""
    alice = await guests.person("alice")
    reply = await send_file(alice, sound(), "voice.wav", **query)
    assert (reply.status, json.loads(reply.body)["field"]) == (400, field)


async def test_a_form_without_a_file(guests: SharedTown) -> None:
    """It is said what was expected."""
    alice = await guests.person("alice")
    form = FormData()
    form.add_field("other", "x", filename="x")
    reply = await ask(alice, "POST", "/files", data=form)
    assert (reply.status, json.loads(reply.body)["field"]) == (400, "file")


async def test_strangers_may_not_upload(guests: SharedTown) -> None:
    """Nor pages of other origins."""
    alice = await guests.person("alice")
    async with alice.http.post(f"{alice.url}/files", data=b"x") as response:
        assert response.status == 401
    reply = await ask(
        alice, "POST", "/files", data=b"x", headers={"Origin": "https://evil.example"}
    )
    assert reply.status == 403


async def cut_off(person: Person, head: str, body: bytes) -> None:
    """Begin a request and hang up."""
    port = int(person.url.rpartition(":")[2])
    _, writer = await asyncio.open_connection("localhost", port)
    token = f"Authorization: Bearer {person.token}\r\n"
    writer.write(f"POST /files?name=half.bin HTTP/1.1\r\nHost: x\r\n{token}{head}\r\n".encode())
    writer.write(body)
    await writer.drain()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("head", ["Content-Length: 1000000\r\n", "Transfer-Encoding: chunked\r\n"])
async def test_half_a_file_is_no_file(guests: SharedTown, shared: Server, head: str) -> None:
    """Whoever hangs up before the end has uploaded nothing."""
    alice = await guests.person("alice")
    body = b"10000\r\n" + bytes(65536) + b"\r\n"
    await cut_off(alice, head, body)
    told = await uploaded(alice, b"after it", "next.txt")
    folder = shared.folder / ".data" / "files" / "incoming"
    assert (await ask(alice, "GET", f"/files/{told['id'] - 1}/half.bin")).status == 404

    async def is_swept() -> bool:
        return not list(folder.glob("*.part"))

    await eventually(is_swept)


async def test_a_form_that_cannot_be_read(guests: SharedTown) -> None:
    """A part whose own headers are broken is refused, and is no fault of ours."""
    alice = await guests.person("alice")
    form = b'--x\r\nContent-Disposition: form-data; name="\x1c"\r\n\r\n1\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    reply = await ask(alice, "POST", "/files", data=form, headers=headers)
    assert (reply.status, decoded(reply)["code"]) == (400, "invalid_request")
