"""What a file is, told from its first bytes: names and headers are whatever somebody wrote.

Only what a page shows by itself has a type here; all else is plain text or just bytes. A list of
our own, as it decides what is shown in the origin: libraries know hundreds of types, guess by
weaker signs, and the one that is well kept (puremagic 2) needs a newer Python than this server.
"""

import re

HEAD = 64 * 1024  # bytes that are looked at

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"})
PLAIN = "text/plain"
UNKNOWN = "application/octet-stream"

STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
)
RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
BRANDS = {
    b"avif": "image/avif", b"avis": "image/avif",
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
}  # fmt: skip
MOVIE_BRANDS = re.compile(rb"iso[m2-9]|mp4[12]|avc1|M4V |dash|MSNV|3g[p2].")
MPEG_AUDIO = re.compile(rb"\xff[\xf2\xf3\xfa\xfb][^\xf0-\xff]", re.DOTALL)  # layer III, a bitrate
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def sniff(head: bytes) -> str:
    """The media type of a file that begins with these bytes (HEAD of them, or all there are)."""
    for start, mime_type in STARTS:
        if head.startswith(start):
            return mime_type
    if head[:4] == b"RIFF" and head[8:12] in RIFF:
        return RIFF[head[8:12]]
    if head[4:8] == b"ftyp":
        return _movie(head)
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return _matroska(head)
    if head[:4] == b"OggS":
        return "video/ogg" if b"\x80theora" in head[:256] else "audio/ogg"
    if MPEG_AUDIO.match(head):
        return "audio/mpeg"
    return PLAIN if _is_text(head) else UNKNOWN


def kind_of(mime_type: str) -> str:
    """What a conversation's files are sorted by: `picture`, `video`, `audio` or `file`."""
    if mime_type in PICTURES:
        return "picture"
    family = mime_type.partition("/")[0]
    return family if family in {"video", "audio"} else "file"


def _movie(head: bytes) -> str:
    """An ISO base media file: by its brand, and by its tracks when they stand at its beginning."""
    brand = head[8:12]
    if brand in BRANDS:
        return BRANDS[brand]
    if not MOVIE_BRANDS.fullmatch(brand):
        return UNKNOWN
    return "audio/mp4" if b"soun" in head and b"vide" not in head else "video/mp4"


def _matroska(head: bytes) -> str:
    """WebM, which recorders write voice in, too: by its tracks' codecs."""
    if b"webm" not in head[:64]:
        return UNKNOWN
    is_voice = (b"A_OPUS" in head or b"A_VORBIS" in head) and b"V_" not in head[:1024]
    return "audio/webm" if is_voice else "video/webm"


def _is_text(head: bytes) -> bool:
    """Whether it is UTF-8 without control characters; a character may be cut at the end."""
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if len(head) < HEAD or error.start < len(head) - 3:
            return False
        text = head[: error.start].decode()
    return bool(text) and NOT_TEXT.search(text) is None
