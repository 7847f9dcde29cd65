"""A film made by hand: WebM with a grey picture each second, big enough to be read in pieces."""

import io
import struct

from PIL import Image

WIDTH, HEIGHT = 64, 48
PADDING = bytes(100_000)  # after each second, so that a browser does not read all of it at once


def grey(second: int) -> int:
    """How bright the picture of a second is, 0 to 255."""
    return second * 4


def film(seconds: int) -> bytes:
    """A film of so many seconds; the Matroska elements are in RFC 9559."""
    info = _element("2AD7B1", _number(1_000_000)) + _element(
        "4489", struct.pack(">d", seconds * 1e3)
    )
    picture = _element("B0", _number(WIDTH)) + _element("BA", _number(HEIGHT))
    track = _element("D7", _number(1)) + _element("73C5", _number(1)) + _element("83", _number(1))
    track += _element("86", b"V_VP8") + _element("E0", picture)
    head = _element("1549A966", info) + _element("1654AE6B", _element("AE", track))
    clusters = [_cluster(second) for second in range(seconds)]
    places = [0] * seconds
    at = len(head) + len(_cues(places))
    for second, cluster in enumerate(clusters):
        places[second] = at
        at += len(cluster)
    header = _element("4282", b"webm") + _element("4287", _number(2)) + _element("4285", _number(2))
    body = head + _cues(places) + b"".join(clusters)
    return _element("1A45DFA3", header) + _element("18538067", body)


def _cluster(second: int) -> bytes:
    block = b"\x81" + struct.pack(">hB", 0, 0x80) + _frame(grey(second))
    time = _element("E7", _number(second * 1000))
    return _element("1F43B675", time + _element("A3", block) + _element("EC", PADDING))


def _cues(places: list[int]) -> bytes:
    points = b"".join(
        _element(
            "BB",
            _element("B3", _number(second * 1000))
            + _element("B7", _element("F7", _number(1)) + _element("F1", _number(place))),
        )
        for second, place in enumerate(places)
    )
    return _element("1C53BB6B", points)


def _frame(level: int) -> bytes:
    """A key frame of VP8, which is what a lossy WebP is around (RFC 9649)."""
    file = io.BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT), (level, level, level)).save(file, "WEBP", quality=90)
    webp = file.getvalue()
    at = webp.index(b"VP8 ")
    (size,) = struct.unpack_from("<I", webp, at + 4)
    return webp[at + 8 : at + 8 + int(size)]


def _element(name: str, body: bytes) -> bytes:
    return bytes.fromhex(name) + (0x01 << 56 | len(body)).to_bytes(8, "big") + body


def _number(value: int) -> bytes:
    return value.to_bytes(8, "big")
