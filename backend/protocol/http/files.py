"""Files over HTTP: uploading at once, reading, links."""

from typing import Annotated

from msgspec import Meta

from backend.protocol.errors import Code
from backend.protocol.http.endpoint import (
    Answer,
    Body,
    Content,
    Endpoint,
    Parameter,
    Problem,
    Who,
)
from backend.protocol.models import Attachment, Thing

ANY = "application/octet-stream"
FileId = Annotated[int, Meta(ge=1, le=10**16 - 1)]
DurationText = Annotated[str, Meta(pattern=r"^\d+$")]
Bytes = Annotated[str, Meta(extra_json_schema={"format": "binary"})]

ID = Parameter("id", "path", "the file's id", FileId, True, r"[1-9]\d{0,15}")
NAME = Parameter("name", "path", "any: the file is saved under the name it was uploaded with")
SIDE = Parameter("side", "path", "how wide and high, in pixels", int, True, "512|96")
TOKEN = Parameter("token", "query", "the token of a link, instead of being logged in")
RANGE = Parameter("Range", "header", "one range of bytes, such as `bytes=0-1023`")
IF_RANGE = Parameter("If-Range", "header", "an `ETag`: `Range` counts only for this very file")
IF_NONE_MATCH = Parameter("If-None-Match", "header", "an `ETag`: 304 for this very file")

FULL = Problem(
    Code.TOO_LARGE, "over `MAX_FILE_BYTES`, or with the others over `MAX_STORAGE_PER_USER`"
)
TOO_MANY = Problem(Code.RATE_LIMITED, "over `UPLOADS_PER_HOUR`")
NO_ROOM = Problem(Code.UNAVAILABLE, "the disk or the bucket does not take it")
NO_FILE = Problem(Code.NOT_FOUND, "there is none, or not for who asks; which, is not told")


class UploadForm(Body, frozen=True, kw_only=True):
    """A form. What describes the file comes before it; `waveform` is at most 100 numbers from 0 to
    100, with commas between.
    """

    duration_ms: DurationText | None = None
    waveform: str | None = None
    file: Bytes


class Link(Thing, frozen=True):
    """Paths that work for `expires_in` seconds without being logged in."""

    url: str
    thumbnail: str | None
    expires_in: int


UPLOAD = Endpoint(
    name="upload",
    method="POST",
    path="/files",
    says="""Upload a file at once, as a form or as the body itself.

As a form it has its name there, as the body itself in the query, as its duration and waveform.""",
    example="curl -b jar -F file=@cat.png localhost:8000/files",
    who=Who.LOGGED_IN,
    parameters=(
        Parameter("name", "query", "the file's name, when it is the body itself"),
        Parameter("duration_ms", "query", "of sound and video", DurationText),
        Parameter("waveform", "query", "at most 100 numbers from 0 to 100, with commas between"),
    ),
    body=(Content("multipart/form-data", (UploadForm,)), Content(ANY)),
    answers=(Answer(201, data=Attachment),),
    problems=(
        Problem(Code.INVALID_REQUEST, "no file, a form that cannot be read, or it broke off"),
        Problem(Code.INVALID_REQUEST, "it is not one of `ALLOWED_FILE_TYPES`"),
        FULL,
        TOO_MANY,
        NO_ROOM,
    ),
)
LINK = Endpoint(
    name="link_file",
    method="POST",
    path="/files/{id}/link",
    says="""Give addresses of a file that work without a cookie, for a tag such as `<img>`.

They work for five minutes, for as long as the session that asked lives and may read the file.""",
    example="curl -b jar -X POST localhost:8000/files/$ID/link",
    who=Who.LOGGED_IN,
    parameters=(ID,),
    answers=(Answer(200, data=Link),),
    problems=(NO_FILE,),
)


def _reading(name: str, path: str, media: str, says: str, example: str) -> Endpoint:
    """A route that answers with bytes."""
    own = tuple(each for each in (ID, NAME, SIDE) if f"{{{each.name}}}" in path)
    sent = ("ETag", "Accept-Ranges", "Cache-Control", "Content-Disposition")
    part = ("Content-Range", *sent)
    return Endpoint(
        name=name,
        method="GET",
        path=path,
        says=says,
        example=example,
        who=Who.LINKED,
        parameters=(*own, TOKEN, RANGE, IF_RANGE, IF_NONE_MATCH),
        answers=(
            Answer(200, "the whole", media=(media,), headers=sent),
            Answer(206, "the part that `Range` names", media=(media,), headers=part),
            Answer(304, "it is the one you have", headers=sent),
        ),
        problems=(
            NO_FILE,
            Problem(Code.INVALID_REQUEST, "`Range` is outside of the file", 416),
            Problem(Code.UNAVAILABLE, "the bytes cannot be read now"),
        ),
    )


READ_FILE = _reading(
    "get_file",
    "/files/{id}/{name}",
    "*/*",
    """A file, to who may read a message that has it or who uploaded it.

Looked up each time, now or as a member of that time.""",
    "curl -b jar localhost:8000/files/$ID/cat.png -o cat-again.png",
)
READ_THUMBNAIL = _reading(
    "get_thumbnail",
    "/thumbnails/{id}",
    "image/webp",
    "The small picture of a picture, at most 640 pixels wide and high, to the same people.",
    "curl -b jar localhost:8000/thumbnails/$ID -o cat.webp",
)
READ_AVATAR = _reading(
    "get_avatar",
    "/avatars/{id}/{side}",
    "image/webp",
    "A square picture that somebody has as an avatar now, to anybody logged in.",
    "curl -b jar localhost:8000/avatars/$AVATAR/96 -o alice.webp",
)

ENDPOINTS = (UPLOAD, READ_FILE, READ_THUMBNAIL, READ_AVATAR, LINK)
