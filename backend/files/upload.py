"""POST /files: a file at once, as a form (`curl -F file=@cat.jpg`) or as the body itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import NamedTuple, TypeVar

from aiohttp import BodyPartReader, ClientError, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from backend.files.incoming import Incoming
from backend.files.intake import Described, described, storing, take_in
from backend.files.services import Files
from backend.http.responses import answer
from backend.protocol.errors import Code, Refused
from backend.protocol.http.files import UPLOAD
from backend.views.file import attachment

T = TypeVar("T")

IDLE_SECONDS = 60.0
FIELDS = ("duration_ms", "waveform")
MAX_FIELD = 4096
MAX_PARTS = 8
PIECE = 64 * 1024


class Part(NamedTuple):
    """A file that is to be read: what is said of it, and its bytes."""

    about: Described
    pieces: AsyncIterator[bytes]


async def upload(files: Files, request: web.Request) -> web.Response:
    """Take a file in; the answer is the Attachment that a message would carry."""
    identity = await files.identities.require_live(request)
    owner_id = identity.user_id
    files.uploads.check(str(owner_id))
    files.uploads.count(str(owner_id))
    part = await _find_file(files, request)
    with storing():
        async with Incoming(files.storage.incoming, files.turns) as incoming:
            await receive(files, owner_id, incoming, part.pieces)
            row = await take_in(files, owner_id, incoming.path, await incoming.finish(), part.about)
    return answer(request, UPLOAD.ok, attachment(row))


async def receive(
    files: Files, owner_id: int, incoming: Incoming, pieces: AsyncIterator[bytes]
) -> None:
    """Write what comes in; it counts among the user's bytes meanwhile. Raises Refused, OSError."""
    taken = await files.database.read(lambda db: files.taken(db, owner_id))
    received = 0
    try:
        async for piece in pieces:
            received += len(piece)
            files.under_way[owner_id] += len(piece)
            files.check_size(received)
            files.check_room(owner_id, taken)
            await incoming.add(piece)
    finally:
        files.under_way[owner_id] -= received
        if not files.under_way[owner_id]:
            del files.under_way[owner_id]


async def _find_file(files: Files, request: web.Request) -> Part:
    """The file in a form, or the body itself; raises Refused without one."""
    if request.content_type != "multipart/form-data":
        files.check_size(request.content_length or 0)
        fields = {name: request.query.get(name) for name in FIELDS}
        name = request.query.get("name", "")
        return Part(described(name, **fields), body_of(request))
    try:
        reader = await request.multipart()
        return await _find_part(reader)
    except HttpProcessingError:  # of a part's own headers
        raise Refused(Code.INVALID_REQUEST, "the form cannot be read", "file") from None
    except (ClientError, ValueError, ConnectionError):
        raise _cut_off() from None


async def _find_part(reader: MultipartReader) -> Part:
    """The part named `file`; what describes it has to come before it."""
    fields: dict[str, str | None] = dict.fromkeys(FIELDS)
    for _ in range(MAX_PARTS):
        part = await _in_time(reader.next())
        if not isinstance(part, BodyPartReader):
            break
        if part.name == "file":
            return Part(described(part.filename or "", **fields), _pieces_of(part))
        value = await _in_time(part.read_chunk(MAX_FIELD))
        if part.name in fields:
            fields[part.name] = value.decode("utf-8", "replace")
        await _in_time(part.release())
    raise Refused(Code.INVALID_REQUEST, "file required: expected a form with a file", "file")


async def _pieces_of(part: BodyPartReader) -> AsyncIterator[bytes]:
    try:
        while piece := await _in_time(part.read_chunk(PIECE)):
            yield piece
    except (ClientError, ValueError, ConnectionError):
        raise _cut_off() from None


async def body_of(request: web.Request) -> AsyncIterator[bytes]:
    """The body of a request in pieces; raises Refused when it does not come to its end."""
    try:
        while piece := await _in_time(request.content.readany()):
            yield piece
    except (ClientError, web.RequestPayloadError, ConnectionError):
        raise _cut_off() from None


async def _in_time(coming: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(IDLE_SECONDS):
            return await coming
    except TimeoutError:
        raise _cut_off() from None


def _cut_off() -> Refused:
    return Refused(Code.INVALID_REQUEST, "the file did not come to its end", "file")
