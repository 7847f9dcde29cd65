"""Files over HTTP in parts, by the tus protocol: https://tus.io/protocols/resumable-upload."""

from typing import Annotated, Literal

from msgspec import Meta

from backend.protocol.errors import Code
from backend.protocol.http.endpoint import (
    Answer,
    Content,
    Endpoint,
    Parameter,
    Problem,
    Who,
)
from backend.protocol.http.files import FULL, NO_ROOM, TOO_MANY

VERSION = "1.0.0"
PART_TYPE = "application/offset+octet-stream"
NUMBER = r"\d{1,15}"

Bytes = Annotated[str, Meta(pattern=f"^{NUMBER}$")]
UPLOADED = Parameter("upload", "path", "from the `Location` of `POST /files/tus`", str, True)
RESUMABLE = Parameter("Tus-Resumable", "header", f"`{VERSION}`", Literal["1.0.0"], required=True)
LENGTH = Parameter("Upload-Length", "header", "how many bytes it will have", Bytes, True)
METADATA = Parameter(
    "Upload-Metadata",
    "header",
    "`filename`, `duration_ms`, `waveform`, each with its value in base64, with commas between",
)
OFFSET = Parameter("Upload-Offset", "header", "where the part begins", Bytes, True)

OTHER_VERSION = Problem(Code.INVALID_REQUEST, f"`Tus-Resumable` is not `{VERSION}`", 412)
NO_UPLOAD = Problem(Code.NOT_FOUND, "no such upload, or somebody else's, or it has expired")
LOCKED = Problem(Code.INVALID_REQUEST, "another part is being written", 423)
REFUSED = Problem(Code.INVALID_REQUEST, "it is whole, and not one of `ALLOWED_FILE_TYPES`")
STATE = ("Tus-Resumable", "Upload-Offset", "Upload-Expires", "File-Id")
ABILITIES = Answer(204, headers=("Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size"))

ABOUT = Endpoint(
    name="tus_options",
    method="OPTIONS",
    path="/files/tus",
    says="What this server can of the protocol: `creation` and `expiration`.",
    example="curl -i -X OPTIONS localhost:8000/files/tus",
    answers=(ABILITIES,),
    reads_database=False,
)
CREATE = Endpoint(
    name="tus_create",
    method="POST",
    path="/files/tus",
    says="Promise a file; its address is the `Location`. It is kept for a day after its last part.",
    example="""curl -i -b jar -X POST localhost:8000/files/tus \\
  -H 'Tus-Resumable: 1.0.0' -H 'Upload-Length: 11' -H 'Upload-Metadata: filename Y2F0LnR4dA=='""",
    who=Who.LOGGED_IN,
    parameters=(RESUMABLE, LENGTH, METADATA),
    answers=(Answer(201, headers=("Location", "Tus-Resumable", "Upload-Expires")),),
    problems=(
        OTHER_VERSION,
        Problem(Code.INVALID_REQUEST, "`Upload-Length` or `Upload-Metadata` cannot be read"),
        FULL,
        TOO_MANY,
        NO_ROOM,
    ),
)
ABOUT_UPLOAD = Endpoint(
    name="tus_upload_options",
    method="OPTIONS",
    path="/files/tus/{upload}",
    says="The same as for `/files/tus`.",
    example="curl -i -X OPTIONS localhost:8000/files/tus/$UPLOAD",
    parameters=(UPLOADED,),
    answers=(ABILITIES,),
    reads_database=False,
)
STATUS = Endpoint(
    name="tus_status",
    method="HEAD",
    path="/files/tus/{upload}",
    says="How much of it has come; once it is whole, with its `File-Id`.",
    example="curl --head -b jar -H 'Tus-Resumable: 1.0.0' localhost:8000/files/tus/$UPLOAD",
    who=Who.LOGGED_IN,
    parameters=(UPLOADED, RESUMABLE),
    answers=(Answer(200, headers=("Upload-Length", *STATE)),),
    problems=(OTHER_VERSION, NO_UPLOAD, LOCKED, REFUSED, FULL, NO_ROOM),
)
PART = Endpoint(
    name="tus_part",
    method="PATCH",
    path="/files/tus/{upload}",
    says="""Send the next part, which begins where the last one ended.

What came of a part that breaks off stays. The answer to the last part has the `File-Id`.""",
    example="""curl -i -b jar -X PATCH localhost:8000/files/tus/$UPLOAD \\
  -H 'Tus-Resumable: 1.0.0' -H 'Upload-Offset: 0' \\
  -H 'Content-Type: application/offset+octet-stream' -d 'Hello, Bob'""",
    who=Who.LOGGED_IN,
    parameters=(UPLOADED, RESUMABLE, OFFSET),
    body=(Content(PART_TYPE),),
    answers=(Answer(204, headers=STATE),),
    problems=(
        OTHER_VERSION,
        Problem(Code.INVALID_REQUEST, f"`Content-Type` is not `{PART_TYPE}`", 415),
        Problem(Code.INVALID_REQUEST, "`Upload-Offset` is no number, or the part broke off"),
        Problem(Code.CONFLICT, "`Upload-Offset` is not where the last part ended"),
        NO_UPLOAD,
        LOCKED,
        REFUSED,
        Problem(Code.TOO_LARGE, "it would be longer than its `Upload-Length`"),
        FULL,
        NO_ROOM,
    ),
)

ENDPOINTS = (ABOUT, CREATE, ABOUT_UPLOAD, STATUS, PART)
