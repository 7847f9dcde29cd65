"""Uploads that can be gone on with after a lost connection: tus 1.0, creation and expiration.

What has come is in a file of its own; its length is the offset. The answer to the last part has
the header `File-Id`, and so has HEAD from then on. See https://tus.io/protocols/resumable-upload.
"""

import base64
import binascii
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import formatdate
from functools import partial
from pathlib import Path

from aiohttp import web

from backend.files.incoming import Incoming, hash_file
from backend.files.intake import Described, described, storing, take_in
from backend.files.services import Files
from backend.files.storage import sync
from backend.files.upload import body_of
from backend.http.origin import PREFLIGHT
from backend.protocol.errors import Code, Refused
from backend.protocol.http.tus import NUMBER, PART_TYPE, VERSION
from backend.store import uploads
from backend.store.engine.db import Db
from backend.store.log import now_ms
from backend.store.uploads import UploadRow

LIVES_MS = 86_400_000  # after the last part of it came


class Locked(web.HTTPClientError):
    """Somebody else writes to the upload (RFC 4918, 11.3)."""

    status_code = 423


async def options(files: Files, request: web.Request) -> web.Response:
    """What this server can of the protocol; and whether a page may ask it."""
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,expiration",
        "Tus-Max-Size": str(files.settings.max_file_bytes),
    }
    return _answer(204, PREFLIGHT | headers)


async def create(files: Files, request: web.Request) -> web.Response:
    """Promise a file of `Upload-Length` bytes; its address is the `Location`."""
    _check_version(request)
    identity = await files.identities.require_live(request)
    size = _number(request, "Upload-Length")
    files.check_size(size)
    files.uploads.check(str(identity.user_id))
    files.uploads.count(str(identity.user_id))
    about = _metadata(request.headers.get("Upload-Metadata", ""))
    row = UploadRow(
        secrets.token_urlsafe(24), identity.user_id, about.name, size, about.duration_ms,
        about.waveform, None, now_ms() + LIVES_MS,
    )  # fmt: skip

    def promise(db: Db) -> None:
        files.check_room(row.owner_id, files.taken(db, row.owner_id) + size)
        uploads.create(db, row)

    with storing():
        await files.threads.run(partial(path_of(files, row.id).touch, 0o600))
    await files.database.write(promise)
    place = f"{files.settings.api_prefix}/files/tus/{row.id}"
    return _answer(201, {"Location": place, "Upload-Expires": _expiry(row)})


async def head(files: Files, request: web.Request) -> web.Response:
    """How much of it has come."""
    _check_version(request)
    row = await _find(files, request)
    offset = await _offset(files, row)
    if offset == row.size and row.file_id is None:  # the server was stopped just then
        async with _alone(files, row):
            row = await _finish(files, row)
    return _answer(200, _state(row, offset) | {"Upload-Length": str(row.size)})


async def patch(files: Files, request: web.Request) -> web.Response:
    """Take the next part, which begins where the last one ended."""
    _check_version(request)
    if request.content_type != PART_TYPE:
        raise web.HTTPUnsupportedMediaType(text=f"expected Content-Type {PART_TYPE}")
    row = await _find(files, request)
    async with _alone(files, row):
        offset = await _offset(files, row)
        if _number(request, "Upload-Offset") != offset:
            raise Refused(Code.CONFLICT, f"Upload-Offset: expected {offset}", "Upload-Offset")
        if row.file_id is None:
            offset = await _append(files, row, offset, request)
        if offset == row.size and row.file_id is None:
            row = await _finish(files, row)
    return _answer(204, _state(row, offset))


async def _append(files: Files, row: UploadRow, offset: int, request: web.Request) -> int:
    """Write what comes, which stays when it breaks off; gives the new offset."""
    if offset + (request.content_length or 0) > row.size:
        raise Refused(Code.TOO_LARGE, f"the file was to have {row.size} bytes")
    path = path_of(files, row.id)
    with storing():
        try:
            async with Incoming(files.storage.incoming, files.turns, path) as incoming:
                try:
                    async for piece in body_of(request):
                        if offset + incoming.size + len(piece) > row.size:
                            raise Refused(Code.TOO_LARGE, f"the file was to have {row.size} bytes")
                        await incoming.add(piece)
                finally:
                    await incoming.finish()
        finally:
            await files.threads.run(partial(sync, path))
    await files.database.write(lambda db: uploads.prolong(db, row.id, now_ms() + LIVES_MS))
    return offset + incoming.size


async def _finish(files: Files, row: UploadRow) -> UploadRow:
    """Make a file of what has come; what may not be one is forgotten."""
    path = path_of(files, row.id)
    about = Described(row.name, row.duration_ms, row.waveform)
    try:
        with storing():
            sha256 = await files.threads.run(partial(hash_file, path))
            file = await take_in(files, row.owner_id, path, sha256, about)
    except Refused as refused:
        if refused.code is not Code.UNAVAILABLE:
            await files.database.write(lambda db: uploads.remove(db, [row.id]))
            path.unlink(missing_ok=True)
        raise
    await files.database.write(lambda db: uploads.became(db, row.id, file.id))
    return row._replace(file_id=file.id)


async def _find(files: Files, request: web.Request) -> UploadRow:
    identity = await files.identities.require_live(request)
    upload_id = request.match_info["upload"]
    row = await files.database.read(lambda db: uploads.find(db, identity.user_id, upload_id))
    if row is None or row.expires_at < now_ms():
        raise Refused(Code.NOT_FOUND, "no such upload")
    return row


@asynccontextmanager
async def _alone(files: Files, row: UploadRow) -> AsyncIterator[None]:
    """Nobody else writes to this upload meanwhile."""
    if row.id in files.busy:
        raise Locked(text="this upload is being written to")
    files.busy.add(row.id)
    try:
        yield
    finally:
        files.busy.discard(row.id)


def path_of(files: Files, upload_id: str) -> Path:
    """Where what has come of an upload is."""
    return files.storage.incoming / f"{upload_id}.tus"


async def _offset(files: Files, row: UploadRow) -> int:
    if row.file_id is not None:
        return row.size
    try:
        return (await files.threads.run(path_of(files, row.id).stat)).st_size
    except FileNotFoundError:
        raise Refused(Code.NOT_FOUND, "no such upload") from None


def _check_version(request: web.Request) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise web.HTTPPreconditionFailed(
            text=f"expected Tus-Resumable: {VERSION}", headers={"Tus-Version": VERSION}
        )


def _number(request: web.Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not re.fullmatch(NUMBER, text):
        raise Refused(Code.INVALID_REQUEST, f"{name}: expected a number of bytes", name)
    return int(text)


def _metadata(header: str) -> Described:
    """What Upload-Metadata says: keys with values in base64, separated by commas."""
    found: dict[str, str] = {}
    for pair in header.split(","):
        key, _, encoded = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, ValueError):
            text = "Upload-Metadata: expected values in base64"
            raise Refused(Code.INVALID_REQUEST, text, "Upload-Metadata") from None
    return described(found.get("filename", ""), found.get("duration_ms"), found.get("waveform"))


def _state(row: UploadRow, offset: int) -> dict[str, str]:
    state = {"Upload-Offset": str(offset), "Upload-Expires": _expiry(row)}
    return state if row.file_id is None else {**state, "File-Id": str(row.file_id)}


def _expiry(row: UploadRow) -> str:
    return formatdate(row.expires_at / 1000, usegmt=True)


def _answer(status: int, headers: dict[str, str]) -> web.Response:
    return web.Response(status=status, headers={"Tus-Resumable": VERSION, **headers})
