"""From a file that has come in to one its owner may send: what it is, its pictures, its place."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

import msgspec
from msgspec import Meta

from backend.files.incoming import hash_file, head_of
from backend.files.names import clean_name
from backend.files.pictures import Picture
from backend.files.services import Files
from backend.files.sniff import PICTURES, UNKNOWN, kind_of, sniff
from backend.logs import Journal
from backend.protocol.errors import Code, Refused
from backend.store import files as store
from backend.store.engine.db import Db
from backend.store.files import FileRow, NewFile

MAX_WAVEFORM = 100
MAX_DURATION_MS = 7 * 86_400_000
CLAIM_TRIES = 100
CLAIM_PAUSE = 0.05
SMALL_PICTURES = ("thumbnail", "512", "96")

journal = Journal("parley.files")


Duration = Annotated[int, Meta(ge=0, le=MAX_DURATION_MS)]
Waveform = Annotated[list[Annotated[int, Meta(ge=0, le=100)]], Meta(max_length=MAX_WAVEFORM)]
T = TypeVar("T")


class Described(NamedTuple):
    """What the uploader says of a file: its name, and of sound how long and how loud it is."""

    name: str
    duration_ms: int | None
    waveform: str | None


def described(name: str, duration_ms: str | None, waveform: str | None) -> Described:
    """The same from texts; `waveform` is numbers 0 to 100, separated by commas."""
    loudness = _read("waveform", waveform.strip("[] ").split(","), Waveform) if waveform else None
    return Described(
        clean_name(name),
        _read("duration_ms", duration_ms, Duration) if duration_ms else None,
        msgspec.json.encode(loudness).decode() if loudness else None,
    )


def _read(field: str, value: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(Code.INVALID_REQUEST, f"{field}: {error}", field) from None


@contextmanager
def storing() -> Iterator[None]:
    """Let a fault of the disk or the bucket be a refusal that says so."""
    try:
        yield
    except OSError as error:
        journal.error("file_not_stored", "a file cannot be stored: %(reason)s", reason=error)
        text = f"the file cannot be stored now: {error.strerror or 'storage fails'}"
        raise Refused(Code.UNAVAILABLE, text) from error


async def take_in(
    files: Files, owner_id: int, path: Path, sha256: str, about: Described
) -> FileRow:
    """Make what lies at `path` a file of the user's, not yet sent; `path` may be gone then.

    Raises Refused: too_large, invalid_request for a type that is not allowed, unavailable.
    """
    mime_type = sniff(await files.threads.run(partial(head_of, path)))
    if not any(fnmatchcase(mime_type, each) for each in files.settings.allowed_file_types):
        text = f"files of the type {mime_type} are not allowed here"
        raise Refused(Code.INVALID_REQUEST, text, "file")
    with storing(), tempfile.TemporaryDirectory(".part", dir=files.storage.incoming) as name:
        folder = Path(name)
        picture = None
        if mime_type in PICTURES:
            picture = await files.pictures.look(path, folder, mime_type)
            if picture is None or picture.changed:
                sha256 = await files.threads.run(partial(hash_file, path))
            if picture is None:  # what it tells of a place is not known: it is not shown
                mime_type = UNKNOWN
        small = await _small_ones(files, folder, picture)
        new = _new_file(owner_id, path, mime_type, about, picture, [sha256, *(s for s, _ in small)])
        return await _place(files, new, [(sha256, path), *small])


async def _small_ones(
    files: Files, folder: Path, picture: Picture | None
) -> list[tuple[str, Path]]:
    """The small pictures that were made, with their hashes, in the order of SMALL_PICTURES."""
    if picture is None or picture.width is None:
        return []
    paths = [folder / f"{name}.webp" for name in SMALL_PICTURES]
    return [(await files.threads.run(partial(hash_file, path)), path) for path in paths]


def _new_file(
    owner_id: int,
    path: Path,
    mime_type: str,
    about: Described,
    picture: Picture | None,
    hashes: list[str],
) -> NewFile:
    kind = kind_of(mime_type)
    if kind == "picture" and len(hashes) == 1:  # too large, broken or slow to decode
        kind = "file"
    has_sound = kind in {"audio", "video"}
    thumbnail, square, small = hashes[1:] or (None, None, None)
    return NewFile(
        owner_id=owner_id,
        name=about.name,
        mime_type=mime_type,
        kind=kind,
        size=path.stat().st_size,
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        duration_ms=about.duration_ms if has_sound else None,
        waveform=about.waveform if has_sound else None,
        sha256=hashes[0],
        thumbnail=thumbnail,
        square=square,
        small=small,
    )


async def _place(files: Files, new: NewFile, found: list[tuple[str, Path]]) -> FileRow:
    """Claim the bytes, put them in their place, and only then let the file be seen."""
    file_id = await _claim(files, new)
    for sha256, path in found:
        await files.storage.keep(path, sha256)
    row = await files.database.write(lambda db: store.arrived(db, file_id))
    if row is None:
        raise Refused(Code.UNAVAILABLE, "the file took too long to store, try again")
    return row


async def _claim(files: Files, new: NewFile) -> int:
    def claim(db: Db) -> int | None:
        files.check_room(new.owner_id, files.taken(db, new.owner_id) + new.size)
        return store.begin(db, new)

    for _ in range(CLAIM_TRIES):
        file_id = await files.database.write(claim)
        if file_id is not None:
            return file_id
        await asyncio.sleep(CLAIM_PAUSE)  # the same bytes are just being removed
    raise Refused(Code.UNAVAILABLE, "the file cannot be stored now, try again")
