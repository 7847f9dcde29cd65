"""Pictures to try things with: made here, with a position in their metadata where one is asked."""

import io
import struct
import zlib

from PIL import Image

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
WITH_EXIF = ("JPEG", "PNG", "WEBP", "AVIF")
LATITUDE = (52.0, 31.0, 12.0)


def picture(format_: str = "PNG", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """The bytes of a picture, half of it red."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    written = io.BytesIO()
    image.save(written, format_, **options)
    return written.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Metadata with a position, and how the picture is turned."""
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010F] = "a camera"
    block.get_ifd(0x8825).update({1: "N", 2: LATITUDE, 3: "E", 4: LATITUDE})
    return block


def position_of(content: bytes) -> dict[int, object]:
    """The position a picture tells; empty for none."""
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return dict(image.getexif().get_ifd(0x8825))


def pixels_of(content: bytes) -> bytes:
    """What a picture shows."""
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGB").tobytes()


def bomb(side: int = 50_000) -> bytes:
    """A PNG of a few megabytes at most that says it is that many pixels on each side."""
    rows = zlib.compressobj(9)
    line = b"\0" * (side // 8 + 1)
    packed = b"".join(rows.compress(line) for _ in range(side)) + rows.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, data) for name, data in ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
