"""Looks at one picture, in a process of its own that may use so much memory and time.

    python pictures_worker.py PICTURE FOLDER FORMAT

Takes the position out of PICTURE's metadata, in place, then makes thumbnail.webp, 512.webp and
96.webp in FOLDER, and prints a line of JSON after each of the two: whether the file was changed,
and its size in pixels as it is seen. A picture that cannot be read ends it with an error.
"""

import json
import os
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

MEMORY = 1024**3
CPU_SECONDS = 10
OUTPUT = 128 * 1024**2
MAX_PIXELS = 64_000_000
THUMBNAIL = 640
SQUARES = (512, 96)
DRAFT = 1024  # JPEGs are decoded at a fraction of their size, as long as it is above this

GPS = 0x8825  # Exif 2.32: the tag that points to the position
ORIENTATION = 0x0112
SIDEWAYS = frozenset({5, 6, 7, 8})


def limit() -> None:
    """Let the system end this process when it takes more than it may."""
    os.umask(0o077)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415

        os.nice(10)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))


if __name__ == "__main__":
    limit()

from PIL import Image, ImageOps  # noqa: E402  (under the limits, too)

Image.MAX_IMAGE_PIXELS = None  # bounded below, once JPEGs are told how small they will do


def main(picture: Path, folder: Path, format_: str) -> None:
    """Do both steps."""
    print(json.dumps({"changed": forget_position(picture, format_)}), flush=True)
    print(json.dumps(render(picture, folder, format_)), flush=True)


def render(picture: Path, folder: Path, format_: str) -> dict[str, int]:
    """Make the small pictures; gives the size of the large one as it is seen."""
    with Image.open(picture, formats=[format_]) as image:
        width, height = image.size
        image.draft("RGB", (DRAFT, DRAFT))
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        turned = image.getexif().get(ORIENTATION, 1) in SIDEWAYS
        colours = image.info.get("icc_profile") if image.mode in {"RGB", "RGBA"} else None
        plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
    seen = ImageOps.exif_transpose(plain)
    for side in SQUARES:
        square = ImageOps.fit(seen, (side, side), Image.Resampling.LANCZOS)
        square.save(folder / f"{side}.webp", quality=85, icc_profile=colours)
    seen.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    seen.save(folder / "thumbnail.webp", quality=80, icc_profile=colours)
    return {"width": height, "height": width} if turned else {"width": width, "height": height}


def forget_position(picture: Path, format_: str) -> bool:
    """Overwrite the metadata that tells a position, by as many bytes; gives if there was any.

    Raises ValueError when it could not be found where it stands.
    """
    secrets = _secrets(picture, format_)
    if not secrets:
        return False
    content = bytearray(picture.read_bytes())
    for old, new in secrets.items():
        if old not in content:
            raise ValueError("the position cannot be taken out")
        content = content.replace(old, new.ljust(len(old), b"\0" if new else b" "))
    if format_ == "PNG":
        _sign_chunks(content)
    picture.write_bytes(content)
    if _secrets(picture, format_):
        raise ValueError("the position cannot be taken out")
    return True


def _secrets(picture: Path, format_: str) -> dict[bytes, bytes]:
    """The blocks of metadata that tell a position, and what may stand there instead."""
    found = {}
    with Image.open(picture, formats=[format_]) as image:
        is_many = image.format == "MPO"  # a camera's JPEG with a second one behind it
        for frame in range(getattr(image, "n_frames", 1) if is_many else 1):
            image.seek(frame)
            block = bytes(image.info.get("exif", b"")).removeprefix(b"Exif\0\0")
            if format_ == "PNG":  # where it may stand behind the pixels
                block = _exif_chunk(picture.read_bytes())
            exif = Image.Exif()
            exif.load(block)
            if exif.get_ifd(GPS):
                found[block] = _only_orientation(exif.get(ORIENTATION, 1))
            xmp = image.info.get("xmp", b"")
            if b"GPS" in xmp:
                found[bytes(xmp)] = b""
    return found


def _only_orientation(orientation: int) -> bytes:
    """The smallest Exif block that says how a picture is turned (TIFF 6.0, section 2)."""
    return struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, ORIENTATION, 3, 1, orientation, 0, 0)


def _chunks(content: bytes | bytearray) -> Iterator[tuple[int, int]]:
    """Where the name of each chunk of a PNG begins, and where its data ends."""
    at = 8
    while at + 12 <= len(content):
        end = at + 8 + int.from_bytes(content[at : at + 4], "big")
        if end + 4 <= len(content):  # it may be cut off
            yield at + 4, end
        at = end + 4


def _exif_chunk(content: bytes) -> bytes:
    """The metadata of a PNG; empty for none."""
    blocks = (content[at:end] for at, end in _chunks(content))
    return next((block[4:] for block in blocks if block.startswith(b"eXIf")), b"")


def _sign_chunks(content: bytearray) -> None:
    """Make the checksum of every chunk of a PNG right again."""
    for at, end in _chunks(content):
        content[end : end + 4] = zlib.crc32(content[at:end]).to_bytes(4, "big")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
