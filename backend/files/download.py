"""GET: a file, a thumbnail, an avatar, to who may see it; any part of it, and once only."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from aiohttp import web

from backend.auth.errors import invalid_login_token
from backend.files.services import Files
from backend.http.origin import answer_headers
from backend.logs import Journal
from backend.protocol.errors import Code, Refused
from backend.store import files as store
from backend.store import sessions
from backend.store.engine.db import Db
from backend.store.files import FileRow
from backend.store.sessions import Identity

STALL_SECONDS = 60.0  # a reader who takes nothing for so long is cut off
SHOWN = ("image/", "audio/", "video/", "application/pdf")
WEBP = "image/webp"

journal = Journal("parley.files")


class Content(NamedTuple):
    """What is served: bytes by their hash, what they are, and the name they are saved under."""

    sha256: str
    mime_type: str
    name: str


async def file(files: Files, request: web.Request) -> web.StreamResponse:
    """A file, to who may read a message that has it or who uploaded it."""
    row = await readable(files, request)
    return await _serve(files, request, Content(row.sha256, row.mime_type, row.name))


async def thumbnail(files: Files, request: web.Request) -> web.StreamResponse:
    """The small picture of a picture, to the same people."""
    row = await readable(files, request)
    if row.thumbnail is None:
        raise no_such_file()
    return await _serve(files, request, Content(row.thumbnail, WEBP, f"{row.name}.webp"))


async def avatar(files: Files, request: web.Request) -> web.StreamResponse:
    """An avatar that somebody has now, in one of its two sizes, to anybody logged in."""
    row = await _look_up(files, request, lambda db, me, row: row.use == "avatar")
    sha256 = row.square if request.match_info["side"] == "512" else row.small
    assert sha256 is not None, row
    return await _serve(files, request, Content(sha256, WEBP, "avatar.webp"))


async def readable(files: Files, request: web.Request) -> FileRow:
    """The file of the request's path; raises Refused alike if there is none or not for them."""
    return await _look_up(files, request, store.is_readable)


async def _look_up(
    files: Files, request: web.Request, may: Callable[[Db, int, FileRow], bool]
) -> FileRow:
    file_id = int(request.match_info["id"])
    identity = await _identify(files, request, file_id)

    def look_up(db: Db) -> tuple[bool, FileRow | None]:
        is_live = sessions.find_live(db, identity) is not None
        row = store.by_id(db, file_id)
        return is_live, row if row and may(db, identity.user_id, row) else None

    is_live, row = await files.database.read(look_up)
    if not is_live:
        raise invalid_login_token()
    if row is None:
        raise no_such_file()
    return row


async def _identify(files: Files, request: web.Request, file_id: int) -> Identity:
    """Who asks: by the token of a link to this very file, or as everywhere."""
    token = request.query.get("token")
    if token is None:
        return await files.identities.identify(request)
    return files.tokens.verify(token, audience=audience(file_id))


def audience(file_id: int) -> str:
    """What a link's token is good for."""
    return f"file:{file_id}"


def no_such_file() -> Refused:
    """There is none, or not for who asks."""
    return Refused(Code.NOT_FOUND, "no such file")


async def _serve(files: Files, request: web.Request, content: Content) -> web.StreamResponse:
    size = await files.storage.size(content.sha256)
    if size is None:
        text = "the bytes %(bytes)s of a file are not there"
        journal.error("file_missing", text, bytes=content.sha256)
        raise Refused(Code.UNAVAILABLE, "the file cannot be read now")
    etag = f'"{content.sha256}"'
    headers = answer_headers(request) | _headers(content, etag)
    if _is_known(request, etag):
        response = web.StreamResponse(status=304, headers=headers)
        await response.prepare(request)
        return response
    asked = _asked_part(request, size, etag)
    if asked is not None:
        headers["Content-Range"] = f"bytes {asked.start}-{asked.stop - 1}/{size}"
    if asked is not None and not asked:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
    part = range(size) if asked is None else asked
    response = web.StreamResponse(status=200 if asked is None else 206, headers=headers)
    response.content_length = len(part)
    await response.prepare(request)
    if request.method != "HEAD":
        await _send(files, request, response, content.sha256, part)
    return response


async def _send(
    files: Files, request: web.Request, response: web.StreamResponse, sha256: str, part: range
) -> None:
    """Write the bytes; who takes nothing for long is cut off, so that half is not taken for all."""
    try:
        async for piece in files.storage.read(sha256, part.start, len(part)):
            async with asyncio.timeout(STALL_SECONDS):
                await response.write(piece)
        await response.write_eof()
    except ConnectionError:  # the client is gone
        pass
    except OSError as error:  # also when it took too long
        text = "the file %(bytes)s was not served to its end: %(reason)s"
        journal.warning("file_cut_off", text, bytes=sha256, reason=error)
        if request.transport is not None:
            request.transport.abort()


def _headers(content: Content, etag: str) -> dict[str, str]:
    """Nothing a person uploads runs in the origin, whatever it says it is."""
    is_shown = content.mime_type.startswith(SHOWN)
    is_text = content.mime_type == "text/plain"
    name = quote(content.name, safe="")
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, immutable",
        "Content-Disposition": f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{name}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Type": f"{content.mime_type}; charset=utf-8" if is_text else content.mime_type,
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }


def _is_known(request: web.Request, etag: str) -> bool:
    """Whether the client has it already (RFC 9110, 13.1.2)."""
    known = request.if_none_match or ()
    return any(each.value in {etag.strip('"'), "*"} for each in known)


def _asked_part(request: web.Request, size: int, etag: str) -> range | None:
    """The bytes asked for, maybe none of these; None when all are (RFC 9110, 14.2)."""
    if "Range" not in request.headers or request.headers.get("If-Range", etag) != etag:
        return None
    try:
        return range(size)[request.http_range]
    except ValueError:  # not one range of bytes: to be ignored
        return None
