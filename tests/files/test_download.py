"""GET /files/{id}/{name}, /thumbnails, links: who gets what, and in which parts."""

import json
from urllib.parse import quote

import pytest

from tests.files.pictures import picture
from tests.files.uploading import ask, uploaded
from tests.support.shared import SharedTown

CONTENT = bytes(range(256)) * 2000


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-", 206, range(len(CONTENT))),
        ("bytes=0-0", 206, range(1)),
        ("bytes=1000-300999", 206, range(1000, 301_000)),
        ("bytes=-500", 206, range(len(CONTENT) - 500, len(CONTENT))),
        ("bytes=511999-9999999", 206, range(511_999, 512_000)),
        ("bytes=512000-", 416, range(0)),
        ("bytes=0-1,5-6", 200, range(len(CONTENT))),
        ("lines=1-2", 200, range(len(CONTENT))),
    ],
)
async def test_any_part_of_a_file(guests: SharedTown, asked: str, status: int, part: range) -> None:
    """As a player asks for it when somebody moves about in a video (RFC 9110, 14)."""
    alice = await guests.person("alice")
    told = await uploaded(alice, CONTENT, "video.bin")
    reply = await ask(alice, "GET", told["url"], headers={"Range": asked})
    assert reply.status == status
    if status == 206:
        first, last = part.start, part.stop - 1
        assert reply.headers["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    if status == 416:
        assert reply.headers["Content-Range"] == f"bytes */{len(CONTENT)}"
    else:
        assert reply.body == CONTENT[part.start : part.stop]


async def test_what_is_there_already_is_not_sent_again(guests: SharedTown) -> None:
    """By its tag; and a part is only sent of the version that is meant."""
    alice = await guests.person("alice")
    told = await uploaded(alice, CONTENT, "a.bin")
    etag = (await ask(alice, "GET", told["url"])).headers["ETag"]
    again = await ask(alice, "GET", told["url"], headers={"If-None-Match": f'"x", {etag}'})
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    assert again.headers["Cache-Control"] == "private, immutable"
    for tag, status in ((etag, 206), ('"x"', 200)):
        headers = {"Range": "bytes=0-9", "If-Range": tag}
        assert (await ask(alice, "GET", told["url"], headers=headers)).status == status
    head = await ask(alice, "HEAD", told["url"])
    assert (head.headers["Content-Length"], head.body) == (str(len(CONTENT)), b"")


@pytest.mark.parametrize(
    ("content", "name", "mime_type", "disposition"),
    [
        (picture(), "cat.png", "image/png", "inline"),
        (b"%PDF-1.7", "a.pdf", "application/pdf", "inline"),
        (b"<script>alert(1)</script>", "a.html", "text/plain; charset=utf-8", "attachment"),
        (b"<svg onload='alert(1)'/>", "cat.svg", "text/plain; charset=utf-8", "attachment"),
        (b"\0\1\2", "cat.png", "application/octet-stream", "attachment"),
        (b"hi", 'a"b;\u202e ü.txt', "text/plain; charset=utf-8", "attachment"),
    ],
)
async def test_nothing_that_is_uploaded_runs_here(
    guests: SharedTown, content: bytes, name: str, mime_type: str, disposition: str
) -> None:
    """The headers of every answer, whatever the file says it is."""
    alice = await guests.person("alice")
    told = await uploaded(alice, content, name)
    reply = await ask(alice, "GET", told["url"])
    found = {key: reply.headers[key] for key in reply.headers if key not in {"Date", "Etag"}}
    shown = quote(name.replace("\u202e", ""), safe="")
    assert found == {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, immutable",
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{shown}",
        "Content-Length": str(len(content)),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Type": mime_type,
        "Referrer-Policy": "no-referrer",
        "Server": reply.headers["Server"],
        "Vary": "Origin",
        "X-Content-Type-Options": "nosniff",
    }


async def test_a_thumbnail(guests: SharedTown) -> None:
    """A WebP; what is no picture has none."""
    alice = await guests.person("alice")
    told = await uploaded(alice, picture("JPEG", (1000, 500)), "cat.jpg")
    small = await ask(alice, "GET", told["thumbnail"])
    assert (small.status, small.headers["Content-Type"]) == (200, "image/webp")
    text = await uploaded(alice, b"text", "cat.txt")
    assert text["thumbnail"] is None
    assert (await ask(alice, "GET", f"/thumbnails/{text['id']}")).status == 404


async def test_strangers_see_what_is_not_there(guests: SharedTown) -> None:
    """The same answer as for a file that never was, on every path."""
    alice, bob = await guests.person("alice"), await guests.person("bob")
    told = await uploaded(alice, picture(), "cat.png")
    for path in (told["url"], told["thumbnail"], f"/avatars/{told['id']}/512"):
        there = await ask(bob, "GET", path)
        never = await ask(bob, "GET", path.replace(str(told["id"]), "999999999"))
        assert (there.status, there.body) == (never.status, never.body)
        assert there.status == 404
    assert (await ask(bob, "POST", f"/files/{told['id']}/link")).status == 404
    assert (await ask(alice, "GET", f"/avatars/{told['id']}/512")).status == 404


async def test_a_link_needs_no_token_of_ours(guests: SharedTown) -> None:
    """It is good for this one file, and for nothing else, until the session ends."""
    alice = await guests.person("alice")
    told = await uploaded(alice, picture(), "cat.png")
    other = await uploaded(alice, picture("GIF"), "dog.gif")
    reply = await ask(alice, "POST", f"/files/{told['id']}/link")
    link = json.loads(reply.body)
    assert link["expires_in"] == 300
    token = link["url"].partition("?token=")[2]

    async def status(path: str, **options: str) -> int:
        async with alice.http.get(f"{alice.url}{path}", headers=options) as response:
            return response.status

    assert await status(link["url"]) == 200
    assert await status(link["thumbnail"]) == 200
    assert await status(told["url"]) == 401
    assert await status(f"{other['url']}?token={token}") == 401
    assert await status("/auth/verify", Authorization=f"Bearer {token}") == 401
    assert await status(f"{told['url']}?token={alice.token}") == 401
    assert (await ask(alice, "POST", "/auth/logout")).status == 200
    assert await status(link["url"]) == 401
    assert (await ask(alice, "GET", told["url"])).status == 401
